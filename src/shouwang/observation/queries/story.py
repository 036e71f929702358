"""One person, one file: the whole story in order, as the paper form told it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
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
from shouwang.observation.queries.story_rows import (
    AlertRow,
    CheckRow,
    DayRow,
    EventRow,
    FilePage,
    FileRow,
    SlotCell,
    alert_row,
    file_row,
)
from shouwang.observation.queries.within import VIEW
from shouwang.observation.rules import (
    EXTRA,
    Schedule,
    Slot,
    Visit,
    quorum_of_day,
    slot_day,
    slots_on,
)
from shouwang.people.sealed import unseal


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
