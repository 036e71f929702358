"""Faults of every kind between phones and the server: nothing acknowledged is lost, nothing is there twice.

A Hypothesis state machine over the real client and the real server, with a bad line between them. The model knows
only what was done at the phones; everything else is asked of the phones and of the database.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, note, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from shouwang.accounts.actions import end_grant, grant_role
from shouwang.devices.actions import revoke_device
from shouwang.journal.queries import broken_chains
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.ids import uuid7
from tests.field_phone import Phone, a_check, a_visit, an_arrival, http_wire
from tests.journeys.fault_proxy import FAULTS, Fault
from tests.journeys.field_ground import OVER, READINGS, STORED, Ground, Held, a_ground, check_again, stands
from tests.journeys.field_world import EVERYTHING, FACTS

pytestmark = pytest.mark.django_db(transaction=True)
DEATHS = ("statement", "commit", "committed", "answer")
SELDOM = (*[""] * 20, "told", "without a word")
"""Two of so many runs have a backup, and a restore at the latest when all is over: what costs most here."""
Check = tuple[int, int, int]
"""Which file, tenths of a degree (0: not at home), how many minutes ago."""
CHECKS = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from((365, 366, 372, 381, 0)), st.integers(0, 600)),
    min_size=1,
    max_size=3,
)


class Faults(RuleBasedStateMachine):
    """One or two doctors' phones, and a third that sends in any order it likes."""

    ground: Ground

    def __init__(self) -> None:
        super().__init__()
        self.world, self.ask = self.ground.world, self.ground.harness.ask
        self.phones: list[Held] = []
        self.files: list[UUID] = []
        self.lost: set[str] = set()
        """Commands of a phone whose browser threw them away before the server had them for good."""
        self.at_backup: set[str] | None = None
        """What the inbox held when the copy was made; None without one."""
        self.is_restored = False
        self.how_restored = ""
        self.is_granted = True
        self.gone: list[Held] = []
        """Devices whose phone was thrown away."""
        self.loose: Phone | None = None
        self.loose_done: dict[str, UUID] = {}
        self.kept: set[str] = set()
        """Ids that were seen quarantined, refused or in conflict at the server in this life of the database."""

    @initialize(
        both=st.sampled_from((False, False, True)),
        first=CHECKS,
        second=CHECKS,
        backed_up=st.sampled_from(SELDOM),
    )
    def begin(self, both: bool, first: list[Check], second: list[Check], backed_up: str) -> None:
        self.ground.met["runs"] += 1
        self.world.copy = ""
        self.world.proxy.quiet()
        self.user = self.world.user()
        self.files = [self.world.file(), self.world.file()]
        self.ground.renew()
        self.ask = self.ground.harness.ask
        self.phones = [self.ground.phone(self.user) for _ in range(1 + both)]
        for who, checks in enumerate((first, second)[: 1 + both]):
            self.record(who=who, checks=checks, hold=0)
        if backed_up:
            self._push(self.phones[0])
            self.world.back_up()
            self.ground.met["backed up"] += 1
            self.at_backup = set(self._stored())
            self.how_restored = backed_up

    # what people do

    @rule(who=st.integers(0, 1), checks=CHECKS, hold=st.sampled_from((0, 0, 8)))
    def record(self, who: int, checks: list[Check], hold: int) -> None:
        """Checks, or doors where nobody opened; perhaps one that can be taken back."""
        phone = self._phone(who)
        for file, deci, ago in checks:
            what = {"deci": deci} if deci else {"outcome": "not-home", "deci": None, "seen": "nobody"}
            payload = a_check(self.files[file], **what)
            at = (self.world.now() - timedelta(minutes=ago)).isoformat()
            told = self.ask("record", phone.name, kind="check", payload=payload, occurred_at=at, hold=hold)
            phone.done[told["id"]], phone.seqs[told["id"]] = self.files[file], told["seq"]

    @rule(
        who=st.integers(0, 1), kinds=st.lists(st.sampled_from(("visit", "arrival")), min_size=1, max_size=3)
    )
    def go_round(self, who: int, kinds: list[str]) -> None:
        """Doors of the round, and whoever comes to the post."""
        for kind in kinds:
            self._told(self._phone(who), self.world.door if kind == "visit" else self.world.post)

    @rule(who=st.integers(0, 1), which=st.integers(0, 5))
    def correct(self, who: int, which: int) -> None:
        """The thermometer was misread, it was another outcome: a correction names what it corrects."""
        phone = self._phone(who)
        if phone.done:
            wrong = sorted(phone.done)[which % len(phone.done)]
            self._told(phone, phone.done[wrong], corrects=wrong, reason="看错了")

    def _told(self, phone: Held, about: UUID, **more: Any) -> None:
        """The phone records a check of a file, a visit to the door or an arrival at the post."""
        kind, payload = "check", a_check(about, deci=368, **more)
        if about == self.world.door:
            kind, payload = "visit", a_visit(self.world.sweep, about, **more)
        elif about == self.world.post:
            kind, payload = "arrival", an_arrival(about, self.world.area, **more)
        told = self.ask("record", phone.name, kind=kind, payload=payload)
        phone.done[told["id"]], phone.seqs[told["id"]] = about, told["seq"]

    @rule(who=st.integers(0, 1))
    def undo(self, who: int) -> None:
        phone = self._phone(who)
        if self.ask("undo", phone.name):
            newest = max(phone.seqs, key=lambda one: phone.seqs[one])
            del phone.done[newest], phone.seqs[newest]

    # what the line does

    @rule(
        who=st.integers(0, 1),
        checks=CHECKS,
        faults=st.lists(st.sampled_from(FAULTS), min_size=1, max_size=3),
    )
    def sync(self, who: int, checks: list[Check], faults: list[Fault]) -> None:
        """The phone tries, and again until its requests have met these faults."""
        phone = self._phone(who)
        self.record(who=who, checks=checks, hold=0)
        self.world.proxy.next(*faults)
        for _ in faults:
            self._push(phone)
        self.world.proxy.next_is_good()
        self._acked_is_stored(phone)

    @rule(order=st.lists(st.integers(0, 5), min_size=1, max_size=3))
    def arrive_late(self, order: list[int]) -> None:
        """What the line had kept arrives, after what was sent later."""
        self.world.proxy.deliver_late(order)

    @rule(files=st.lists(st.integers(0, 1), min_size=2, max_size=5), order=st.randoms(use_true_random=False))
    def scatter(self, files: list[int], order: Any) -> None:
        """A phone whose commands arrive one by one in any order, the last not at all: the server knows its gaps."""
        if self.loose is None:
            self._may_work()
            self.loose = Phone(http_wire(self.world.proxy.url))
            assert self.loose.enrol(self.world.code(self.user)).status == 200
        self._loose_is_known()
        sent = [
            self.loose.record(
                "check", a_check(self.files[number], deci=366), self.world.now() - timedelta(minutes=number)
            )
            for number in files
        ]
        self.loose_done |= {one["id"]: self.files[number] for one, number in zip(sent, files, strict=True)}
        some = list(self.loose.outbox)
        order.shuffle(some)
        for one in some[1:]:
            answer = self.loose.send([one], self.world.now())
            assert answer.status == 200
            self.loose._take([one], answer.body)
        self._gaps_are_known(answer.body)

    # what dies

    @rule(who=st.integers(0, 1), checks=CHECKS, phase=st.sampled_from(DEATHS), count=st.integers(1, 20))
    def server_dies(self, who: int, checks: list[Check], phase: str, count: int) -> None:
        """kill -9 of the server somewhere in the work on a batch."""
        phone = self._phone(who)
        self.record(who=who, checks=checks, hold=0)
        self.world.nursery.again(phase, count if phase == "statement" else 1)
        is_cut_off = self._push(phone) == "offline"  # the phone knows it before whoever buries the server
        self.ground.met[f"died at {phase}"] += self.world.nursery.has_died(2 if is_cut_off else 0)
        self.world.nursery.again()
        self._acked_is_stored(phone)

    @rule(who=st.integers(0, 1), checks=CHECKS, how=st.sampled_from(("now", "die", "die-before")))
    def phone_dies(self, who: int, checks: list[Check], how: str) -> None:
        """The app is killed: at rest, when its request goes, when the answer comes."""
        phone = self._phone(who)
        self.record(who=who, checks=checks, hold=0)
        if how != "now":
            self.ask("fault", phone.name, faults=[how])
            self._push(phone)
            self.ask("fault", phone.name, faults=[])
        self.ask("kill", phone.name)

    @rule(who=st.integers(0, 1))
    def evict(self, who: int) -> None:
        """The browser throws the database away; what the server has not is gone, and the phone says so. It is enrolled
        again, as another device."""
        phone = self._phone(who)
        self.lost |= phone.done.keys() - self._stored().keys()
        dump = self.ask("dump", phone.name)  # what a backup holds is not in it any more
        waits = [one["id"] for one in dump["entries"] if one["state"] in ("waiting", "aside")]
        waits += [dump["held"]["id"]] if dump["held"] else []
        unsent = [phone.seqs[one] for one in waits if one in phone.seqs]
        self.ask("evict", phone.name)
        losses = self.ask("dump", phone.name)["state"]["losses"]
        assert [loss["kind"] for loss in losses[-1:]] == ["database-lost"]
        if unsent:
            first, last = losses[-1]["unsent"]
            assert first <= min(unsent) <= max(unsent) <= last, "the phone names less than it lost"
        self.gone.append(phone)
        self._may_work()
        self.phones[who % len(self.phones)] = self.ground.enrolled(phone.name, self.user)
        self.ground.met["evicted"] += 1

    @precondition(lambda self: self.at_backup is not None)
    @rule(who=st.integers(0, 1), checks=CHECKS)
    def restore(self, who: int, checks: list[Check]) -> None:
        """The database of an earlier hour takes its place."""
        self.record(who=who, checks=checks, hold=0)
        self._push(self._phone(who))
        self._restore()

    def _restore(self) -> None:
        """By our command, or by other means and without a word."""
        assert self.at_backup is not None
        for phone in self.gone:  # what was thrown away no longer stands behind what the backup lacks
            self.lost |= phone.done.keys() - self.at_backup
        self.world.restore(told=self.how_restored == "told")
        self.ground.met["restored"] += 1
        self.is_restored, self.at_backup = True, None
        self.kept.clear()
        self._look_again()

    # what the office and the clock do

    @rule(who=st.integers(0, 1), luck=st.integers(0, 2))
    def revoke(self, who: int, luck: int) -> None:
        if luck:
            return
        device = self._phone(who).device
        revoke_device(device_id=device, reason="丢失", scope=EVERYTHING, by=SYSTEM, at=self.world.now())

    @rule(luck=st.integers(0, 2))
    def change_scope(self, luck: int) -> None:
        """The doctor's grant ends now and then, and begins again."""
        if self.is_granted and luck:
            return
        change = end_grant if self.is_granted else grant_role
        change(user_id=self.user, role="village-doctor", area=self.world.area, by=SYSTEM, at=self.world.now())
        self.is_granted = not self.is_granted

    @rule(who=st.integers(0, 1), minutes=st.sampled_from((-3000, -60, -3, 0, 3, 60, 3000)))
    def change_clock(self, who: int, minutes: int) -> None:
        self.ground.clock(self._phone(who).name, minutes * 60)

    @rule(minutes=st.integers(1, 30))
    def time_passes(self, minutes: int) -> None:
        self.world.clock.later(minutes * 60)
        for phone in self.phones:
            self.ask("clock", phone.name, advance_ms=minutes * 60_000)

    # what must hold

    @invariant()
    def kept_is_kept(self) -> None:
        """What was quarantined or refused stays, sealed, for a person."""
        if not self.files:
            return
        now = {one for one, (status, sealed, _) in self._stored().items() if status != "done" and sealed}
        assert self.kept <= now, "a kept command is gone"
        self.kept = now

    def teardown(self) -> None:
        """The line is good, nothing dies: every phone syncs, and everything is there once."""
        if not self.files:
            return
        self.world.proxy.quiet()
        if not self.world.nursery.pid:
            self.world.nursery.live()
        if self.at_backup is not None:
            self._restore()
        for phone in self.phones:
            self.ask("release", phone.name)
        for _ in range(2):
            for phone in self.phones:
                self._asked(phone, "check")
                self._push(phone)
            if self.loose:
                self._loose_is_known()
                assert self.loose.sync(self.world.now()).status == 200
        self._everything_is_there_once()
        for phone in self.phones:
            self._both_sides_agree(phone)
        self._order_does_not_matter()
        with (
            connection.cursor() as cursor
        ):  # or the list of every later doctor of the village grows with every run
            cursor.execute(OVER, [self.files])

    # how it is asked

    def _phone(self, who: int) -> Held:
        return self.phones[who % len(self.phones)]

    def _push(self, phone: Held) -> str:
        outcome = self._asked(phone, "push")
        self.ground.met[f"push {outcome}"] += 1
        note(f"{phone.name}: {outcome}")
        return outcome

    def _asked(self, phone: Held, op: str) -> str:
        """What an operation came to; a database of an hour before the phone was enrolled learns which device it was."""
        outcome: str = self.ask(op, phone.name, force=True)
        if outcome == "unknown-device":
            assert self.is_restored
            self._may_work()
            assert self.ground.enrolled(phone.name, self.user).device == phone.device
            outcome = self.ask(op, phone.name, force=True)
        return outcome

    def _may_work(self) -> None:
        """Whoever works nowhere is given no code for a phone."""
        if not self.is_granted:
            area, at = self.world.area, self.world.now()
            grant_role(user_id=self.user, role="village-doctor", area=area, by=SYSTEM, at=at)
            self.is_granted = True

    def _loose_is_known(self) -> None:
        """As the real client: a server restored to before it was enrolled is told which device it was."""
        assert self.loose is not None
        if self.is_restored and self.loose.state().status == 401:
            self._may_work()
            was = self.loose.device
            assert self.loose.enrol(self.world.code(self.user)).status == 200
            assert self.loose.device == was

    def _done(self) -> dict[str, UUID]:
        found = dict(self.loose_done)
        for phone in (*self.phones, *self.gone):
            found |= phone.done
        return found

    def _stored(self) -> dict[str, tuple[str, bool, int]]:
        """What the inbox has of this run's commands: id → (status, is sealed, seq)."""
        with connection.cursor() as cursor:
            cursor.execute(STORED, [[*self._done(), *self.lost]])
            return {str(one): (status, sealed, seq) for one, status, sealed, seq in cursor.fetchall()}

    def _facts(self) -> set[str]:
        """What the rooms have of this run."""
        with connection.cursor() as cursor:
            cursor.execute(FACTS, {"files": self.files, "users": [str(self.user)]})
            return {str(row[0]) for row in cursor.fetchall()}

    def _entries(self, phone: Held) -> dict[str, dict[str, Any]]:
        return {entry["id"]: entry for entry in self.ask("dump", phone.name)["entries"]}

    def _acked_is_stored(self, phone: Held) -> None:
        """What the phone shows as done is written, unless the database is of an earlier hour since."""
        if self.is_restored:
            return
        states = {one: entry["state"] for one, entry in self._entries(phone).items()}
        stored, facts = self._stored(), self._facts()
        for one, state in states.items():
            if state == "done":
                assert stored[one][0] == "done"
                assert one in facts, "acknowledged and not written"
            elif state in ("refused", "quarantined"):
                assert stored[one][:2] == (state, True)

    def _gaps_are_known(self, body: dict[str, Any]) -> None:
        """The server's gaps of the loose phone are exactly the numbers it has not sent."""
        assert self.loose is not None
        with connection.cursor() as cursor:
            cursor.execute("select seq from devices_command where device_id = %s", [self.loose.device])
            here = {row[0] for row in cursor.fetchall()}
        missing = {n for first, last in body["gaps"] for n in range(first, last + 1)}
        assert missing == {n for n in range(1, max(here) + 1) if n not in here}
        assert body["contiguous"] == min(set(range(1, max(here) + 2)) - here) - 1

    def _look_again(self) -> None:
        """After a restore: what the office had done since is undone; the model reads how it stands."""
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from accounts_grant where user_id = %s and until is null", [self.user]
            )
            self.is_granted = cursor.fetchone()[0] > 0

    def _everything_is_there_once(self) -> None:
        done, stored, facts = self._done(), self._stored(), self._facts()
        assert done.keys() - self.lost <= stored.keys(), "a command is nowhere"
        assert stored.keys() <= done.keys(), "taken back, and here all the same"
        assert {one for one, (status, *_) in stored.items() if status == "done"} == facts
        self.ground.met.update(status for status, *_ in stored.values())
        assert all(sealed for status, sealed, _ in stored.values() if status != "done")
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from observation_file where state = 'open' and owner_id is null")
            assert cursor.fetchone()[0] == 0, "a file without an owner"
            cursor.execute(
                "select count(*) from devices_conflict where command_id = any(%s::uuid[])", [list(done)]
            )
            assert cursor.fetchone()[0] == 0, "an id with two contents"

    def _both_sides_agree(self, phone: Held) -> None:
        """State, number and gaps are the same at the phone and at the server."""
        with connection.cursor() as cursor:
            cursor.execute("select contiguous, highest from devices_device where id = %s", [phone.device])
            contiguous, highest = cursor.fetchone()
        stored = self._stored()
        for one, entry in self._entries(phone).items():
            if one in phone.done:
                assert entry["state"] == stored[one][0], entry
        state = self.ask("dump", phone.name)["state"]
        seqs = sorted(seq for one, (_, _, seq) in stored.items() if one in phone.done)
        assert (contiguous, highest) == (len(phone.done), len(phone.done)), (phone, seqs, state)
        assert state["unfillable"] == []

    def _order_does_not_matter(self) -> None:
        """The same checks in the opposite order leave another file with the same next duty and last reading."""
        with connection.cursor() as cursor:
            for file in self.files:
                cursor.execute(READINGS, [file])
                facts = cursor.fetchall()
                if len(facts) < 2:
                    continue
                with transaction.atomic():
                    fresh = self.world.file()
                    ids = [uuid7() for _ in facts]  # in the order of the ids they had
                    for new, row in reversed(list(zip(ids, facts, strict=True))):
                        check_again(fresh, new, row, self.world.now())
                    assert stands(fresh) == stands(file)
                    transaction.set_rollback(True)


