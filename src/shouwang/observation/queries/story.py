"""One person, one file: the whole story in order, as the paper form told it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F

from shouwang.kernel.days import local_day
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.models import (
    Alert,
    CheckConflict,
    Countersign,
    DailyCheck,
    DaySignature,
    FileEvent,
    HandOver,
    ObservationFile,
)
from shouwang.observation.queries.plans import PlanKey
from shouwang.observation.queries.within import VIEW
from shouwang.observation.rules import (
    EXTRA,
    Schedule,
    Slot,
    Visit,
    quorum_of_day,
    short_number,
    slot_day,
    slots_on,
)
from shouwang.people.sealed import unseal


@dataclass(frozen=True, slots=True)
class FileRow:
    """An observation file as lists and headings show it."""

    id: UUID
    person_id: UUID
    household_id: UUID | None
    area: str
    zone: str
    protocol: str
    category: str
    pack_id: str
    revision_id: UUID
    state: str
    anchor_event: str
    anchor_on: date
    anchor_known: str
    day_zero: date
    found_late: bool
    planned_last_day: date
    ordered_last_day: date | None
    ordered_reason: str
    actual_ended_at: datetime | None
    end_reason: str
    owner_id: UUID | None
    stage: str
    next_slot: int | None
    next_due_at: datetime | None
    last_check_at: datetime | None
    last_deci: int | None
    last_abnormal: bool | None
    restricts: bool
    legal_ground: str
    evidence: str
    reason: str
    expires_at: datetime | None
    review_on: date | None
    appeal_channel: str
    opened_at: datetime
    opened_by_name: str

    @property
    def last_day(self) -> date:
        """The last day in force: the ordered one, else the planned."""
        return self.ordered_last_day or self.planned_last_day


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check as it was made. `corrected_by`: the check that stands in its place now."""

    id: UUID
    slot_no: int
    day_no: int
    taken_at: datetime
    recorded_at: datetime
    recorded_by_name: str
    deci: int | None
    symptoms: tuple[str, ...]
    channel: str
    outcome: str
    measured_by: str
    measured_by_name: str
    seen: str
    roles: tuple[str, ...]
    late: bool
    abnormal: bool
    note: str
    corrects: UUID | None
    correct_reason: str
    corrected_by: UUID | None
    countersigned_by: str
    countersigned_at: datetime | None
    came: tuple[UUID, ...] = ()
    vouched: tuple[str, ...] | None = None
    thermometer: str = ""
    witness: str = ""
    photo_seen: bool | None = None

    @property
    def roles_standing(self) -> tuple[str, ...]:
        """The roles that count for the quorum: those an assignment bears out, where anybody was assigned."""
        return self.roles if self.vouched is None else self.vouched


@dataclass(frozen=True, slots=True)
class SlotCell:
    """One slot of the day grid. `state`: `done`, `done-late`, `missed`, `due`, `ahead`, `extra`,
    or `before`: no duty yet when the file was opened."""

    slot: int
    deadline: datetime | None
    channels: tuple[str, ...]
    state: str
    checks: tuple[CheckRow, ...]


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day: its slots, who signed it, and how many roles came of how many that must."""

    day: date
    day_no: int
    stage: str
    cells: tuple[SlotCell, ...]
    signed_by: str
    signed_at: datetime | None
    quorum_came: int
    quorum_must: int


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert and what was done."""

    id: UUID
    file_id: UUID
    check_id: UUID | None
    """None: a laboratory test raised it."""
    area: str
    code: str
    severity: str
    tell: tuple[str, ...]
    raised_at: datetime
    level: int
    next_climb_at: datetime | None
    state: str
    answer: str
    answered_by_name: str
    answered_at: datetime | None
    deci: int | None = None
    taken_at: datetime | None = None
    """What the check found that raised it, and when: a phone without a network tells it hours later."""

    @property
    def number(self) -> str:
        """What it is called by telephone and in messages."""
        return short_number(self.id)


