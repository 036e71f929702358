"""Results of tests: one, or a laboratory's list. A positive raises its alert in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from os.path import commonprefix
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.days import local_day
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions.commands import PackOf
from shouwang.observation.actions.sampling import State, TestReceipt, digest
from shouwang.observation.models import Alert, ObservationFile, TestDuty, TestFact
from shouwang.observation.rules import INCONCLUSIVE, climb_time, duty_of, hours_after, raise_alerts
from shouwang.packs.conditions import TEST_OUTCOMES, CheckFacts, Context, PersonFacts
from shouwang.people.queries import people_by_ids

RECORD = "observation.record"


@dataclass(frozen=True, slots=True)
class ResultCommand:
    """What a laboratory found. `resulted_at`: when it was found; `published_at`: when it was made known."""

    id: UUID
    duty_id: UUID
    outcome: str
    resulted_at: datetime
    lab: str = ""
    published_at: datetime | None = None
    source: str = ""

    def digest(self) -> UUID:
        """The hash of the content; where it was read from is not part of it."""
        published = self.published_at.timestamp() if self.published_at else None
        return digest(self.duty_id, self.outcome, self.resulted_at.timestamp(), self.lab, published)


@transaction.atomic
def record_result(
    *, item: ResultCommand, scope: Scope, pack_of: PackOf, by: Actor, at: datetime
) -> TestReceipt:
    """Record one result; what `record_results` says holds. Sent again, it returns the first receipt."""
    return record_results(items=[item], scope=scope, pack_of=pack_of, by=by, at=at)[0]


@transaction.atomic
def record_results(
    *, items: Sequence[ResultCommand], scope: Scope, pack_of: PackOf, by: Actor, at: datetime
) -> list[TestReceipt]:
    """Record results, all or none, with one event; those that are there already are replays.

    What the pack calls an alarm (a positive) is raised at once, also for a file that has ended. An inconclusive
    result makes the same test due again. Refuses `test-not-found`, `test-not-sampled`, `result-there-already`
    (another result is known: correct it), `outcome-unknown`, `resulted-in-future`, `resulted-before-taken`,
    `published-before-result`, `id-conflict`.
    """
    duties = _held(scope, {item.duty_id for item in items})
    there = {
        fact.id: fact
        for fact in TestFact.objects.unscoped("the client's own ids").filter(id__in=[i.id for i in items])
    }
    desk = Desk(duties.values(), pack_of, by, at)
    receipts = []
    for item in items:
        old = there.get(item.id)
        if old is not None:
            if old.payload_hash != item.digest():
                raise Refused("id-conflict", check=str(item.id))
            receipts.append(TestReceipt(item.id, old.duty_id, "replayed"))
            continue
        duty = duties[item.duty_id]
        if duty.state == State.DONE:
            raise Refused("result-there-already", label=duty.label)
        desk.plausible(item, duty)
        receipts.append(desk.enter(item, duty))
    desk.close("observation.tests.resulted")
    return receipts


@transaction.atomic
def correct_result(
    *, fact_id: UUID, item: ResultCommand, reason: str, scope: Scope, pack_of: PackOf, by: Actor, at: datetime
) -> TestReceipt:
    """Put another result in the place of the one in force; both stay to be read.

    An alarm that the old one raised stays until somebody answers it. Refuses `reason-missing`, `test-not-found`,
    `result-corrected-already`, and the codes of `record_results`.
    """
    if not reason.strip():
        raise Refused("reason-missing")
    facts = TestFact.objects.unscoped("asked below whether its test is in scope")
    old = facts.filter(id=fact_id, step=TestFact.Step.RESULTED).first()
    if old is None:
        raise Refused("test-not-found")
    duty = _held(scope, {old.duty_id})[old.duty_id]
    again = replace(item, duty_id=duty.id)
    there = TestFact.objects.unscoped("the client's own id").filter(id=item.id).first()
    if there is not None:
        if there.payload_hash != again.digest():
            raise Refused("id-conflict", check=str(item.id))
        return TestReceipt(item.id, duty.id, "replayed")
    if TestFact.objects.unscoped("of a result in scope").filter(corrects_id=fact_id).exists():
        raise Refused("result-corrected-already")
    desk = Desk([duty], pack_of, by, at)
    desk.plausible(again, duty)
    receipt = desk.enter(again, duty, corrects=old.id, reason=reason.strip())
    if again.outcome != INCONCLUSIVE:
        repeats = TestDuty.objects.unscoped("of a result in scope").filter(
            file_id=duty.file_id, kind=duty.kind, cause=TestDuty.Cause.REPEAT, state=State.DUE
        )
        repeats.update(state=State.VOID)
    desk.close("observation.test.corrected")
    return receipt


def _held(scope: Scope, ids: set[UUID]) -> dict[UUID, TestDuty]:
    """The tests, locked. Refuses `test-not-found` where any is out of sight."""
    rows = TestDuty.objects.within(scope, RECORD).select_for_update().filter(id__in=ids).order_by("id")
    found = {row.id: row for row in rows}
    if set(found) != ids:
        raise Refused("test-not-found")
    return found


class Desk:
    """The books of one call: files, packs, people; what is entered is written together at the end."""

    def __init__(self, duties: Iterable[TestDuty], pack_of: PackOf, by: Actor, at: datetime) -> None:
        rows = ObservationFile.objects.unscoped("of tests in scope").filter(
            id__in={duty.file_id for duty in duties}
        )
        self.files = {row.id: row for row in rows}
        people = people_by_ids(Scope.everything(), [row.person_id for row in self.files.values()])
        self.people = {
            p.id: PersonFacts(p.area, p.birth_date, p.sex or None, frozenset(p.tags)) for p in people
        }
        self._pack_of, self.by, self.at = pack_of, by, at
        self.facts: list[TestFact] = []
        self.duties: list[TestDuty] = []
        self.repeats: list[TestDuty] = []
        self.alerts: list[Alert] = []

    def plausible(self, item: ResultCommand, duty: TestDuty) -> None:
        """Refuses what cannot be."""
        if item.outcome not in TEST_OUTCOMES:
            raise Refused("outcome-unknown", outcome=item.outcome)
        if duty.sampled_at is None:
            raise Refused("test-not-sampled", label=duty.label)
        if item.resulted_at > self.at:
            raise Refused("resulted-in-future", label=duty.label)
        if item.resulted_at < duty.sampled_at:
            raise Refused("resulted-before-taken", label=duty.label)
        if item.published_at is not None and item.published_at < item.resulted_at:
            raise Refused("published-before-result", label=duty.label)

    def enter(
        self, item: ResultCommand, duty: TestDuty, *, corrects: UUID | None = None, reason: str = ""
    ) -> TestReceipt:
        """Put a result down: fact, duty, alarms, the test again where it was inconclusive."""
        file = self.files[duty.file_id]
        fact = TestFact(
            id=item.id,
            duty_id=duty.id,
            file_id=duty.file_id,
            area=duty.area,
            step=TestFact.Step.RESULTED,
            happened_at=item.resulted_at,
            local_day=local_day(item.resulted_at, file.zone),
            recorded_at=self.at,
            recorded_by=self.by.id,
            recorded_by_name=self.by.name,
            label=duty.label,
            lab=item.lab or duty.lab,
            outcome=item.outcome,
            published_at=item.published_at,
            source=item.source,
            payload_hash=item.digest(),
            corrects_id=corrects,
            correct_reason=reason,
        )
        self.facts.append(fact)
        duty.state, duty.outcome, duty.resulted_at = State.DONE, item.outcome, item.resulted_at
        duty.lab = item.lab or duty.lab
        self.duties.append(duty)
        raised = self._raise(fact, file)
        again = self._repeat(duty, file) if item.outcome == INCONCLUSIVE else None
        return TestReceipt(item.id, duty.id, "recorded", raised, again)

    def _raise(self, fact: TestFact, file: ObservationFile) -> tuple[str, ...]:
        pack = self._pack_of(file.revision_id)
        person = self.people.get(file.person_id, PersonFacts())
        found = raise_alerts(
            pack,
            replace(person, check=CheckFacts(test=fact.outcome)),
            Context.of(pack, local_day(self.at, file.zone)),
        )
        self.alerts += [
            Alert(
                file_id=file.id,
                test_id=fact.id,
                area=file.area,
                code=alert.code,
                severity=alert.severity,
                tell=list(alert.tell),
                climb=list(alert.climb),
                raised_at=self.at,
                next_climb_at=climb_time(self.at, alert.climb, 0),
            )
            for alert in found
        ]
        return tuple(alert.code for alert in found)

    def _repeat(self, duty: TestDuty, file: ObservationFile) -> datetime | None:
        if file.state != ObservationFile.State.OPEN:
            return None
        asked = duty_of(self._pack_of(file.revision_id).protocol(file.protocol), duty.kind, duty.stage)
        due_at = hours_after(self.at, asked.repeat_within_hours if asked else 24)
        day = local_day(self.at, file.zone)
        self.repeats.append(
            TestDuty(
                file_id=file.id,
                area=file.area,
                kind=duty.kind,
                cause=TestDuty.Cause.REPEAT,
                stage=duty.stage,
                day=day,
                day_no=(day - file.day_zero).days,
                due_at=due_at,
            )
        )
        return due_at

    def close(self, verb: str) -> None:
        """Write everything, and one event; nothing where nothing was entered. Inside the caller's action."""
        if not self.facts:
            return
        TestFact.objects.get_queryset().bulk_create(self.facts)
        TestDuty.objects.get_queryset().bulk_create(self.repeats)
        TestDuty.objects.unscoped("locked by the caller").bulk_update(
            self.duties, ["state", "outcome", "resulted_at", "lab"]
        )
        Alert.objects.get_queryset().bulk_create(self.alerts)
        one = self.facts[0]
        append_event(
            verb=verb,
            subject=("file", one.file_id) if len(self.facts) == 1 else ("tests", one.duty_id),
            area=commonprefix([fact.area for fact in self.facts]),  # noqa: RUF071 - of codes
            by=self.by,
            at=self.at,
            payload={
                "count": len(self.facts),
                "alerts": len(self.alerts),
                "repeats": len(self.repeats),
                "facts": [fact.id for fact in self.facts[:500]],
            },
        )
