"""Laboratory tests as arithmetic: when they are due, which one a sample meets, what results add up to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.observation.rules import (
    Finding,
    Open,
    Schedule,
    Timetable,
    found_positive,
    met_by,
    negatives_in_row,
    next_due,
    samples_due,
    slot_no,
    step_of,
    timetable_of,
)
from shouwang.packs.load import builtin

PACK = builtin("cn-2020-rongchang")
TABLE = timetable_of(PACK.protocol("double-14"), PACK)
ZONES = st.sampled_from(["Asia/Shanghai", "Asia/Urumqi", "Europe/Rome", "America/New_York", "Pacific/Apia"])
DAYS = st.dates(date(2019, 12, 1), date(2021, 3, 1))
ZERO = date(2020, 1, 30)


def schedule(zero: date, zone: str = "Asia/Shanghai", first: date | None = None) -> Schedule:
    """Double-14 counted from `zero`."""
    begins = slot_no(first or zero, 0)
    return Schedule(TABLE, zone, zero, begins, zero + timedelta(days=28))


@given(DAYS, ZONES)
def test_every_test_is_due_on_its_local_day_by_the_hour_of_the_pack(zero: date, zone: str) -> None:
    found = samples_due(schedule(zero, zone), datetime.min.replace(tzinfo=UTC))
    assert [test.day_no for test in found] == [1, 14, 21, 28]
    for test in found:
        local = test.due_at.astimezone(ZoneInfo(zone))
        assert test.day == zero + timedelta(days=test.day_no)
        if test.day not in _shifting(zone):
            assert (local.date(), local.hour) == (test.day, 20)


def _shifting(zone: str) -> set[date]:
    """Days on which the clocks of a zone jump."""
    there = ZoneInfo(zone)
    days = (date(2019, 12, 1) + timedelta(days=n) for n in range(600))
    return {
        day
        for day in days
        if datetime(day.year, day.month, day.day, tzinfo=there).utcoffset()
        != datetime(day.year, day.month, day.day, 23, tzinfo=there).utcoffset()
    }


@given(DAYS, st.integers(0, 40), ZONES)
def test_nobody_owes_a_test_whose_hour_is_over_when_they_are_found(zero: date, later: int, zone: str) -> None:
    at = datetime(zero.year, zero.month, zero.day, 20, 0, 1, tzinfo=ZoneInfo(zone)) + timedelta(days=later)
    owed = samples_due(schedule(zero, zone, at.date()), at)
    assert [test.day_no for test in owed] == [n for n in (1, 14, 21, 28) if n > later]


_open = st.builds(
    Open,
    st.integers(1, 10**6).map(lambda n: UUID(int=n)),
    st.sampled_from(["pcr", "antibody"]),
    st.integers(0, 30).map(lambda n: ZERO + timedelta(days=n)),
)


@given(st.lists(_open, max_size=6, unique_by=lambda d: d.id), st.integers(0, 30))
def test_a_sample_meets_the_latest_duty_that_has_come_and_leaves_the_earlier_ones(
    duties: list[Open], after: int
) -> None:
    day = ZERO + timedelta(days=after)
    met, left = met_by(duties, "pcr", day)
    come = [duty for duty in duties if duty.kind == "pcr" and duty.day <= day]
    if met is None:
        assert not come
    else:
        assert met.day == max(duty.day for duty in come)
        assert {met, *left} == set(come)
    assert all(duty.kind == "pcr" and duty.day <= day for duty in left)


_finding = st.tuples(
    st.integers(0, 20), st.integers(0, 23), st.sampled_from(["negative", "positive", "inconclusive"])
)


def _findings(raw: list[tuple[int, int, str]]) -> list[Finding]:
    days = [(ZERO + timedelta(days=n), hour, outcome) for n, hour, outcome in raw]
    return [Finding(datetime(d.year, d.month, d.day, h, tzinfo=UTC), d, outcome) for d, h, outcome in days]


@given(st.lists(_finding, max_size=8))
def test_negatives_are_counted_by_day_since_the_last_positive_whatever_order_they_come_in(
    raw: list[tuple[int, int, str]],
) -> None:
    findings = _findings(raw)
    count = negatives_in_row(findings, ZERO)
    assert count == negatives_in_row(list(reversed(findings)), ZERO)
    after = [f for f in findings if f.day > ZERO]
    positive = {f.day for f in after if f.outcome == "positive"}
    last = max(positive, default=ZERO)
    assert count == len({f.day for f in after if f.outcome == "negative" and f.day > last})


@given(st.lists(_finding, max_size=8))
def test_what_was_found_last_is_positive_only_if_the_last_telling_day_says_so(
    raw: list[tuple[int, int, str]],
) -> None:
    findings = _findings(raw)
    if found_positive(findings, ZERO):
        assert negatives_in_row(findings, ZERO) == 0


def test_the_stage_is_over_when_its_last_check_is_made_and_not_before() -> None:
    plan = schedule(ZERO)
    before, into = step_of(plan, next_due(plan, slot_no(ZERO + timedelta(days=14), 0)))
    assert (before, into and into.code) == (None, "facility")
    before, into = step_of(plan, next_due(plan, slot_no(ZERO + timedelta(days=14), 1)))
    assert (before and before.code, into and into.code) == ("facility", "home")


@pytest.mark.parametrize("pack_id", ["cn-2020-longsha", "ebola", "measles"])
def test_a_protocol_without_tests_keeps_the_key_it_had(pack_id: str) -> None:
    pack = builtin(pack_id)
    for protocol in pack.protocols:
        table = timetable_of(protocol, pack)
        assert "tests" not in table.plain()
        assert Timetable.of_plain(table.plain()) == table
