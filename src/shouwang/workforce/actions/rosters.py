"""Rosters: opening and closing one, giving out shifts, taking over and handing over with a note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.packs.schema import Watch
from shouwang.workforce.actions.teams import REACHED
from shouwang.workforce.models import Roster, Shift, ShiftNote, TeamTarget, Worker


@dataclass(frozen=True, slots=True)
class NewShift:
    """One person on duty from one instant to another."""

    worker_id: UUID
    starts_at: datetime
    ends_at: datetime


@transaction.atomic
def open_roster(
    *,
    team_id: UUID,
    watch: Watch,
    zone: str,
    since: datetime,
    until: datetime | None,
    by: Actor,
    at: datetime,
) -> UUID:
    """Keep a target by shifts from `since` to `until` (None: until it is closed), as the pack's watch says.

    Refuses `team-not-found`, `roster-exists`, `roster-backwards`.
    """
    team = TeamTarget.objects.unscoped(REACHED).filter(id=team_id, until__isnull=True).first()
    if team is None:
        raise Refused("team-not-found")
    if until is not None and until <= since:
        raise Refused("roster-backwards")
    roster_id = uuid7()
    try:
        with transaction.atomic():
            Roster.objects.create(
                id=roster_id,
                area=team.area,
                team_id=team_id,
                starts=list(watch.starts),
                people=watch.people,
                late_after_minutes=watch.late_after_minutes,
                zone=zone,
                since=since,
                until=until,
            )
    except IntegrityError as error:
        raise Refused("roster-exists") from error
    append_event(
        verb="workforce.roster.opened",
        subject=("roster", roster_id),
        area=team.area,
        by=by,
        at=at,
        payload={"people": watch.people, "starts": list(watch.starts)},
    )
    return roster_id


@transaction.atomic
def close_roster(*, roster_id: UUID, reason: str, by: Actor, at: datetime) -> int:
    """End the watch now; shifts that have not begun are cancelled. Returns how many.

    Refuses `roster-not-found`, `roster-closed`, `reason-missing`.
    """
    if not reason.strip():
        raise Refused("reason-missing")
    roster = _roster(roster_id)
    rows = Shift.objects.unscoped(REACHED).filter(
        roster_id=roster_id, starts_at__gte=at, cancelled_at__isnull=True
    )
    cancelled = rows.update(cancelled_at=at, cancelled_reason=reason.strip())
    end = max(at, roster.since)
    Roster.objects.unscoped(REACHED).filter(id=roster_id).update(until=end, closed_reason=reason.strip())
    append_event(
        verb="workforce.roster.closed",
        subject=("roster", roster_id),
        area=roster.area,
        by=by,
        at=at,
        payload={"cancelled": cancelled, "reason": reason.strip()},
    )
    return cancelled


@transaction.atomic
def give_shifts(*, roster_id: UUID, shifts: Sequence[NewShift], by: Actor, at: datetime) -> list[UUID]:
    """Put people on duty. Refuses `roster-not-found`, `roster-closed`, `worker-not-found`, `shift-backwards`,
    and `shift-overlaps` where somebody would be on two shifts at once: then nothing is written."""
    roster = _roster(roster_id)
    if any(shift.ends_at <= shift.starts_at for shift in shifts):
        raise Refused("shift-backwards")
    asked = {shift.worker_id for shift in shifts}
    serving = Worker.objects.unscoped(REACHED).filter(id__in=asked, until__isnull=True)
    if serving.count() != len(asked):
        raise Refused("worker-not-found")
    rows = [
        Shift(
            area=roster.area,
            roster_id=roster_id,
            worker_id=s.worker_id,
            starts_at=s.starts_at,
            ends_at=s.ends_at,
        )
        for s in shifts
    ]
    try:
        with transaction.atomic():
            Shift.objects.bulk_create(rows)
    except IntegrityError as error:
        raise Refused("shift-overlaps") from error
    append_event(
        verb="workforce.shifts.given",
        subject=("roster", roster_id),
        area=roster.area,
        by=by,
        at=at,
        payload={"shifts": len(rows)},
    )
    return [row.id for row in rows]


@transaction.atomic
def cancel_shift(*, shift_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Give a shift up: the row stays, the hours are a gap until somebody else has them.

    Refuses `shift-not-found`, `shift-begun`, `reason-missing`.
    """
    if not reason.strip():
        raise Refused("reason-missing")
    shift = _shift(shift_id)
    if shift.begun_at is not None:
        raise Refused("shift-begun")
    rows = Shift.objects.unscoped(REACHED).filter(id=shift_id)
    rows.update(cancelled_at=at, cancelled_reason=reason.strip())
    append_event(
        verb="workforce.shift.cancelled",
        subject=("shift", shift_id),
        area=shift.area,
        by=by,
        at=at,
        payload={"reason": reason.strip()},
    )


@transaction.atomic
def begin_shift(*, shift_id: UUID, text: str = "", by: Actor, at: datetime) -> None:
    """到岗: the person is there. Refuses `shift-not-found`, `shift-begun`, `shift-early` more than an hour before."""
    shift = _shift(shift_id)
    if shift.begun_at is not None:
        raise Refused("shift-begun")
    if (shift.starts_at - at).total_seconds() > 3600:
        raise Refused("shift-early")
    Shift.objects.unscoped(REACHED).filter(id=shift_id).update(begun_at=at)
    _note(shift, "begun", text, None, by, at)
    append_event(verb="workforce.shift.begun", subject=("shift", shift_id), area=shift.area, by=by, at=at)


