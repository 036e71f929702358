"""Laboratory tests: when samples are due, which duty a sample meets, and what results add up to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from shouwang.kernel.days import at_local
from shouwang.observation.rules.slots import Schedule, slot_day
from shouwang.packs.conditions import TEST_OUTCOMES
from shouwang.packs.schema import Protocol, TestDuty

NEGATIVE, POSITIVE, INCONCLUSIVE = TEST_OUTCOMES


@dataclass(frozen=True, slots=True)
class TestDue:
    """One sample that is due: kind, the day of the file, its local day, the instant it must be taken by."""

    __test__ = False
    kind: str
    day_no: int
    day: date
    due_at: datetime
    stage: str


def samples_due(schedule: Schedule, at: datetime) -> tuple[TestDue, ...]:
    """The samples that a file asks for from `at` on, in their order.

    As with checks, days that were over when the person was found are not made up for; an extension adds none.
    """
    begins = slot_day(schedule.first_slot)
    found = []
    for test in schedule.timetable.tests:
        day = schedule.day_zero + timedelta(days=test.day_no)
        local = f"{test.minute // 60:02d}:{test.minute % 60:02d}"
        due_at = at_local(day, local, schedule.zone).astimezone(UTC)
        if begins <= day <= schedule.last_day and due_at > at:
            found.append(TestDue(test.kind, test.day_no, day, due_at, test.stage))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Open:
    """A duty that no sample has met yet."""

    id: UUID
    kind: str
    day: date


def met_by(duties: Iterable[Open], kind: str, day: date) -> tuple[Open | None, tuple[Open, ...]]:
    """Which duty a sample of `kind` taken on the local day `day` meets, and which it leaves missed.

    It meets the latest of its kind whose day has come; earlier ones stay missed, as a missed morning does. Taken
    before any has come it meets none: it is an extra test.
    """
    come = sorted((d for d in duties if d.kind == kind and d.day <= day), key=lambda d: (d.day, d.id))
    return (come[-1], tuple(come[:-1])) if come else (None, ())


@dataclass(frozen=True, slots=True)
class Finding:
    """What a sample was found to be; `day` is the local day on which it was taken."""

    taken_at: datetime
    day: date
    outcome: str


def negatives_in_row(findings: Sequence[Finding], day_zero: date) -> int:
    """Negative samples since the last positive, one a local day, taken after day 0.

    Several samples of one day are one finding; a positive among them counts. An inconclusive one neither helps
    nor harms.
    """
    days: dict[date, set[str]] = {}
    for finding in findings:
        if finding.day > day_zero:
            days.setdefault(finding.day, set()).add(finding.outcome)
    count = 0
    for day in sorted(days):
        if POSITIVE in days[day]:
            count = 0
        elif NEGATIVE in days[day]:
            count += 1
    return count


def found_positive(findings: Sequence[Finding], day_zero: date) -> bool:
    """Whether what was found last, leaving the inconclusive aside, is a positive."""
    told = [f for f in findings if f.outcome != INCONCLUSIVE and f.day > day_zero]
    if not told:
        return False
    last = max(f.day for f in told)
    return any(f.outcome == POSITIVE for f in told if f.day == last)


def duty_of(protocol: Protocol, kind: str, stage: str) -> TestDuty | None:
    """What the pack says of tests of a kind: in the stage if it says so there, else anywhere in the protocol."""
    said = [(one.code == stage, duty) for one in protocol.stages for duty in one.tests if duty.kind == kind]
    return max(said, key=lambda pair: pair[0])[1] if said else None


def hours_after(at: datetime, hours: int) -> datetime:
    """The instant so many hours later."""
    return at + timedelta(hours=hours)
