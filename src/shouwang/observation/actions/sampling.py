"""Samples taken and sent: each is a fact that bears the client's id; the duty it meets moves on with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from os.path import commonprefix
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.days import local_day
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.observation.actions.commands import PackOf
from shouwang.observation.actions.held import hold_file, schedule_of
from shouwang.observation.models import ObservationFile, TestDuty, TestFact
from shouwang.observation.rules import Open, duty_of, hours_after, met_by

RECORD = "observation.record"
SPECIMENS = frozenset({"throat", "nose", "sputum", "blood", "stool", "other"})
State = TestDuty.State


@dataclass(frozen=True, slots=True)
class SampleCommand:
    """A sample as it was taken. `id` is the client's: the same id with the same content is the same fact.

    `label` is what the tube says. `taken_by_name`: who took it, "" for who records it.
    """

    id: UUID
    file_id: UUID
    kind: str
    taken_at: datetime
    label: str = ""
    specimen: str = "throat"
    taken_by_name: str = ""

    def digest(self) -> UUID:
        """The hash of the content."""
        return digest(
            self.file_id, self.kind, self.taken_at.timestamp(), self.label, self.specimen, self.taken_by_name
        )


@dataclass(frozen=True, slots=True)
class TestReceipt:
    """What became of a fact about a test: `recorded`, or `replayed` (it was there already)."""

    __test__ = False
    id: UUID
    duty_id: UUID
    status: str
    alerts: tuple[str, ...] = ()
    repeat_due_at: datetime | None = None


def digest(*content: object) -> UUID:
    """A hash of a content, as it is stored."""
    return UUID(blake2b(repr(content).encode(), digest_size=16).hexdigest())


@transaction.atomic
def record_sample(
    *, item: SampleCommand, scope: Scope, pack_of: PackOf, by: Actor, at: datetime
) -> TestReceipt:
    """Record that a sample was taken; it meets the duty of its kind whose day has come, else it is an extra one.

    After its end only a file that may reopen is tested (a convalescent after release). Sent again, it returns the
    first receipt. Refuses `file-not-found`, `not-permitted`, `file-closed` (taken after
    the end), `test-kind-unknown`, `specimen-unknown`, `taken-in-future`, `before-day-zero`, `label-taken`,
    `id-conflict`.
    """
    row = hold_file(scope, RECORD, item.file_id, must_be_open=False)
    if replay := _replayed(item.id, item.digest()):
        return replay
    protocol = pack_of(row.revision_id).protocol(row.protocol)
    over = row.state != ObservationFile.State.OPEN and item.taken_at > (row.actual_ended_at or at)
    if over and not any(event.effect == "reopen" for event in protocol.events):
        raise Refused("file-closed", state=row.state)
    asked = duty_of(protocol, item.kind, row.stage)
    if asked is None:
        raise Refused("test-kind-unknown", kind=item.kind)
    if item.specimen not in SPECIMENS:
        raise Refused("specimen-unknown", specimen=item.specimen)
    if item.taken_at > at:
        raise Refused("taken-in-future")
    day = local_day(item.taken_at, row.zone)
    if day < row.day_zero:
        raise Refused("before-day-zero")
    must_be_free(item.label, row.area)
    duty = _duty_met(row, item, at)
    duty.state, duty.sampled_at, duty.label = State.SAMPLED, item.taken_at, item.label
    duty.result_due_at = hours_after(item.taken_at, asked.result_within_hours)
    duty.save()
    _fact(duty, TestFact.Step.SAMPLED, item, day, by, at)
    append_event(
        verb="observation.test.sampled",
        subject=("file", row.id),
        area=row.area,
        by=by,
        at=at,
        payload={
            "test": duty.id,
            "kind": item.kind,
            "cause": duty.cause,
            "late": item.taken_at > duty.due_at,
        },
    )
    return TestReceipt(item.id, duty.id, "recorded")


def _duty_met(row: ObservationFile, item: SampleCommand, at: datetime) -> TestDuty:
    """The duty this sample meets; those it leaves behind are missed. Without any, a new one for an extra test."""
    reached = "of a file held by the caller"
    waiting = {
        duty.id: duty
        for duty in TestDuty.objects.unscoped(reached)
        .select_for_update()
        .filter(file_id=row.id, state=State.DUE)
    }
    day = local_day(item.taken_at, row.zone)
    met, passed = met_by((Open(d.id, d.kind, d.day) for d in waiting.values()), item.kind, day)
    if passed:
        left = [duty.id for duty in passed]
        TestDuty.objects.unscoped(reached).filter(id__in=left).update(state=State.MISSED)
    if met is not None:
        return waiting[met.id]
    schedule = schedule_of(row)
    number = schedule.day_no(day)
    return TestDuty(
        file_id=row.id,
        area=row.area,
        kind=item.kind,
        cause=TestDuty.Cause.EXTRA,
        stage=schedule.timetable.part(number).code,
        day=day,
        day_no=number,
        due_at=at,
    )


def must_be_free(label: str, area: str) -> None:
    """Refuses `label-taken` where a tube of that name waits for its result in the same county already."""
    taken = TestDuty.objects.unscoped("labels of one county").filter(
        label=label, area__startswith=area[:6], state__in=[State.SAMPLED, State.SENT]
    )
    if label and taken.exists():
        raise Refused("label-taken", label=label)


def _fact(
    duty: TestDuty, step: TestFact.Step, item: SampleCommand, day: date, by: Actor, at: datetime
) -> None:
    TestFact.objects.create(
        id=item.id,
        duty_id=duty.id,
        file_id=duty.file_id,
        area=duty.area,
        step=step,
        happened_at=item.taken_at,
        local_day=day,
        recorded_at=at,
        recorded_by=by.id,
        recorded_by_name=by.name,
        label=item.label,
        specimen=item.specimen,
        taken_by_name=item.taken_by_name or by.name,
        payload_hash=item.digest(),
    )


def _replayed(fact_id: UUID, content: UUID) -> TestReceipt | None:
    held = TestFact.objects.unscoped("the client's own id").filter(id=fact_id).first()
    if held is None:
        return None
    if held.payload_hash != content:
        raise Refused("id-conflict", check=str(fact_id))
    return TestReceipt(fact_id, held.duty_id, "replayed")


@transaction.atomic
def send_samples(
    *, duty_ids: Sequence[UUID], lab: str, sent_at: datetime, scope: Scope, by: Actor, at: datetime
) -> int:
    """Record that samples went to a laboratory together, with one event; those sent already stay. How many.

    Refuses `lab-missing`, `sent-in-future`, `test-not-found` where any is out of sight or has no sample,
    `sent-before-taken`.
    """
    if not lab.strip():
        raise Refused("lab-missing")
    if sent_at > at:
        raise Refused("sent-in-future")
    rows = list(
        TestDuty.objects.within(scope, RECORD).select_for_update().filter(id__in=duty_ids).order_by("id")
    )
    if len(rows) != len(set(duty_ids)) or any(row.sampled_at is None for row in rows):
        raise Refused("test-not-found")
    fresh = [row for row in rows if row.state == State.SAMPLED]
    if any(row.sampled_at and row.sampled_at > sent_at for row in fresh):
        raise Refused("sent-before-taken")
    if not fresh:
        return 0
    zones = zones_of({row.file_id for row in fresh})
    TestFact.objects.get_queryset().bulk_create(
        TestFact(
            id=uuid7(),
            duty_id=row.id,
            file_id=row.file_id,
            area=row.area,
            step=TestFact.Step.SENT,
            happened_at=sent_at,
            local_day=local_day(sent_at, zones[row.file_id]),
            recorded_at=at,
            recorded_by=by.id,
            recorded_by_name=by.name,
            label=row.label,
            lab=lab.strip(),
            payload_hash=digest(row.id, "sent", sent_at.timestamp(), lab.strip()),
        )
        for row in fresh
    )
    moved = TestDuty.objects.unscoped("locked above, within the scope")
    moved.filter(id__in=[row.id for row in fresh]).update(state=State.SENT, lab=lab.strip())
    append_event(
        verb="observation.tests.sent",
        subject=("tests", fresh[0].id),
        area=commonprefix([row.area for row in fresh]),  # noqa: RUF071 - of codes
        by=by,
        at=at,
        payload={"count": len(fresh), "lab": lab.strip(), "tests": [row.id for row in fresh[:500]]},
    )
    return len(fresh)


def zones_of(files: set[UUID]) -> Mapping[UUID, str]:
    """The zone of each of these files."""
    rows = ObservationFile.objects.unscoped("of tests in scope").filter(id__in=files)
    return dict(rows.values_list("id", "zone"))
