"""Stages, checks a day, channel and quorum come from the pack, and the duties of a day follow."""

from __future__ import annotations

from datetime import date

import pytest

from shouwang.kernel.errors import Refused
from shouwang.observation.actions import release_file
from shouwang.observation.queries import duties, file_page, quorum_gaps
from tests.apps.observing import (
    CADRE,
    EVERYWHERE,
    check,
    file,
    make_ground,
    open_some,
    pack_of,
    record,
    when,
)

pytestmark = pytest.mark.django_db
RETURNED = date(2020, 1, 25)


def test_days_1_to_14_are_two_visits_and_15_to_21_one_call_as_the_pack_says() -> None:
    [one] = open_some(make_ground(1), RETURNED)
    page = file_page(EVERYWHERE, one, when(1))
    tiers = {day.day_no: (day.stage, [cell.channels[0] for cell in day.cells]) for day in page.days}
    assert tiers[0] == ("daily-visits", [])
    assert all(tiers[n] == ("daily-visits", ["visit", "visit"]) for n in range(1, 15))
    assert all(tiers[n] == ("by-phone", ["phone"]) for n in range(15, 22))


def test_the_duties_of_the_evening_of_day_14_are_doors_and_of_day_15_calls() -> None:
    [one] = open_some(make_ground(1), RETURNED)
    record([check(one, when(8, 10))], when(8, 10))
    [evening] = duties(EVERYWHERE, when(8, 15))
    assert (evening.day_no, evening.last_day_no, evening.channel, evening.due_at) == (
        14,
        21,
        "visit",
        when(8, 20),
    )
    record([check(one, when(8, 19))], when(8, 19))
    assert duties(EVERYWHERE, when(8, 23, 59)) == []
    [morrow] = duties(EVERYWHERE, when(9, 0))
    assert (morrow.day_no, morrow.stage, morrow.channel, morrow.due_at) == (
        15,
        "by-phone",
        "phone",
        when(9, 20),
    )


@pytest.mark.parametrize(("hour", "minute", "zero"), [(23, 59, 1), (0, 0, 2), (0, 1, 2)])
def test_day_0_of_somebody_whose_return_nobody_knows_is_the_local_day_found(
    hour: int, minute: int, zero: int
) -> None:
    found = when(1 if hour else 2, hour, minute)
    [one] = open_some(make_ground(1), None, at=found)
    row = file(one)
    assert (row.day_zero, row.anchor_known) == (date(2020, 2, zero), "unknown-day-found")
    assert row.planned_last_day == date(2020, 2, zero + 21)


def test_fewer_than_two_of_five_on_a_day_is_a_gap_that_is_seen() -> None:
    files = open_some(make_ground(3), RETURNED)
    record(
        [
            check(files[0], when(1, 10), roles=("medic", "village-cadre")),
            check(files[1], when(1, 10), roles=("medic",)),
            check(files[1], when(1, 18), roles=("medic",)),
            check(files[2], when(1, 10), roles=("medic",)),
            check(files[2], when(1, 18), roles=("police",)),
        ],
        when(1, 21),
    )
    assert [(gap.file_id, gap.came, gap.must) for gap in quorum_gaps(EVERYWHERE, date(2020, 2, 1))] == [
        (files[1], 1, 2)
    ]
    assert quorum_gaps(EVERYWHERE, date(2020, 2, 9)) == [], "day 15 asks for none"


def test_nobody_leaves_before_the_last_day_is_over_at_the_place() -> None:
    [one] = open_some(make_ground(1), RETURNED)
    items = [check(one, when(day, hour)) for day in range(1, 16) for hour in (10, 18)]
    record(items, when(15, 23))
    for early in (when(15, 23, 59), when(15, 23, 59, 59)):
        with pytest.raises(Refused, match="release-refused"):
            release_file(file_id=one, scope=EVERYWHERE, pack_of=pack_of, by=CADRE, at=early)
    release_file(file_id=one, scope=EVERYWHERE, pack_of=pack_of, by=CADRE, at=when(16, 0))
    assert file(one).state == "released"