@dataclass(frozen=True, slots=True)
class EventRow:
    """What happened to the file besides checks."""

    kind: str
    reason: str
    before: dict[str, Any]
    after: dict[str, Any]
    decision: dict[str, Any]
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FilePage:
    """The whole story of a file."""

    file: FileRow
    days: tuple[DayRow, ...]
    alerts: tuple[AlertRow, ...]
    events: tuple[EventRow, ...]
    conflicts: int


def file_page(scope: Scope, file_id: UUID, at: datetime) -> FilePage:
    """The whole story of one file up to `at`, and the days ahead."""
    row = ObservationFile.objects.within(scope, VIEW).filter(id=file_id).first()
    if row is None:
        raise Refused("file-not-found")
    schedule = schedule_of_row(row)
    reached = "of a file in scope"
    checks = _checks(file_id)
    signatures = {s.day: s for s in DaySignature.objects.unscoped(reached).filter(file_id=file_id)}
    alerts = Alert.objects.unscoped(reached).filter(file_id=file_id).order_by("raised_at", "id")
    conflicts = (
        CheckConflict.objects.unscoped(reached).filter(file_id=file_id, settled_at__isnull=True).count()
    )
    return FilePage(
        file=file_row(row),
        days=tuple(_days(schedule, checks, signatures, at, row.actual_ended_at)),
        alerts=tuple(alert_row(alert) for alert in alerts),
        events=tuple(_events(file_id)),
        conflicts=conflicts,
    )


def files_of_person(scope: Scope, person_id: UUID) -> list[FileRow]:
    """The files of a person in sight, newest first."""
    rows = ObservationFile.objects.within(scope, VIEW).filter(person_id=person_id)
    return [file_row(row) for row in rows.order_by("-opened_at", "-id")]


def files_by_ids(scope: Scope, ids: Iterable[UUID]) -> dict[UUID, FileRow]:
    """These files as far as they are in sight."""
    rows = ObservationFile.objects.within(scope, VIEW).filter(id__in=list(ids))
    return {row.id: file_row(row) for row in rows}


def open_alerts(
    scope: Scope, *, area: str | None = None, owner: UUID | None = None, limit: int = 200
) -> list[AlertRow]:
    """Alerts not closed, urgent ones first, then the longest waiting."""
    seen = scope.narrowed(area) if area else scope
    rows = Alert.objects.within(seen, VIEW).exclude(state=Alert.State.CLOSED)
    if owner:
        rows = rows.filter(file__owner_id=owner)
    told = rows.annotate(check_deci=F("check_row__deci"), check_taken=F("check_row__taken_at"))
    ordered = told.extra(select={"calm": "severity <> 'urgent'"}).order_by("calm", "raised_at", "id")
    return [alert_row(row) for row in ordered[:limit]]


def schedule_of_row(row: ObservationFile) -> Schedule:
    """The dates of a file in force."""
    key = PlanKey(row.timetable_id, row.zone, row.day_zero, row.ordered_last_day or row.planned_last_day)
    return key.schedule(row.first_slot)


def file_row(row: ObservationFile) -> FileRow:
    """A row of the table as a value."""
    return FileRow(**{name: getattr(row, name) for name in FileRow.__slots__})


def alert_row(a: Alert) -> AlertRow:
    """A row of the table as a value."""
    return AlertRow(
        *(a.id, a.file_id, a.check_row_id, a.area, a.code, a.severity, tuple(a.tell), a.raised_at, a.level),
        *(a.next_climb_at, a.state, a.answer, a.answered_by_name, a.answered_at),
        *(getattr(a, "check_deci", None), getattr(a, "check_taken", None)),
    )


def _checks(file_id: UUID) -> list[CheckRow]:
    reached = "of a file in scope"
    rows = list(
        DailyCheck.objects.unscoped(reached).filter(file_id=file_id).order_by("slot_no", "taken_at", "id")
    )
    instead = {row.corrects_id: row.id for row in rows if row.corrects_id}
    signed = {
        c.check_row_id: c for c in Countersign.objects.unscoped(reached).filter(check_row__file_id=file_id)
    }
    return [_check(row, instead.get(row.id), signed.get(row.id)) for row in rows]


