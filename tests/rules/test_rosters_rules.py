"""Rosters: no hour without anybody, over midnight and over a change of clocks; who is on duty too long."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from shouwang.workforce.rules import Gap, Span, fatigued, gaps, rota, shift_spans, spans_between, stretches

ZONE = "Asia/Shanghai"
THREE = ("00:00", "08:00", "16:00")
DAY = datetime(2020, 2, 1, tzinfo=ZoneInfo(ZONE))
A, B, C = (UUID(int=n) for n in range(3))


def _at(hours: float) -> datetime:
    return DAY + timedelta(hours=hours)


def _span(start: float, end: float) -> Span:
    return Span(_at(start), _at(end))


def test_a_night_shift_runs_past_midnight_and_leaves_no_gap() -> None:
    assert gaps(_span(16, 32), [_span(16, 22), _span(22, 30), _span(30, 32)]) == []


def test_an_hour_nobody_has_is_a_gap_also_over_midnight() -> None:
    assert gaps(_span(16, 32), [_span(16, 23), _span(25, 32)]) == [Gap(_at(23), _at(25), 1)]


def test_a_watch_nobody_keeps_is_one_gap() -> None:
    assert gaps(_span(0, 24), []) == [Gap(_at(0), _at(24), 1)]


def test_of_two_wanted_one_is_a_gap_of_one() -> None:
    shifts = [_span(0, 24), _span(0, 8), _span(16, 24)]
    assert gaps(_span(0, 24), shifts, 2) == [Gap(_at(8), _at(16), 1)]


def test_a_shift_outside_the_watch_covers_nothing() -> None:
    assert gaps(_span(0, 8), [_span(8, 16), _span(-8, 0)]) == [Gap(_at(0), _at(8), 1)]


def test_a_day_asks_for_three_shifts_and_the_next_begins_where_it_ends() -> None:
    spans = shift_spans(date(2020, 2, 1), date(2020, 2, 2), THREE, ZONE)
    assert [s.start for s in spans] == [_at(0), _at(8), _at(16), _at(24), _at(32), _at(40)]
    assert spans[-1].end == _at(48)


def test_shifts_that_change_in_the_evening_run_to_the_next_evening() -> None:
    spans = shift_spans(date(2020, 2, 1), date(2020, 2, 1), ("08:00", "20:00"), ZONE)
    assert spans == [_span(8, 20), _span(20, 32)]


def test_where_clocks_change_the_wall_is_kept_and_no_hour_is_lost() -> None:
    spans = shift_spans(date(2020, 3, 28), date(2020, 3, 29), ("00:00", "12:00"), "Europe/Berlin")
    assert [(s.end.timestamp() - s.start.timestamp()) / 3600 for s in spans] == [12, 12, 11, 12]


def test_a_watch_that_begins_at_two_begins_inside_a_shift() -> None:
    assert spans_between(_span(14, 40), THREE, ZONE) == [
        *(_span(14, 16), _span(16, 24), _span(24, 32), _span(32, 40))
    ]


def test_two_shifts_without_rest_between_are_one_stretch() -> None:
    shifts = [(A, _span(0, 8)), (A, _span(8, 16)), (B, _span(0, 8)), (B, _span(16, 24))]
    found = fatigued(shifts, most=timedelta(hours=12), least_rest=timedelta(hours=6))
    assert [(s.worker, s.on_duty) for s in found] == [(A, timedelta(hours=16))]


def test_a_short_pause_is_no_rest_and_is_not_counted_as_duty() -> None:
    (found,) = stretches([(A, _span(0, 8)), (A, _span(12, 20))], least_rest=timedelta(hours=6))
    assert (found.on_duty, found.end - found.start) == (timedelta(hours=16), timedelta(hours=20))


def test_shifts_are_given_out_in_turn() -> None:
    spans = spans_between(_span(0, 24), THREE, ZONE)
    assert [w for _, w in rota(spans, [A, B, C], 1)] == [A, B, C]
    assert [w for _, w in rota(spans, [A, B, C], 2)] == [A, B, C, A, B, C]


hours = st.integers(-10, 60)
shift_lists = st.lists(
    st.tuples(hours, st.integers(1, 14)).map(lambda p: _span(p[0], p[0] + p[1])), max_size=12
)


@given(st.integers(0, 20), st.integers(1, 40), shift_lists, st.integers(1, 3))
def test_an_hour_is_in_a_gap_exactly_when_too_few_are_on_duty(
    first: int, long: int, shifts: list[Span], people: int
) -> None:
    window = _span(first, first + long)
    found = gaps(window, shifts, people)
    for hour in range(first, first + long):
        moment = _at(hour + 0.5)
        on_duty = sum(s.start <= moment < s.end for s in shifts)
        missing = [g.missing for g in found if g.start <= moment < g.end]
        assert missing == ([people - on_duty] if on_duty < people else [])
    assert all(a.end < b.start or a.missing != b.missing for a, b in pairwise(found))


@given(
    st.integers(0, 400),
    st.integers(1, 60),
    st.sets(st.integers(0, 23), min_size=1, max_size=4),
    st.sampled_from([ZONE, "Europe/Berlin"]),
)
def test_the_shifts_of_any_stretch_cover_it_and_never_overlap(
    begin: int, long: int, starts: set[int], zone: str
) -> None:
    window = Span(_at(begin), _at(begin + long))
    spans = spans_between(window, [f"{hour:02d}:00" for hour in sorted(starts)], zone)
    assert gaps(window, spans) == []
    assert all(a.end <= b.start for a, b in pairwise(spans))


@given(st.integers(1, 9), st.integers(1, 3), st.integers(1, 30))
def test_a_rota_never_has_one_person_twice_at_a_time(number: int, each: int, shifts: int) -> None:
    spans = [_span(n * 8, n * 8 + 8) for n in range(shifts)]
    given_out = rota(spans, [UUID(int=n) for n in range(number)], each)
    assert len(set(given_out)) == len(given_out) == shifts * min(each, number)
