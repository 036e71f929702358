"""Slots, deadlines and plans: the calendar of a file at its edges."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.kernel.days import at_local, local_day
from shouwang.kernel.errors import Refused
from shouwang.observation.rules import (
    EXTRA,
    RELEASE,
    Schedule,
    Timetable,
    extension,
    first_duty,
    last_passed,
    next_due,
    not_yet,
    plan_file,
    restart,
    slot_at,
    slot_day,
    slot_no,
    slots_on,
    timetable_of,
)
from shouwang.packs.conditions import ExposureFact, PersonFacts, TripFact
from shouwang.packs.load import builtin

PACK = builtin("cn-2020-longsha")
HOME = PACK.protocol("home-14")
ZONES = [
    "Asia/Shanghai",
    "Asia/Kathmandu",
    "America/Santiago",
    "America/Sao_Paulo",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Havana",
]
BEATS = st.lists(st.integers(0, 1440), min_size=0, max_size=6, unique=True).map(sorted)


def schedule(
    zone: str = "Asia/Shanghai", zero: date = date(2020, 1, 25), *, at: datetime | None = None
) -> Schedule:
    bare = Schedule(timetable_of(HOME, PACK), zone, zero, slot_no(zero, 0), zero + timedelta(days=21))
    return replace(bare, first_slot=first_duty(bare, at)) if at else bare


def at(day: date, clock: str, zone: str = "Asia/Shanghai") -> datetime:
    hour, minute, *second = (int(part) for part in clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, *second, tzinfo=ZoneInfo(zone)).astimezone(
        UTC
    )


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """Any timetable with up to six checks a day at any minute, in zones that jump, at any season."""
    days = draw(st.lists(BEATS, min_size=1, max_size=8))
    plain = {
        "first": 0,
        "days": [[[minute, "stage", ["visit"]] for minute in day] for day in days],
        "parts": [["stage", "home", 0, len(days) - 1, 0, []]],
    }
    zero = draw(st.dates(date(2019, 12, 1), date(2020, 12, 31)))
    found = zero + timedelta(days=draw(st.integers(0, 12)))
    last = max(zero + timedelta(days=draw(st.integers(0, 12))), found - timedelta(days=1))
    zone = draw(st.sampled_from(ZONES))
    return Schedule(Timetable.of_plain(plain), zone, zero, slot_no(found, 0), last)


@given(schedules())
def test_slots_are_total_and_monotone_and_the_next_one_is_never_skipped(plan: Schedule) -> None:
    days = [plan.day_zero + timedelta(days=n) for n in range((plan.last_day - plan.day_zero).days + 1)]
    every = [slot for day in days for slot in slots_on(plan, day)]
    assert [s.no for s in every] == sorted({s.no for s in every})
    assert all(a.deadline <= b.deadline for a, b in pairwise(every))
    duties = [s for s in every if s.no >= plan.first_slot]
    walked, due = [], next_due(plan, None)
    while not due.is_release:
        walked.append(due.slot)
        due = next_due(plan, due.slot)
    assert walked == [s.no for s in duties]
    assert slot_day(due.slot) == plan.last_day + timedelta(days=1)
    assert due.slot & 31 == RELEASE
    assert not duties or duties[-1].deadline < due.at


@given(schedules(), st.integers(-40_000, 40_000_000))
def test_a_check_at_any_instant_has_a_slot_and_an_open_file_always_has_a_next_due(
    plan: Schedule, second: int
) -> None:
    taken = at_local(plan.day_zero, "00:00", plan.zone).astimezone(UTC) + timedelta(seconds=second)
    slot = slot_at(plan, taken)
    day = local_day(taken, plan.zone)
    assert slot_day(slot) in (day, day - timedelta(days=1))
    known = {s.no: s for s in slots_on(plan, slot_day(slot))}
    if slot in known and taken <= known[slot].deadline and slot_day(slot) == day:
        earlier = [s for s in known.values() if s.no < slot]
        assert all(s.deadline < taken for s in earlier), "the first slot still open"
    elif slot not in known:
        assert slot & 31 == EXTRA
        assert not slots_on(plan, day)
    due = next_due(plan, slot)
    assert due.slot > min(slot, due.slot - 1)
    assert due.at is not None
    if not due.is_release:
        assert due.slot > slot
        assert due.slot >= plan.first_slot


@given(schedules(), st.integers(0, 40_000_000))
def test_late_by_the_kept_column_and_late_by_the_checks_are_the_same(plan: Schedule, second: int) -> None:
    now = at_local(plan.day_zero, "00:00", plan.zone).astimezone(UTC) + timedelta(seconds=second)
    passed = last_passed(plan, now)
    every = [
        slot.no
        for n in range((plan.last_day - plan.day_zero).days + 1)
        for slot in slots_on(plan, plan.day_zero + timedelta(days=n))
    ]
    for last in [None, *every]:
        by_column = next_due(plan, last).at < now
        by_facts = passed is not None and passed >= plan.first_slot and (last is None or last < passed)
        assert by_column == by_facts


@pytest.mark.parametrize(
    ("clock", "index", "late"),
    [
        ("00:00", 0, False),
        ("00:01", 0, False),
        ("11:59:59", 0, False),
        ("12:00", 0, False),
        ("12:00:01", 1, False),
        ("20:00", 1, False),
        ("20:00:01", 1, True),
        ("23:59:59", 1, True),
    ],
)
@pytest.mark.parametrize("zone", ZONES)
def test_which_slot_a_check_satisfies_at_the_edges_of_a_day(
    clock: str, index: int, late: bool, zone: str
) -> None:
    day = date(2020, 2, 3)
    plan = schedule(zone)
    slot = slot_at(plan, at(day, clock, zone))
    assert slot == slot_no(day, index)
    [found] = [s for s in slots_on(plan, day) if s.no == slot]
    assert (at(day, clock, zone) > found.deadline) is late


def test_a_check_at_2359_belongs_to_the_day_and_at_0000_to_the_next() -> None:
    plan = schedule()
    assert slot_at(plan, at(date(2020, 2, 3), "23:59")) == slot_no(date(2020, 2, 3), 1)
    assert slot_at(plan, at(date(2020, 2, 4), "00:00")) == slot_no(date(2020, 2, 4), 0)
    assert slot_at(plan, at(date(2020, 2, 4), "00:01")) == slot_no(date(2020, 2, 4), 0)


def test_a_deadline_at_2400_is_met_at_midnight_itself_and_missed_a_second_later() -> None:
    table = Timetable.of_plain(
        {"first": 0, "days": [[[1440, "s", ["visit"]]]], "parts": [["s", "home", 0, 0, 0, []]]}
    )
    zero = date(2020, 2, 28)
    plan = Schedule(table, "Asia/Shanghai", zero, slot_no(zero, 0), zero + timedelta(days=3))
    leap = date(2020, 2, 29)
    assert slot_at(plan, at(leap, "00:00")) == slot_no(zero, 0)
    assert slot_at(plan, at(leap, "00:00:01")) == slot_no(leap, 0)
    assert next_due(plan, slot_no(zero, 0)).at == at(date(2020, 3, 1), "00:00")
    assert not next_due(plan, None).at < at(leap, "00:00")
    assert next_due(plan, None).at < at(leap, "00:00:01")


def test_29_february_is_a_day_like_any_other() -> None:
    plan = schedule(zero=date(2020, 2, 20))
    assert slots_on(plan, date(2020, 2, 29))[0].day_no == 9
    assert slots_on(plan, date(2020, 3, 1))[0].day_no == 10
    assert next_due(plan, slot_no(date(2020, 2, 28), 1)).slot == slot_no(date(2020, 2, 29), 0)


def test_the_hour_that_a_clock_skips_never_makes_deadlines_change_places() -> None:
    table = Timetable.of_plain(
        {
            "first": 0,
            "days": [[[150, "s", ["visit"]], [170, "s", ["visit"]], [180, "s", ["visit"]]]],
            "parts": [["s", "home", 0, 0, 0, []]],
        }
    )
    day = date(2020, 3, 29)  # Berlin: 02:00 becomes 03:00
    plan = Schedule(table, "Europe/Berlin", day, slot_no(day, 0), day)
    deadlines = [s.deadline for s in slots_on(plan, day)]
    assert deadlines == sorted(deadlines)


def test_nobody_measures_ahead_and_a_slot_named_by_hand_must_exist() -> None:
    plan, day = schedule(), date(2020, 2, 3)
    evening = slot_no(day, 1)
    assert not_yet(plan, evening, at(day, "12:00")) == "slot-not-yet"
    assert not_yet(plan, evening, at(day, "12:01")) == ""
    assert not_yet(plan, evening, at(day + timedelta(days=1), "08:00")) == ""
    assert not_yet(plan, evening, at(day + timedelta(days=2), "08:00")) == "slot-too-old"
    assert not_yet(plan, slot_no(day, 2), at(day, "21:00")) == "slot-unknown"


def _trip(returned: date | None) -> PersonFacts:
    return PersonFacts(trips=(TripFact("4201", None, returned),))


def test_day_0_is_the_day_of_return_and_the_first_duty_the_first_that_can_still_be_met() -> None:
    plan = plan_file(HOME, _trip(date(2020, 1, 25)), at(date(2020, 2, 1), "12:00"), PACK, reason="r")
    assert (plan.schedule.day_zero, plan.anchor_known, plan.found_late) == (date(2020, 1, 25), "clear", False)
    assert plan.due.slot == slot_no(date(2020, 2, 1), 1), "at noon the noon deadline cannot be met any more"
    assert plan.schedule.last_day == date(2020, 2, 15)
    assert plan.restriction is not None
    assert plan.restriction.expires_at == at(date(2020, 2, 16), "00:00")


def test_an_unknown_day_of_return_counts_from_the_day_found_and_says_so() -> None:
    plan = plan_file(HOME, _trip(None), at(date(2020, 2, 1), "23:59"), PACK, reason="r")
    assert (plan.schedule.day_zero, plan.anchor_known) == (date(2020, 2, 1), "unknown-day-found")
    assert plan.due.slot == slot_no(date(2020, 2, 2), 0)
    a_minute_later = plan_file(HOME, _trip(None), at(date(2020, 2, 2), "00:00"), PACK, reason="r")
    assert a_minute_later.schedule.day_zero == date(2020, 2, 2)


def test_a_return_in_the_future_is_a_typo_and_never_puts_off_the_first_check() -> None:
    plan = plan_file(HOME, _trip(date(2021, 1, 25)), at(date(2020, 2, 1), "08:00"), PACK, reason="r")
    assert (plan.schedule.day_zero, plan.anchor_known) == (date(2020, 2, 1), "unknown-day-found")


@pytest.mark.parametrize(("clock", "due_day"), [("08:00", 1), ("19:59", 1), ("20:00", 2), ("23:59", 2)])
def test_found_after_the_last_day_is_a_file_that_says_so_with_one_check(clock: str, due_day: int) -> None:
    found = at(date(2020, 2, 1), clock)
    plan = plan_file(HOME, _trip(date(2020, 1, 10)), found, PACK, reason="r")
    assert plan.found_late
    assert plan.due.slot == slot_no(date(2020, 2, due_day), 0)
    assert plan.due.stage == "found-late"
    after = next_due(plan.schedule, plan.due.slot)
    assert after.is_release
    in_time = plan_file(HOME, _trip(date(2020, 1, 11)), found, PACK, reason="r")
    assert not in_time.found_late, "found on the last day is in time"


def test_an_extension_moves_the_end_only_forward_and_holds_no_passed_day_against_anyone() -> None:
    plan = schedule()
    done = slot_no(plan.last_day, 0)
    assert next_due(plan, done).is_release
    later = plan.last_day + timedelta(days=7)
    two_days_on = at(plan.last_day + timedelta(days=3), "09:00")
    changed = extension(plan, done, later, two_days_on)
    assert changed.due.slot == slot_no(plan.last_day + timedelta(days=3), 0)
    with pytest.raises(Refused, match="not-an-extension"):
        extension(plan, done, plan.last_day, two_days_on)
    behind = extension(plan, slot_no(plan.last_day, 0) - 64, later, two_days_on)
    assert behind.due.at < two_days_on, "what was late stays late"


def test_a_restart_counts_anew_and_keeps_the_numbers_of_what_was_done() -> None:
    plan, event = schedule(), HOME.events[0]
    done = slot_no(date(2020, 2, 5), 0)
    now = at(date(2020, 2, 5), "13:00")
    changed = restart(HOME, PACK, plan, done, event=event, on=date(2020, 2, 4), at=now)
    assert changed.schedule.day_zero == date(2020, 2, 4)
    assert changed.due.slot == slot_no(date(2020, 2, 5), 1)
    with pytest.raises(Refused, match="restart-in-future"):
        restart(HOME, PACK, plan, done, event=event, on=date(2020, 2, 6), at=now)


def test_measles_is_watched_from_before_day_0_and_ebola_to_day_21() -> None:
    measles = builtin("measles")
    protocol = measles.protocols[0]
    seen = PersonFacts(exposures=(ExposureFact("household", date(2020, 1, 1), date(2020, 1, 8)),))
    kinds = {kind.code for kind in measles.exposure_kinds}
    seen = replace(seen, exposures=tuple(replace(e, kind=next(iter(kinds))) for e in seen.exposures))
    plan = plan_file(protocol, seen, at(date(2020, 1, 2), "08:00", measles.zone), measles, reason="r")
    assert slot_day(plan.due.slot) >= date(2020, 1, 2)
    assert not plan.due.is_release


def test_a_timetable_is_named_by_its_content() -> None:
    table = timetable_of(HOME, PACK)
    assert Timetable.of_plain(table.plain()) == table
    assert table != timetable_of(HOME, PACK, late=True)
    assert [len(table.beats(day)) for day in (1, 14, 15, 21, 30)] == [2, 2, 1, 1, 1]
    assert (table.part(3).quorum, len(table.part(3).roles)) == (2, 5)
