"""What a telephone in the field must know of the files of its patch: today and the days held, whatever their number."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from shouwang.kernel.days import local_day
from shouwang.kernel.scope import Scope
from shouwang.observation.queries.plans import timetable
from shouwang.observation.queries.within import area_condition
from shouwang.observation.rules import RELEASE, Part, Schedule, Slot, slot_day, slots_on


@dataclass(frozen=True, slots=True)
class HeldFile:
    """An open file with something due on the days held, or seen today."""

    id: UUID
    person_id: UUID
    household_id: UUID | None
    area: str
    zone: str
    protocol: str
    revision_id: UUID
    day_no: int
    last_day_no: int
    day_zero: date
    today: tuple[Slot, ...]
    """Every check of today, done or not: what the round of the day is planned by."""
    due: tuple[Slot, ...]
    """What is still to be done until the end of the days held; the first may be over."""
    part: Part
    """The stage of today as the timetable has it."""
    last_check_at: datetime | None
    last_deci: int | None
    last_abnormal: bool | None
    last_outcome: str
    next_due_at: datetime
    is_late: bool
    done_today: bool
    """Seen today, and nothing more is due today."""

    @property
    def home(self) -> UUID:
        """The household, or the person where somebody belongs to none."""
        return self.household_id or self.person_id


@dataclass(frozen=True, slots=True)
class Held:
    """Files of a patch, home by home: what is late first, then by deadline. `homes_left`: homes beyond the most."""

    files: tuple[HeldFile, ...]
    homes_left: int


def upcoming(
    scope: Scope,
    at: datetime,
    *,
    days: int,
    homes_most: int,
    households: Collection[UUID] | None = None,
    owner: UUID | None = None,
) -> Held:
    """Open files in sight that have a check due within `days` local days (today the first), or were seen today.

    `households`: only of these, and of people without a household for whom `owner` answers. At most `homes_most`
    homes. One query, however many.
    """
    where, params = area_condition(scope, "f.area")
    if households is not None:
        where += (
            " and (f.household_id = any(%(households)s::uuid[])"
            " or (f.household_id is null and f.owner_id = %(owner)s))"
        )
    params |= {
        "at": at,
        "days": days,
        "most": homes_most,
        "households": list(households or ()),
        "owner": owner,
    }
    params |= {"release": RELEASE}
    with connection.cursor() as cursor:
        cursor.execute(_HELD.format(where=where), params)
        rows = cursor.fetchall()
    total = rows[0][-1] if rows else 0
    return Held(tuple(_file(row, at, days) for row in rows), max(0, total - homes_most))


def _file(row: tuple[Any, ...], at: datetime, days: int) -> HeldFile:
    key, zero, first_slot, last_day, next_slot, next_due_at, seen_at, deci, abnormal, outcome = row[7:17]
    zone = row[4]
    schedule = Schedule(timetable(key), zone, zero, first_slot, last_day)
    day = local_day(at, zone)
    coming = [slot for n in range(days) for slot in slots_on(schedule, day + timedelta(days=n))]
    coming = [slot for slot in coming if slot.no >= first_slot]
    due = [slot for slot in coming if slot.no >= next_slot]
    if next_slot & 31 != RELEASE and slot_day(next_slot) < day:
        due[:0] = [slot for slot in slots_on(schedule, slot_day(next_slot)) if slot.no == next_slot]
    seen = seen_at is not None and local_day(seen_at, zone) == day
    file_id, person, household, area, _, protocol, revision = row[:7]
    return HeldFile(
        id=file_id,
        person_id=person,
        household_id=household,
        area=area,
        zone=zone,
        protocol=protocol,
        revision_id=revision,
        day_no=schedule.day_no(day),
        last_day_no=schedule.day_no(last_day),
        day_zero=zero,
        today=tuple(slot for slot in coming if slot_day(slot.no) == day),
        due=tuple(due),
        part=schedule.timetable.part(schedule.day_no(day)),
        last_check_at=seen_at,
        last_deci=deci,
        last_abnormal=abnormal,
        last_outcome=outcome,
        next_due_at=next_due_at,
        is_late=next_due_at < at and next_slot & 31 != RELEASE,
        done_today=seen and not any(slot_day(slot.no) <= day for slot in due),
    )


_HELD = """
with held as (
    select f.id, f.person_id, f.household_id, f.area, f.zone, f.protocol, f.revision_id, f.timetable_id,
        f.day_zero, f.first_slot,
        coalesce(f.ordered_last_day, f.planned_last_day) as last_day,
        f.next_slot, f.next_due_at, f.last_check_at, f.last_deci, f.last_abnormal, f.last_outcome,
        coalesce(f.household_id, f.person_id) as home
    from observation_file f
    where f.state = 'open' and {where} and (
        ((f.next_slot & 31) <> %(release)s and f.next_due_at <=
            ((%(at)s at time zone f.zone)::date + %(days)s::int)::timestamp at time zone f.zone)
        or f.last_check_at >= (%(at)s at time zone f.zone)::date::timestamp at time zone f.zone)
), ranked as (
    select h.*, min(h.next_due_at) over (partition by h.home) as first_due from held h
), placed as (
    select r.*, dense_rank() over (order by r.first_due, r.home) as place from ranked r
)
select id, person_id, household_id, area, zone, protocol, revision_id, timetable_id, day_zero, first_slot,
    last_day, next_slot, next_due_at, last_check_at, last_deci, last_abnormal, last_outcome,
    (select max(place) from placed) as homes
from placed where place <= %(most)s order by place, id
"""
