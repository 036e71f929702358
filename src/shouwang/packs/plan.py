"""From a protocol and a person's facts to the calendar of an observation: day 0, stages, due times.

Days are local calendar days. Day 0 is the day that `day-zero` names; stages say which days follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from shouwang.packs.conditions.evaluate import shifted
from shouwang.packs.conditions.facts import PersonFacts
from shouwang.packs.schema import Anchor, AnchorEvent, Channel, LocalTime, Pack, Protocol, Stage

Found = Literal["in-time", "late", "anchor-unknown"]


@dataclass(frozen=True, slots=True)
class Plan:
    """The calendar of one file. `found` "late": found after the last day, a file that says so.

    Then `late_checks` are due on the day found and nothing else. "anchor-unknown": the convention of the
    protocol was used (counted from the day found). `watch_from` is the first day on which checks can be due:
    days that had passed when the person was found are not made up for.
    """

    protocol: str
    day_zero: date
    first_day: date
    last_day: date
    watch_from: date
    found: Found
    late_checks: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """One check due on a day: number within the day, local time, stage, channels it may come through."""

    number: int
    at: LocalTime
    stage: str
    channels: tuple[Channel, ...]


def plan_for(protocol: Protocol, facts: PersonFacts, found_on: date) -> Plan:
    """The calendar for a person found on the local day `found_on`.

    Hand in only the trips and exposures that matter (`classify.relevant`). Someone found after the last day
    gets the checks of `found-after-last-day` on the day found.
    """
    zero = anchor_day(protocol.day_zero, facts, found_on)
    known = zero is not None
    zero = zero if zero is not None else shifted(found_on, protocol.day_zero.offset)
    last = shifted(zero, protocol.last_day)
    first = shifted(zero, min(stage.days[0] for stage in protocol.stages))
    if protocol.first_day is not None:
        first = anchor_day(protocol.first_day, facts, found_on) or first
    if known and found_on > last:
        return Plan(protocol.code, zero, first, last, found_on, "late", protocol.found_after_last_day.checks)
    found: Found = "in-time" if known else "anchor-unknown"
    return Plan(protocol.code, zero, first, last, max(first, found_on), found)


def anchor_day(anchor: Anchor, facts: PersonFacts, found_on: date) -> date | None:
    """The day an anchor falls on for this person, or None when its date is not known.

    The latest known return counts, one in the future does not. A trip without a return date makes the day
    unknown only when no other trip has one: two sources often tell of the same trip.
    """
    days = _event_days(anchor.event, facts, found_on)
    usable = [day for day in days if day <= found_on]
    if not usable:
        return None
    chosen = min(usable) if anchor.event == "first-exposure" else max(usable)
    return shifted(chosen, anchor.offset)


def day_number(plan: Plan, day: date) -> int:
    """Which day of the observation `day` is; day 0 is the anchor."""
    return (day - plan.day_zero).days


def stage_on(protocol: Protocol, plan: Plan, day: date) -> Stage | None:
    """The stage that holds on `day`, None outside the calendar. Before its first day, the first stage."""
    if plan.found == "late" or not plan.first_day <= day <= plan.last_day:
        return None
    number = day_number(plan, day)
    stages = sorted(protocol.stages, key=lambda stage: stage.days)
    if number < stages[0].days[0]:
        return stages[0]
    holding = [stage for stage in stages if stage.days[0] <= number <= stage.days[1]]
    if holding:
        return holding[0]
    return stages[-1] if number > stages[-1].days[1] else None


def due_on(protocol: Protocol, plan: Plan, day: date) -> tuple[Due, ...]:
    """The checks due on `day`, in order. Empty when none is due (a sparse day, or outside the calendar)."""
    if plan.found == "late":
        late = protocol.found_after_last_day
        count = plan.late_checks if day == plan.watch_from else 0
        return tuple(Due(i + 1, time, "found-late", late.channel) for i, time in enumerate(spread((), count)))
    stage = stage_on(protocol, plan, day) if day >= plan.watch_from else None
    if stage is None or (stage.sparse_days and day_number(plan, day) not in stage.sparse_days):
        return ()
    times = spread(stage.due, stage.checks_a_day)
    return tuple(Due(i + 1, time, stage.code, stage.channel) for i, time in enumerate(times))


def spread(due: tuple[LocalTime, ...], checks: int) -> tuple[LocalTime, ...]:
    """`due` as given, or for `checks` without times: evenly to 20:00 (our choice)."""
    if len(due) == checks:
        return due
    return tuple(f"{8 + 12 * (i + 1) // checks:02d}:00" for i in range(checks))


def tests_on(protocol: Protocol, plan: Plan, day: date) -> tuple[str, ...]:
    """Kinds of laboratory tests due on `day`."""
    number = day_number(plan, day)
    stage = stage_on(protocol, plan, day)
    return tuple(test.kind for test in stage.tests if number in test.days) if stage else ()


def protocol_of(pack: Pack, category: str | None) -> Protocol | None:
    """The protocol of a category code, None where there is none."""
    code = pack.category(category).protocol if category else None
    return pack.protocol(code) if code else None


def _event_days(event: AnchorEvent, facts: PersonFacts, found_on: date) -> list[date]:
    match event:
        case "day-found":
            return [found_on]
        case "day-of-return":
            days = [trip.returned_on for trip in facts.trips]
        case "day-of-discharge":
            days = list(facts.discharges)
        case "first-exposure":
            days = [exposure.first_on or exposure.last_on for exposure in facts.exposures]
        case "last-exposure":
            days = [exposure.last_on for exposure in facts.exposures]
    return [day for day in days if day is not None]
