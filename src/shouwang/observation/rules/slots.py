"""Slots: the one numbering of everything that is due, and which of them a check satisfies.

A **slot** is one check due on one local day. Its number is `days since 2000-01-01 * 32 + index in the
day`, one integer that is total (every slot of every file has one), monotone in time, and stays what it is
when day 0 moves (a restart) or the end does (an extension). `slot >> 5` is the day, `slot & 31` the
index, here and in SQL. Index 30 is the release duty, index 31 a check on a day on which none was due.

Which slot a check satisfies, by the instant it was taken:
- the first of its local day whose deadline is not over; the deadline itself still counts;
- after the last deadline of the day, until midnight, the last of that day (a late check);
- at the very instant of a deadline at 24:00, the day that ends;
- on a day without slots, the day's index 31.
A missed morning stays missed: the evening's check does not fill it, it only moves the next duty on.

A file is late when `next due < now`; at the deadline itself it is not. Once the last slot is satisfied
the duty is to release: by noon of the day after the last day (our choice: a morning to do the papers).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from shouwang.kernel.days import at_local, local_day
from shouwang.observation.rules.timetable import Timetable

EPOCH = date(2000, 1, 1).toordinal()
BITS = 5
RELEASE = 30
EXTRA = 31
RELEASE_STAGE = "release"
RELEASE_TIME = "12:00"
RELEASE_OVERDUE = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Schedule:
    """The dates of one file: timetable, zone, day 0, the slot its duties begin at, its last day in force."""

    timetable: Timetable
    zone: str
    day_zero: date
    first_slot: int
    last_day: date

    def day_no(self, day: date) -> int:
        """Which day of the file `day` is; day 0 is the anchor."""
        return (day - self.day_zero).days


@dataclass(frozen=True, slots=True)
class Slot:
    """One check due: from when it may be taken (exclusive), until when (inclusive), in UTC."""

    no: int
    day_no: int
    opens: datetime
    deadline: datetime
    stage: str
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """The next duty of a file. `slot & 31 == RELEASE`: to release; then `channel` is empty."""

    slot: int
    at: datetime
    stage: str
    channel: str

    @property
    def is_release(self) -> bool:
        return self.slot & 31 == RELEASE


def slot_no(day: date, index: int) -> int:
    """The number of the slot `index` of a local day."""
    return day.toordinal() - EPOCH << BITS | index


def slot_day(slot: int) -> date:
    """The local day of a slot."""
    return date.fromordinal((slot >> BITS) + EPOCH)


def slots_on(schedule: Schedule, day: date) -> tuple[Slot, ...]:
    """The slots of one local day, by number; none outside the file's days."""
    if day > schedule.last_day:
        return ()
    return _slots(schedule.timetable, schedule.zone, schedule.day_zero, day)


def next_due(schedule: Schedule, last_slot: int | None) -> Due:
    """What is due after `last_slot`, the latest slot satisfied (None: none yet); always something."""
    floor = schedule.first_slot - 1
    after = floor if last_slot is None or last_slot < floor else last_slot
    return _next(schedule.timetable, schedule.zone, schedule.day_zero, schedule.last_day, after)


def first_duty(schedule: Schedule, at: datetime) -> int:
    """From which slot on a file opened at `at` has duties: the first that can still be met."""
    day = local_day(at, schedule.zone)
    while day <= schedule.last_day:
        for slot in slots_on(schedule, day):
            if slot.deadline > at:
                return slot.no
        day += timedelta(days=1)
    return slot_no(day, 0)


def slot_at(schedule: Schedule, taken_at: datetime) -> int:
    """The slot that a check taken at this instant satisfies (see above)."""
    day = local_day(taken_at, schedule.zone)
    today = slots_on(schedule, day)
    if _slots_end(schedule, day - timedelta(days=1)) == taken_at:
        return slots_on(schedule, day - timedelta(days=1))[-1].no
    for slot in today:
        if taken_at <= slot.deadline:
            return slot.no
    return today[-1].no if today else slot_no(day, EXTRA)


def not_yet(schedule: Schedule, slot: int, taken_at: datetime) -> str:
    """Why a check taken at `taken_at` may not stand for the slot the caller named; "" where it may.

    `slot-unknown`, `slot-not-yet` (nobody measures ahead), `slot-too-old` (older than the day before).
    """
    day = slot_day(slot)
    named = [s for s in slots_on(schedule, day) if s.no == slot]
    if not named:
        return "slot-unknown"
    if taken_at <= named[0].opens:
        return "slot-not-yet"
    return "slot-too-old" if local_day(taken_at, schedule.zone) - day > timedelta(days=1) else ""


def last_passed(schedule: Schedule, at: datetime) -> int | None:
    """The latest duty whose deadline is over at `at`: a file is late when no check since satisfies it.

    None: no deadline is over yet. `RELEASE_OVERDUE`: the release itself is, which no check satisfies.
    """
    if _release(schedule.zone, schedule.last_day).at < at:
        return RELEASE_OVERDUE
    day = min(local_day(at, schedule.zone), schedule.last_day)
    floor = slot_day(schedule.first_slot)
    while day >= floor:
        for slot in reversed(slots_on(schedule, day)):
            if slot.deadline < at:
                return slot.no if slot.no >= schedule.first_slot else None
        day -= timedelta(days=1)
    return None


def _slots_end(schedule: Schedule, day: date) -> datetime | None:
    slots = slots_on(schedule, day)
    return slots[-1].deadline if slots else None


@lru_cache(maxsize=65536)
def _slots(timetable: Timetable, zone: str, day_zero: date, day: date) -> tuple[Slot, ...]:
    day_no = (day - day_zero).days
    opens = at_local(day, "00:00", zone).astimezone(UTC)
    found = []
    for index, beat in enumerate(timetable.beats(day_no)):
        local = f"{beat.minute // 60:02d}:{beat.minute % 60:02d}"
        # where the clock jumps two wall-clock times may change places; deadlines never do
        deadline = max(at_local(day, local, zone).astimezone(UTC), opens)
        found.append(Slot(slot_no(day, index), day_no, opens, deadline, beat.stage, beat.channels))
        opens = deadline
    return tuple(found)


@lru_cache(maxsize=65536)
def _next(timetable: Timetable, zone: str, day_zero: date, last_day: date, after: int) -> Due:
    day = slot_day(after)
    while day <= last_day:
        for slot in _slots(timetable, zone, day_zero, day):
            if slot.no > after:
                return Due(slot.no, slot.deadline, slot.stage, slot.channels[0])
        day += timedelta(days=1)
    return _release(zone, last_day)


@lru_cache(maxsize=4096)
def _release(zone: str, last_day: date) -> Due:
    morrow = last_day + timedelta(days=1)
    return Due(
        slot_no(morrow, RELEASE), at_local(morrow, RELEASE_TIME, zone).astimezone(UTC), RELEASE_STAGE, ""
    )
