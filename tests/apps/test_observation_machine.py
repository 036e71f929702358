"""Whatever is done in whatever order: every open file has an owner and a next due time."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from shouwang.journal.queries import broken_chains
from shouwang.journeys.escalate import escalate
from shouwang.kernel.errors import Refused
from shouwang.observation.actions import (
    CheckCommand,
    answer_alert,
    correct_check,
    end_file,
    extend_file,
    hand_over,
    open_files,
    release_file,
    restart_file,
    sign_day,
)
from shouwang.observation.models import DailyCheck, ObservationFile
from shouwang.observation.queries import open_alerts, verify_checks
from shouwang.workforce.models import Worker
from tests.apps.observing import (
    CADRE,
    DOCTOR,
    EVERYWHERE,
    VILLAGE,
    check,
    make_ground,
    new_file,
    pack_of,
    record,
    when,
)

pytestmark = pytest.mark.django_db


class Watching(RuleBasedStateMachine):
    """A village of three people, a clock that only goes forward, and everybody doing everything."""

    @initialize(hours=st.integers(0, 60))
    def begin(self, hours: int) -> None:
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.ground = make_ground(3)
        self.other = Worker.objects.create(area=VILLAGE, name="向书记", since=when(1)).id
        self.now = when(1, 0).astimezone(UTC) + timedelta(hours=hours)
        self.files: list[UUID] = []
        self.sent: list[CheckCommand] = []

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    @rule(minutes=st.integers(1, 60 * 40))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(who=st.integers(0, 2), back=st.one_of(st.none(), st.integers(-3, 30)))
    def found(self, who: int, back: int | None) -> None:
        returned = None if back is None else self.now.date() - timedelta(days=back)
        new = new_file(self.ground, self.ground.people[who], returned, at=self.now)
        self.files += open_files(files=[new], by=CADRE, at=self.now).files

    @rule(
        which=st.integers(0, 9),
        ago=st.integers(0, 60 * 50),
        deci=st.one_of(st.none(), st.integers(350, 400)),
        outcome=st.sampled_from(["done", "done", "not-home", "refused"]),
        reason=st.sampled_from(["", "补记"]),
    )
    def checked(self, which: int, ago: int, deci: int | None, outcome: str, reason: str) -> None:
        if not self.files:
            return
        done = outcome == "done"
        item = check(
            self._file(which),
            self.now - timedelta(minutes=ago),
            deci if done else None,
            outcome=outcome,
            seen="person" if done else "nobody",
            reason=reason,
        )
        receipt = record([item], self.now)[0]
        assert receipt.status == "recorded" or receipt.code
        self.sent.append(item)

    @rule(which=st.integers(0, 30))
    def sent_again(self, which: int) -> None:
        if self.sent:
            item = self.sent[which % len(self.sent)]
            before = DailyCheck.objects.unscoped("test").count()
            was = DailyCheck.objects.unscoped("test").filter(id=item.id).exists()
            record([item, item], self.now)
            assert DailyCheck.objects.unscoped("test").count() <= before + (0 if was else 1)

    @rule(which=st.integers(0, 30), deci=st.integers(350, 400))
    def corrected(self, which: int, deci: int) -> None:
        if self.sent:
            old = self.sent[which % len(self.sent)]
            item = check(old.file_id, old.taken_at, deci)
            with_refusal(
                lambda: correct_check(
                    check_id=old.id,
                    item=item,
                    reason="看错",
                    scope=EVERYWHERE,
                    pack_of=pack_of,
                    by=DOCTOR,
                    at=self.now,
                )
            )
            self.sent.append(item)

    @rule(which=st.integers(0, 9), days=st.integers(-3, 20))
    def extended(self, which: int, days: int) -> None:
        until = self.now.date() + timedelta(days=days)
        self._try(which, lambda f: extend_file(
            file_id=f, until=until, reason="同户确诊", scope=EVERYWHERE, by=CADRE, at=self.now))  # fmt: skip

    @rule(which=st.integers(0, 9), back=st.integers(-1, 3))
    def exposed_again(self, which: int, back: int) -> None:
        on: date = self.now.date() - timedelta(days=back)
        self._try(which, lambda f: restart_file(
            file_id=f, event="new-exposure", on=on, reason="接触", scope=EVERYWHERE, pack_of=pack_of,
            by=CADRE, at=self.now))  # fmt: skip

    @rule(which=st.integers(0, 9))
    def handed_over(self, which: int) -> None:
        self._try(which, lambda f: hand_over(
            file_ids=[f], to_owner=self.other, reason="换班", scope=EVERYWHERE, by=CADRE,
            at=self.now))  # fmt: skip

    @rule(which=st.integers(0, 9), back=st.integers(0, 2))
    def signed(self, which: int, back: int) -> None:
        day = self.now.date() - timedelta(days=back)
        self._try(which, lambda f: sign_day(file_id=f, day=day, scope=EVERYWHERE, by=CADRE, at=self.now))

    @rule(which=st.integers(0, 9))
    def released(self, which: int) -> None:
        self._try(which, lambda f: release_file(
            file_id=f, scope=EVERYWHERE, pack_of=pack_of, by=CADRE, at=self.now))  # fmt: skip

    @rule(which=st.integers(0, 9), state=st.sampled_from(["moved", "died", "transferred"]))
    def ended(self, which: int, state: str) -> None:
        self._try(which, lambda f: end_file(
            file_id=f, state=state, reason="r", scope=EVERYWHERE, by=CADRE, at=self.now))  # fmt: skip

    @rule()
    def ticked(self) -> None:
        escalate(by=CADRE, at=self.now)

    @rule()
    def answered(self) -> None:
        for alert in open_alerts(EVERYWHERE, limit=1):
            answer_alert(alert_id=alert.id, answer="排除", scope=EVERYWHERE, by=DOCTOR, at=self.now)

    @invariant()
    def every_open_file_has_an_owner_and_a_next_due_time(self) -> None:
        if not hasattr(self, "savepoint"):
            return
        still = ObservationFile.objects.unscoped("test").filter(state="open")
        assert not still.filter(owner__isnull=True).exists()
        assert not still.filter(next_due_at__isnull=True).exists()
        assert [p for p in verify_checks(self.now) if not p.ok] == []

    def _file(self, which: int) -> UUID:
        return self.files[which % len(self.files)]

    def _try(self, which: int, act: object) -> None:
        if self.files:
            with_refusal(lambda: act(self._file(which)))  # type: ignore[operator]


def with_refusal(act: object) -> None:
    """Do it; a refusal is an answer too, and leaves nothing behind."""
    try:
        with transaction.atomic():
            act()  # type: ignore[operator]
    except Refused:
        pass


def _run(examples: int, steps: int) -> None:
    machine = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Watching, settings=machine)
    assert broken_chains() == []


def test_whatever_is_done_every_open_file_has_an_owner_and_a_next_due_time() -> None:
    _run(examples=8, steps=20)


@pytest.mark.nightly
def test_whatever_is_done_for_long_every_open_file_has_an_owner_and_a_next_due_time() -> None:
    _run(examples=150, steps=30)