def _check(c: DailyCheck, corrected_by: UUID | None, signed: Countersign | None) -> CheckRow:
    note = ""
    if c.note_sealed is not None:
        note = unseal(c.note_sealed, table="observation_dailycheck", row=c.id, field="note_sealed")
    return CheckRow(
        id=c.id,
        slot_no=c.slot_no,
        day_no=c.day_no,
        taken_at=c.taken_at,
        recorded_at=c.recorded_at,
        recorded_by_name=c.recorded_by_name,
        deci=c.deci,
        symptoms=tuple(c.symptoms),
        channel=c.channel,
        outcome=c.outcome,
        measured_by=c.measured_by,
        measured_by_name=c.measured_by_name,
        seen=c.seen,
        roles=tuple(c.roles),
        late=c.late,
        abnormal=c.abnormal,
        note=note,
        corrects=c.corrects_id,
        correct_reason=c.correct_reason,
        corrected_by=corrected_by,
        countersigned_by=signed.by_name if signed else "",
        countersigned_at=signed.at if signed else None,
        came=tuple(c.came),
        vouched=None if c.vouched is None else tuple(c.vouched),
        thermometer=c.thermometer,
        witness=c.witness,
        photo_seen=c.photo_seen,
    )


def _days(
    schedule: Schedule,
    checks: list[CheckRow],
    signatures: dict[date, DaySignature],
    at: datetime,
    ended_at: datetime | None,
) -> Iterable[DayRow]:
    by_day: dict[date, list[CheckRow]] = {}
    for check in checks:
        by_day.setdefault(slot_day(check.slot_no), []).append(check)
    first = min([slot_day(schedule.first_slot), schedule.day_zero, *by_day])
    last = schedule.last_day if ended_at is None else local_day(ended_at, schedule.zone)
    last = max([last, *by_day])
    until = ended_at or at
    day = first
    while day <= last:
        mine = by_day.get(day, [])
        number = schedule.day_no(day)
        part = schedule.timetable.part(number)
        in_force = [c for c in mine if c.corrected_by is None and c.outcome == "done"]
        came, must = quorum_of_day(part, [Visit(frozenset(c.roles_standing), c.channel) for c in in_force])
        cells = tuple(_cells(schedule, day, mine, until))
        signed = signatures.get(day)
        stage = next((slot.stage for slot in slots_on(schedule, day)), part.code)
        yield DayRow(
            *(day, number, stage, cells, signed.by_name if signed else ""),
            *(signed.at if signed else None, came, must),
        )
        day += timedelta(days=1)


def _cells(schedule: Schedule, day: date, checks: list[CheckRow], until: datetime) -> Iterable[SlotCell]:
    slots = slots_on(schedule, day)
    for slot in slots:
        mine = tuple(c for c in checks if c.slot_no == slot.no)
        yield SlotCell(slot.no, slot.deadline, slot.channels, _state(schedule, slot, mine, until), mine)
    known = {slot.no for slot in slots}
    extra = tuple(c for c in checks if c.slot_no not in known)
    if extra:
        yield SlotCell(extra[0].slot_no | EXTRA, None, (), "extra", extra)


def _state(schedule: Schedule, slot: Slot, checks: tuple[CheckRow, ...], until: datetime) -> str:
    done = [c for c in checks if c.outcome == "done" and c.corrected_by is None]
    if done:
        return "done-late" if all(c.late for c in done) else "done"
    if slot.no < schedule.first_slot:
        return "before"
    if slot.deadline < until:
        return "missed"
    return "due" if slot.opens < until else "ahead"


def _events(file_id: UUID) -> list[EventRow]:
    reached = "of a file in scope"
    found = [
        EventRow(e.kind, e.reason, e.before, e.after, e.decision, e.by_name, e.at)
        for e in FileEvent.objects.unscoped(reached).filter(file_id=file_id)
    ]
    found += [
        EventRow(
            "handed-over",
            h.reason,
            {"owner": str(h.from_owner_id)},
            {"owner": str(h.to_owner_id)},
            {},
            h.by_name,
            h.at,
        )
        for h in HandOver.objects.unscoped(reached).filter(file_id=file_id)
    ]
    return sorted(found, key=lambda event: event.at)
