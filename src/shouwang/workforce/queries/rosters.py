"""Reading rosters: who is on duty when, where nobody is, who is late or did not hand over, who is worn out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db.models import Q

from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.workforce.models import Roster, Shift, ShiftNote
from shouwang.workforce.rules.rosters import Gap, Span, Stretch, fatigued, gaps

AHEAD = timedelta(hours=24)
"""A gap this near is an alarm: our choice; farther ones are shown on the roster."""


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A watch: over what, from when to when, how."""

    id: UUID
    area: str
    team_id: UUID
    target_kind: str
    target_id: str
    role_set: str
    name: str
    starts: tuple[str, ...]
    people: int
    late_after: timedelta
    zone: str
    since: datetime
    until: datetime | None
    closed_reason: str

    @property
    def cursor(self) -> str:
        return f"{self.area}~{self.id}"

    def window(self, until: datetime) -> Span:
        """The stretch the watch must cover, looking no farther than `until`."""
        return Span(self.since, min(self.until, until) if self.until else until)


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """One person on duty."""

    id: UUID
    roster_id: UUID
    worker_id: UUID
    worker: str
    telephone: str
    starts_at: datetime
    ends_at: datetime
    begun_at: datetime | None
    handed_over_at: datetime | None

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class NoteRow:
    """What was written down at a shift; `struck` where a later note puts it right."""

    id: UUID
    shift_id: UUID
    kind: str
    text: str
    corrects_id: UUID | None
    at: datetime
    by_name: str


def rosters(
    scope: Scope, *, closed: bool = False, area: str = "", after: str = "", limit: int = 50
) -> list[RosterRow]:
    """Watches in sight by place: those that go on, or those that were closed."""
    rows = Roster.objects.within(scope).filter(area__startswith=area).select_related("team")
    rows = rows.exclude(closed_reason="") if closed else rows.filter(closed_reason="")
    where, _, key = after.partition("~")
    if key:
        rows = rows.filter(Q(area__gt=where) | Q(area=where, id__gt=key))
    return [_roster(row) for row in rows.order_by("area", "id")[:limit]]


def roster(scope: Scope, roster_id: UUID) -> RosterRow:
    """One watch. Out of scope does not exist: `roster-not-found`."""
    row = Roster.objects.within(scope).filter(id=roster_id).select_related("team").first()
    if row is None:
        raise Refused("roster-not-found")
    return _roster(row)


def rosters_of_team(scope: Scope, team_ids: Sequence[UUID]) -> dict[UUID, RosterRow]:
    """The watch that goes on over each of these teams' targets."""
    rows = Roster.objects.within(scope).filter(team_id__in=team_ids, closed_reason="")
    return {row.team_id: _roster(row) for row in rows.select_related("team")}


def rosters_of_household(scope: Scope, household_id: UUID) -> RosterRow | None:
    """The watch that goes on over a household, if there is one."""
    rows = Roster.objects.within(scope).filter(
        team__target_kind="household", team__target_id=str(household_id), closed_reason=""
    )
    row = rows.select_related("team").first()
    return _roster(row) if row else None


def shifts_between(
    scope: Scope, start: datetime, end: datetime, *, roster_ids: Sequence[UUID], unclosed: bool = False
) -> dict[UUID, list[ShiftRow]]:
    """Shifts of these watches that touch a stretch: roster → shifts in order. One query.

    `unclosed`: also older ones that were begun and never handed over.
    """
    touches = Q(ends_at__gt=start)
    if unclosed:
        touches |= Q(handed_over_at__isnull=True, begun_at__isnull=False)
    rows = Shift.objects.within(scope).filter(
        touches, roster_id__in=roster_ids, cancelled_at__isnull=True, starts_at__lt=end
    )
    found: dict[UUID, list[ShiftRow]] = {}
    for row in rows.select_related("worker").order_by("starts_at", "worker__name", "id"):
        found.setdefault(row.roster_id, []).append(_shift(row))
    return found


def shift(scope: Scope, shift_id: UUID) -> ShiftRow:
    """One shift. Out of scope does not exist: `shift-not-found`."""
    row = Shift.objects.within(scope).filter(id=shift_id).select_related("worker").first()
    if row is None:
        raise Refused("shift-not-found")
    return _shift(row)


