"""How a door ends, what is missed, how many people that makes: without a database."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.screening.rules import (
    DOOR_OUTCOMES,
    MISSED,
    SETTLED,
    Meeting,
    Told,
    band,
    days_left,
    is_missed,
    people_behind,
    share,
    wrong_with,
)
from tests.conftest import CHINA

OPENED = datetime(2020, 2, 1, 8, tzinfo=CHINA)
CLOSED = OPENED + timedelta(days=3)
AT = OPENED + timedelta(days=5)
MEETINGS = st.lists(
    st.builds(Meeting, st.frozensets(st.integers(1, 6), max_size=4), st.integers(0, 4)), max_size=6
)


def test_every_outcome_is_settled_or_missed_and_none_is_both() -> None:
    assert set(DOOR_OUTCOMES) == SETTLED | (set(MISSED) - {"unvisited"})
    assert not SETTLED & set(MISSED)
    assert [code for code in ("", *DOOR_OUTCOMES) if is_missed(code)] == [
        "",
        "not-home",
        "refused",
        "cannot-locate",
    ]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (Told("met", CLOSED, 2, 2), None),
        (Told("met", OPENED, 0, 0), None),
        (Told("vacant", OPENED, 0, 0), None),
        (Told("seen", OPENED, 0, 0), "visit-outcome-unknown"),
        (Told("withdrawn", OPENED, 0, 0), "visit-outcome-unknown"),
        (Told("met", AT + timedelta(seconds=1), 1, 0), "visit-in-future"),
        (Told("met", OPENED - timedelta(seconds=1), 1, 0), "visit-before-round"),
        (Told("met", CLOSED + timedelta(seconds=1), 1, 0), "sweep-closed"),
        (Told("met", OPENED, 1, 2), "visit-people-impossible"),
        (Told("met", OPENED, 201, 0), "visit-people-impossible"),
        (Told("moved", OPENED, 1, 0), "visit-people-not-met"),
    ],
)
def test_a_visit_is_taken_or_refused_for_one_reason(told: Told, code: str | None) -> None:
    assert wrong_with(told, opened_at=OPENED, closed_at=CLOSED, at=AT) == code


@given(MEETINGS)
def test_people_are_at_least_the_names_and_the_greatest_number_and_never_the_sum_of_repeats(
    meetings: list[Meeting],
) -> None:
    found = people_behind(meetings)
    names = {name for meeting in meetings for name in meeting.named}
    at_once = [len(meeting.named) + meeting.unnamed for meeting in meetings]
    assert found >= len(names)
    assert found >= max(at_once, default=0)
    assert found <= sum(at_once)
    assert people_behind([*meetings, *meetings]) == found


@given(MEETINGS, st.builds(Meeting, st.frozensets(st.integers(1, 6), max_size=4), st.integers(0, 4)))
def test_another_meeting_never_takes_people_away(meetings: list[Meeting], more: Meeting) -> None:
    assert people_behind([*meetings, more]) >= people_behind(meetings)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_hundred_percent_means_every_door(done: int, missing: int) -> None:
    of = done + missing
    assert (share(done, of) == 100) == (missing == 0)
    assert (band(done, of) == "full") == (missing == 0)


def test_shares_have_their_colour_and_days_are_counted_down() -> None:
    assert [band(done, 1000) for done in (0, 9, 10, 799, 800, 999, 1000)] == [
        *("none", "none", "some", "some", "most", "most", "full")
    ]
    assert [days_left(date(2020, 2, 8), date(2020, 2, day)) for day in (6, 8, 9)] == [2, 0, -1]