@transaction.atomic
def hand_shift_over(
    *, shift_id: UUID, text: str, to_shift_id: UUID | None = None, by: Actor, at: datetime
) -> None:
    """交班: what the next must know, in writing; the next has begun with it.

    Refuses `note-missing`, `shift-not-found`, `shift-not-begun`, `shift-handed-over`, and `shift-not-next` where
    the other shift is of another roster.
    """
    if not text.strip():
        raise Refused("note-missing")
    shift = _shift(shift_id)
    if shift.begun_at is None:
        raise Refused("shift-not-begun")
    if shift.handed_over_at is not None:
        raise Refused("shift-handed-over")
    rows = Shift.objects.unscoped(REACHED)
    if to_shift_id is not None:
        following = _shift(to_shift_id)
        if following.roster_id != shift.roster_id or following.starts_at < shift.starts_at:
            raise Refused("shift-not-next")
        if following.begun_at is None:
            rows.filter(id=to_shift_id).update(begun_at=at)
            _note(following, "begun", "", None, by, at)
    rows.filter(id=shift_id).update(handed_over_at=at)
    _note(shift, "handed", text, to_shift_id, by, at)
    append_event(
        verb="workforce.shift.handed-over",
        subject=("shift", shift_id),
        area=shift.area,
        by=by,
        at=at,
        payload={"to": str(to_shift_id or "")},
    )


@transaction.atomic
def note_on_shift(
    *, shift_id: UUID, text: str, corrects: UUID | None = None, by: Actor, at: datetime
) -> None:
    """Write something down during a shift, or put an earlier note right. Refuses `note-missing`,
    `shift-not-found`, `note-not-found`."""
    if not text.strip():
        raise Refused("note-missing")
    shift = _shift(shift_id)
    if corrects is not None:
        old = ShiftNote.objects.unscoped(REACHED).filter(id=corrects, shift_id=shift_id)
        if not old.exists():
            raise Refused("note-not-found")
    _note(shift, "note", text, None, by, at, corrects)
    append_event(verb="workforce.shift.noted", subject=("shift", shift_id), area=shift.area, by=by, at=at)


def pass_shifts(
    *, from_worker: UUID, to_worker: UUID, reason: str, at: datetime, absence: datetime | None = None
) -> tuple[int, int]:
    """Give what is left of one's shifts to another, the rest of one that has begun too; inside the caller's action.

    With `absence` only those that the other gave up when they fell ill at that instant. Returns (passed, left
    without anybody, since the other is on duty elsewhere then).
    """
    rows = Shift.objects.unscoped(REACHED).filter(
        worker_id=from_worker, cancelled_at__isnull=True, handed_over_at__isnull=True, ends_at__gt=at
    )
    if absence is not None:
        rows = rows.filter(id__in=_theirs(to_worker, absence), begun_at__isnull=True)
    old = list(rows.order_by("starts_at"))
    passed = 0
    for shift in old:
        row = Shift.objects.unscoped(REACHED).filter(id=shift.id)
        begun = shift.begun_at is not None and shift.starts_at < at
        if begun:
            row.update(ends_at=at, handed_over_at=at)
        else:
            row.update(cancelled_at=at, cancelled_reason=reason)
        try:
            with transaction.atomic():
                Shift.objects.create(
                    area=shift.area,
                    roster_id=shift.roster_id,
                    worker_id=to_worker,
                    starts_at=at if begun else shift.starts_at,
                    ends_at=shift.ends_at,
                )
            passed += 1
        except IntegrityError:
            continue
    return passed, len(old) - passed


def _theirs(worker: UUID, since: datetime) -> list[UUID]:
    """Shifts that took the place of one the worker gave up at `since`."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select n.id from workforce_shift o join workforce_shift n on n.roster_id = o.roster_id
                and n.starts_at = o.starts_at and n.ends_at = o.ends_at and n.cancelled_at is null
            where o.worker_id = %s and o.cancelled_at = %s""",
            [worker, since],
        )
        return [row[0] for row in cursor.fetchall()]


def _note(
    shift: Shift,
    kind: str,
    text: str,
    to_shift: UUID | None,
    by: Actor,
    at: datetime,
    corrects: UUID | None = None,
) -> None:
    ShiftNote.objects.create(
        area=shift.area,
        shift_id=shift.id,
        kind=kind,
        to_shift_id=to_shift,
        text=text.strip(),
        corrects_id=corrects,
        at=at,
        by_id=by.id,
        by_name=by.name,
    )


def _roster(roster_id: UUID) -> Roster:
    row = Roster.objects.unscoped(REACHED).select_for_update().filter(id=roster_id).first()
    if row is None:
        raise Refused("roster-not-found")
    if row.closed_reason:
        raise Refused("roster-closed")
    return row


def _shift(shift_id: UUID) -> Shift:
    rows = Shift.objects.unscoped(REACHED).select_for_update()
    row = rows.filter(id=shift_id, cancelled_at__isnull=True).first()
    if row is None:
        raise Refused("shift-not-found")
    return row