def shift_notes(scope: Scope, roster_id: UUID, *, limit: int = 40) -> list[NoteRow]:
    """What was written down at a watch, the latest first."""
    rows = ShiftNote.objects.within(scope).filter(shift__roster_id=roster_id).exclude(text="")
    return [
        NoteRow(r.id, r.shift_id, r.kind, r.text, r.corrects_id, r.at, r.by_name)
        for r in rows.order_by("-at", "-id")[:limit]
    ]


def roster_gaps(scope: Scope, row: RosterRow, *, until: datetime) -> list[Gap]:
    """Every hour of a watch, from its beginning to `until`, with too few on duty."""
    window = row.window(until)
    if window.start >= window.end:
        return []
    shifts = shifts_between(scope, window.start, window.end, roster_ids=[row.id]).get(row.id, [])
    return gaps(window, (s.span for s in shifts), row.people)


@dataclass(frozen=True, slots=True)
class RosterAlarm:
    """An hour nobody has, somebody who did not come, a shift that was not handed over; and since when."""

    kind: Literal["gap", "late-start", "not-handed-over"]
    roster: RosterRow
    since: datetime
    until: datetime
    missing: int = 0
    shift: ShiftRow | None = None


def roster_alarms(scope: Scope, at: datetime, *, limit: int = 1000) -> list[RosterAlarm]:
    """What is wrong on the watches in sight, the oldest first: evaluated as it is read, nothing waits for a job.

    Gaps that are open now or open within a day; earlier ones stand on the roster. Two queries.
    """
    rows = rosters(scope, limit=limit)
    horizon = at + AHEAD
    shifts = shifts_between(scope, at - AHEAD, horizon, roster_ids=[row.id for row in rows], unclosed=True)
    found: list[RosterAlarm] = []
    for row in rows:
        mine = shifts.get(row.id, [])
        window = row.window(horizon)
        window = Span(max(window.start, at - AHEAD), window.end)
        if window.start < window.end:
            found += [
                RosterAlarm("gap", row, gap.start, gap.end, gap.missing)
                for gap in gaps(window, (s.span for s in mine), row.people)
                if gap.end > at
            ]
        found += [
            RosterAlarm("late-start", row, s.starts_at, s.ends_at, shift=s)
            for s in mine
            if s.begun_at is None and s.starts_at + row.late_after <= at
        ]
        found += [
            RosterAlarm("not-handed-over", row, s.ends_at, s.ends_at, shift=s)
            for s in mine
            if s.begun_at is not None and s.handed_over_at is None and s.ends_at + row.late_after <= at
        ]
    return sorted(found, key=lambda alarm: (alarm.since, str(alarm.roster.id), alarm.kind))


def worn_out(
    scope: Scope,
    start: datetime,
    end: datetime,
    *,
    most: timedelta,
    least_rest: timedelta,
    roster_id: UUID | None = None,
) -> list[tuple[Stretch, str]]:
    """Whoever is on duty longer than `most` in a row between two instants, with their name. One query.

    With `roster_id` whoever serves on that watch, counted with their hours on the others.
    """
    rows = Shift.objects.within(scope).filter(cancelled_at__isnull=True, starts_at__lt=end, ends_at__gt=start)
    if roster_id is not None:
        rows = rows.filter(worker_id__in=rows.filter(roster_id=roster_id).values("worker_id"))
    values = list(rows.values_list("worker_id", "worker__name", "starts_at", "ends_at"))
    names = {worker: name for worker, name, _, _ in values}
    long = fatigued(((w, Span(a, b)) for w, _, a, b in values), most=most, least_rest=least_rest)
    return [(stretch, names[stretch.worker]) for stretch in long]


def _roster(row: Roster) -> RosterRow:
    team = row.team
    return RosterRow(
        *(row.id, row.area, row.team_id, team.target_kind, team.target_id, team.role_set, team.name),
        *(tuple(row.starts), row.people, timedelta(minutes=row.late_after_minutes), row.zone),
        *(row.since, row.until, row.closed_reason),
    )


def _shift(row: Shift) -> ShiftRow:
    return ShiftRow(
        *(row.id, row.roster_id, row.worker_id, row.worker.name, row.worker.telephone),
        *(row.starts_at, row.ends_at, row.begun_at, row.handed_over_at),
    )
