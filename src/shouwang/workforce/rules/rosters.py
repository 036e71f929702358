"""值班 Rosters: which shifts a day asks for, where nobody is on duty, who has been on duty too long. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from shouwang.kernel.days import at_local, local_day


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From one instant to another, the last one not included."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch in which `missing` people too few are on duty."""

    start: datetime
    end: datetime
    missing: int


def gaps(window: Span, shifts: Iterable[Span], people: int = 1) -> list[Gap]:
    """Every stretch of the window with fewer than `people` on duty, in order; joined where equally short."""
    inside = [Span(max(s.start, window.start), min(s.end, window.end)) for s in shifts]
    steps: dict[datetime, int] = {window.start: 0, window.end: 0}
    for span in inside:
        if span.start < span.end:
            steps[span.start] = steps.get(span.start, 0) + 1
            steps[span.end] = steps.get(span.end, 0) - 1
    found: list[Gap] = []
    on_duty = 0
    moments = sorted(steps)
    for moment, following in pairwise(moments):
        on_duty += steps[moment]
        missing = people - on_duty
        if missing <= 0:
            continue
        if found and found[-1].end == moment and found[-1].missing == missing:
            found[-1] = Gap(found[-1].start, following, missing)
        else:
            found.append(Gap(moment, following, missing))
    return found


def shift_spans(first: date, last: date, starts: Sequence[str], zone: str) -> list[Span]:
    """The shifts of these local days; the last of a day runs past midnight to the first of the next.

    A day on which clocks change keeps its hours on the wall: the shift is an hour shorter or longer.
    """
    moments = [
        at_local(day, start, zone).astimezone(UTC)
        for day in (first + timedelta(days=n) for n in range((last - first).days + 2))
        for start in starts
    ]
    return [Span(a, b) for a, b in pairwise(moments[: len(moments) - len(starts) + 1])]


def spans_between(window: Span, starts: Sequence[str], zone: str) -> list[Span]:
    """The shifts that a stretch asks for, cut to it: a watch that begins at 14:00 begins inside a shift."""
    first = local_day(window.start, zone) - timedelta(days=1)
    last = local_day(window.end, zone) + timedelta(days=1)
    whole = shift_spans(first, last, starts, zone)
    cut = [Span(max(s.start, window.start), min(s.end, window.end)) for s in whole]
    return [span for span in cut if span.start < span.end]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Shifts of one person with too little rest between them to count as rest."""

    worker: UUID
    start: datetime
    end: datetime
    on_duty: timedelta


def stretches(shifts: Iterable[tuple[UUID, Span]], *, least_rest: timedelta) -> list[Stretch]:
    """Each person's shifts joined where the pause between is shorter than `least_rest`."""
    found: list[Stretch] = []
    for worker, span in sorted(shifts, key=lambda pair: (str(pair[0]), pair[1])):
        last = found[-1] if found else None
        if last is not None and last.worker == worker and span.start - last.end < least_rest:
            more = max(timedelta(), span.end - max(span.start, last.end))
            found[-1] = Stretch(worker, last.start, max(last.end, span.end), last.on_duty + more)
        else:
            found.append(Stretch(worker, span.start, span.end, span.end - span.start))
    return found


def fatigued(shifts: Iterable[tuple[UUID, Span]], *, most: timedelta, least_rest: timedelta) -> list[Stretch]:
    """Whoever is on duty for longer than `most` without a rest, the longest first."""
    long = [s for s in stretches(shifts, least_rest=least_rest) if s.on_duty > most]
    return sorted(long, key=lambda s: (-s.on_duty, str(s.worker)))


def rota(spans: Sequence[Span], people: Sequence[UUID], each: int) -> list[tuple[Span, UUID]]:
    """Shifts given out in turn: `each` at once, whoever has rested longest first; nobody twice at a time."""
    given: list[tuple[Span, UUID]] = []
    turn = list(people)
    for span in spans:
        for worker in turn[: min(each, len(turn))]:
            given.append((span, worker))
        turn = turn[each:] + turn[:each]
    return given