def _survive(folder: Path, runs: int, steps: int, half: int = 0) -> None:
    with a_ground(folder) as ground:
        machine = type("FaultsHere", (Faults,), {"ground": ground})
        if os.environ.get("CI"):  # the same runs each time, and not the same in both halves
            machine = seed(half)(machine)
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=runs,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate],  # a run is short enough to be read; making it shorter takes longer
                report_multiple_bugs=False,
                print_blob=False,
            ),
        )
        met = ground.met + ground.world.proxy.met
        print(dict(met))
        assert met["runs"] >= runs
        assert sum(met[fault] for fault in FAULTS) > runs / 10, met
        assert sum(met[f"died at {phase}"] for phase in DEATHS) > runs / 20, met
        assert met["restored"], met
        assert met["evicted"], met
        assert met["quarantined"], met
        assert met["done"] > runs, met
        assert broken_chains() == []


@pytest.mark.parametrize(
    "half", [pytest.param(n, marks=pytest.mark.xdist_group(f"field-faults-{n}")) for n in (1, 2)]
)
def test_five_hundred_runs_of_faults_lose_nothing_and_double_nothing(tmp_path: Path, half: int) -> None:
    """In two halves, so that two cores share them."""
    _survive(tmp_path, runs=250, steps=6, half=half)


@pytest.mark.nightly
@pytest.mark.xdist_group("field-faults-1")
def test_ten_thousand_runs_of_faults_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    _survive(tmp_path, runs=10_000, steps=20)
