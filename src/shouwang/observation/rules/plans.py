"""From a protocol and what is known of a person to the plan of a file; and how a plan is moved later."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from shouwang.kernel.days import day_end, local_day
from shouwang.kernel.errors import Refused
from shouwang.observation.rules.slots import Due, Schedule, first_duty, next_due, slot_no
from shouwang.observation.rules.timetable import timetable_of
from shouwang.packs.conditions.facts import PersonFacts
from shouwang.packs.plan import anchor_day, plan_for
from shouwang.packs.schema import Event, Pack, Protocol

CLEAR = "clear"
DAY_FOUND = "unknown-day-found"
"""How an anchor is known: its date is clear, or unknown and the day found stands for it (the safest day)."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """What the database demands before somebody may be told to stay where they are (LESSONS 5)."""

    legal_ground: str
    evidence: str
    reason: str
    expires_at: datetime
    review_on: date
    appeal_channel: str


@dataclass(frozen=True, slots=True)
class FilePlan:
    """The plan of one file: where its days are counted from and how that is known, and its first duty."""

    protocol: str
    anchor_event: str
    anchor_on: date
    anchor_known: str
    found_late: bool
    schedule: Schedule
    due: Due
    restriction: Restriction | None = None


def plan_file(
    protocol: Protocol,
    facts: PersonFacts,
    found_at: datetime,
    pack: Pack,
    *,
    zone: str | None = None,
    evidence: str = "",
    reason: str = "",
) -> FilePlan:
    """The plan for a person found at `found_at`.

    Day 0 is by the pack's convention. Someone found after the last day gets a file that says so, with the
    checks of `found-after-last-day` on the day found, or on the morrow where that day's hour is over.
    Hand in only the trips and exposures that matter (`packs.classify.relevant`). `zone`: of the place,
    else the pack's. `evidence` (what was found, where it is written) and `reason` (why this category) go
    into the restriction, if the protocol restricts.
    """
    where = zone or pack.zone
    found_on = local_day(found_at, where)
    plan = plan_for(protocol, facts, found_on)
    late = plan.found == "late"
    known = CLEAR if anchor_day(protocol.day_zero, facts, found_on) is not None else DAY_FOUND
    table = timetable_of(protocol, pack, late=late)
    begins = slot_no(plan.watch_from, 0)
    last_day = found_on if late else plan.last_day
    schedule = _opened(Schedule(table, where, plan.day_zero, begins, last_day), found_at, late)
    anchor_on = plan.day_zero - timedelta(days=protocol.day_zero.offset)
    restriction = restriction_of(protocol, schedule, found_on, evidence=evidence, reason=reason)
    due = next_due(schedule, None)
    return FilePlan(
        protocol.code, protocol.day_zero.event, anchor_on, known, late, schedule, due, restriction
    )


def restriction_of(
    protocol: Protocol, schedule: Schedule, found_on: date, *, evidence: str, reason: str
) -> Restriction | None:
    """The restriction that this protocol lays on a person; it ends by itself with the last day.

    A part that nobody gave stays empty, and the database refuses the file.
    """
    if not protocol.restricts:
        return None
    ends = day_end(schedule.last_day, schedule.zone).astimezone(UTC)
    review = found_on + timedelta(days=protocol.review_after_days or 1)
    return Restriction(
        legal_ground=protocol.legal_ground.zh_hans if protocol.legal_ground else "",
        evidence=evidence or (protocol.evidence.zh_hans if protocol.evidence else ""),
        reason=reason,
        expires_at=ends,
        review_on=min(review, schedule.last_day),
        appeal_channel=protocol.appeal.zh_hans if protocol.appeal else "",
    )


def must_be_event(protocol: Protocol, code: str, effects: Collection[str]) -> Event:
    """The event `code` of a protocol. Refuses `pack-entry-missing`, `event-does-not-end` where it has none of the
    effects asked for."""
    found = [event for event in protocol.events if event.code == code]
    if not found:
        raise Refused("pack-entry-missing", kind="event", entry=code)
    if found[0].effect not in effects:
        raise Refused("event-does-not-end", event=code)
    return found[0]


@dataclass(frozen=True, slots=True)
class Changed:
    """A plan that was moved: the new schedule and the duty that follows."""

    schedule: Schedule
    due: Due


def extension(schedule: Schedule, last_slot: int | None, until: date, at: datetime) -> Changed:
    """Carry the end to the local day `until`. Days over before it was ordered are nobody's duty.

    Refuses `not-an-extension` where the end would not be later: shortening is an early release, by two
    persons.
    """
    if until <= schedule.last_day:
        raise Refused("not-an-extension", until=until.isoformat(), last_day=schedule.last_day.isoformat())
    was = next_due(schedule, last_slot)
    longer = replace(schedule, last_day=until)
    if was.is_release:
        begins = slot_no(schedule.last_day + timedelta(days=1), 0)
        longer = replace(longer, first_slot=max(begins, first_duty(longer, at)))
    return Changed(longer, next_due(longer, last_slot))


def restart(
    protocol: Protocol,
    pack: Pack,
    schedule: Schedule,
    last_slot: int | None,
    *,
    event: Event,
    on: date,
    at: datetime,
) -> Changed:
    """Count anew: day 0 is the local day `on` (a new exposure), the end follows from the protocol.

    Refuses `event-does-not-restart`, `restart-in-future`, `restart-shortens`.
    """
    if event.effect != "restart":
        raise Refused("event-does-not-restart", event=event.code)
    if on > local_day(at, schedule.zone):
        raise Refused("restart-in-future", on=on.isoformat())
    last_day = on + timedelta(days=protocol.last_day)
    if last_day < schedule.last_day:
        raise Refused("restart-shortens", last_day=schedule.last_day.isoformat())
    table = timetable_of(protocol, pack)
    anew = Schedule(table, schedule.zone, on, slot_no(on, 0), last_day)
    anew = replace(anew, first_slot=first_duty(anew, at))
    return Changed(anew, next_due(anew, last_slot))


def _opened(schedule: Schedule, at: datetime, late: bool) -> Schedule:
    begins = max(schedule.first_slot, first_duty(schedule, at))
    if late and begins >= slot_no(schedule.last_day + timedelta(days=1), 0):
        return replace(schedule, last_day=schedule.last_day + timedelta(days=1), first_slot=begins)
    return replace(schedule, first_slot=begins)
