"""A roster as a week: days across, shifts down; who has each, and the hours nobody has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shouwang.kernel.days import day_end, day_start, local_day, local_time
from shouwang.kernel.scope import Scope
from shouwang.workforce.queries import RosterRow, ShiftRow, shifts_between
from shouwang.workforce.rules import Gap, Span, gaps, shift_spans


@dataclass(frozen=True, slots=True)
class Cell:
    """One shift of one day."""

    span: Span
    starts: str
    ends: str
    shifts: list[ShiftRow]
    gaps: list[Gap]
    inside: bool
    """Whether the watch runs at all in these hours."""
    is_now: bool

    @property
    def holes(self) -> list[str]:
        """Hours with too few on duty, said apart only where they are not the whole shift."""
        return [f"{gap.start:%H:%M}–{gap.end:%H:%M}" for gap in self.gaps]


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days of a watch."""

    days: list[date]
    rows: list[tuple[str, list[Cell]]]
    """(the hours, a cell for each day)"""
    gaps: list[Gap]
    before: date
    after: date


def week_of(scope: Scope, row: RosterRow, first: date, at: datetime) -> Week:
    """The week that begins on `first`. One query."""
    days = [first + timedelta(days=n) for n in range(7)]
    start, end = day_start(first, row.zone), day_end(days[-1] + timedelta(days=1), row.zone)
    shifts = shifts_between(scope, start, end, roster_ids=[row.id]).get(row.id, [])
    window = row.window(end)
    window = Span(max(window.start, start), max(window.end, start))
    open_hours = gaps(window, (s.span for s in shifts), row.people) if window.start < window.end else []
    by_day = {day: shift_spans(day, day, row.starts, row.zone) for day in days}
    rows = [
        (
            f"{_clock(spans[0].start, row)}–{_clock(spans[0].end, row)}",
            [_cell(by_day[day][i], shifts, open_hours, window, row, at) for day in days],
        )
        for i, spans in enumerate(zip(*by_day.values(), strict=True))
    ]
    shown = [gap for gap in open_hours if gap.start < day_end(days[-1], row.zone)]
    return Week(days, rows, shown, first - timedelta(days=7), first + timedelta(days=7))


def first_day(text: str, at: datetime, zone: str) -> date:
    """The day a week begins on: as asked, else yesterday, so that the night just past is seen."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return local_day(at, zone) - timedelta(days=1)


def _cell(
    span: Span, shifts: list[ShiftRow], open_hours: list[Gap], window: Span, row: RosterRow, at: datetime
) -> Cell:
    here = [s for s in shifts if s.starts_at < span.end and s.ends_at > span.start]
    holes = [
        Gap(
            local_time(max(g.start, span.start), row.zone),
            local_time(min(g.end, span.end), row.zone),
            g.missing,
        )
        for g in open_hours
        if g.start < span.end and g.end > span.start
    ]
    inside = window.start < span.end and span.start < window.end
    is_now = span.start <= at < span.end
    return Cell(span, _clock(span.start, row), _clock(span.end, row), here, holes, inside, is_now)


def _clock(moment: datetime, row: RosterRow) -> str:
    return f"{local_time(moment, row.zone):%H:%M}"
