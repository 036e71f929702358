"""The ladder: what follows from attempts, whatever the order in which they came in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.packs.load import builtin
from shouwang.screening.rules.reaching import (
    CLOSED,
    FAILED,
    OUTCOMES,
    REACHED,
    Standing,
    Step,
    Tried,
    next_step,
    standing,
    steps_of,
)

START = datetime(2020, 2, 1, 8, tzinfo=UTC)
STEPS = steps_of(builtin("cn-2020-longsha"))
HOUR = timedelta(hours=1)


def tried(*outcomes: str, every: timedelta = 12 * HOUR) -> list[Tried]:
    return [Tried(START + every * n, UUID(int=n), outcome) for n, outcome in enumerate(outcomes)]


attempts = st.lists(
    st.builds(
        Tried,
        st.integers(0, 200).map(lambda hours: START + hours * HOUR),
        st.uuids(version=4),
        st.sampled_from(sorted(OUTCOMES)),
    ),
    max_size=8,
    unique_by=lambda one: one.id,
)


@pytest.mark.parametrize(
    ("outcomes", "channel", "hours"),
    [
        (("not-home",), "form", 12),
        (("not-home", "left"), "phone", 24),
        (("not-home", "left", "no-answer"), "phone", 24),
        (("not-home", "left", "no-answer", "no-answer"), "appointment", 48),
        (("not-home", "left", "wrong-number"), "appointment", 48),
        (("cannot-locate",), "phone", 24),
        (("not-home",) * 12, "appointment", 48),
    ],
)
def test_each_failure_suggests_the_next_channel_and_says_by_when(
    outcomes: tuple[str, ...], channel: str, hours: int
) -> None:
    told = tried(*outcomes)
    due = told[-1].tried_at + hours * HOUR
    assert standing(STEPS, told) == Standing("open", len(outcomes), channel, due)


def test_whoever_was_met_is_reached_and_whoever_refused_waits_for_a_person() -> None:
    assert standing(STEPS, tried("not-home", "left", "filled")) == Standing("reached", 0)
    assert standing(STEPS, tried("not-home", "refused")) == Standing("closed", 0)


def test_a_visit_that_repeats_is_due_again_after_its_hours() -> None:
    told = standing(STEPS, tried("met"), repeat_hours=72)
    assert told == Standing("open", 0, "door", START + 72 * HOUR)


def test_while_an_appointment_is_to_come_nothing_else_is_suggested() -> None:
    until = START + 60 * HOUR
    told = standing(STEPS, tried("not-home", "no-answer"), appointment=until)
    assert told == Standing("open", 2, "appointment", until)
    assert standing(STEPS, tried("not-home", "answered"), appointment=until).state == "reached"


@settings(deadline=None)
@given(attempts, st.data())
def test_what_stands_does_not_depend_on_the_order_in_which_attempts_come_in(
    told: list[Tried], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(told))
    assert standing(STEPS, shuffled) == standing(STEPS, told)


@given(attempts)
def test_only_the_failures_since_the_last_word_count(told: list[Tried]) -> None:
    later = Tried(START + 300 * HOUR, UUID(int=1), "met")
    after = Tried(START + 301 * HOUR, UUID(int=2), "not-home")
    assert standing(STEPS, [*told, later, after]).failures == 1


@given(attempts)
def test_whoever_is_not_reached_always_has_a_next_channel_and_a_time_after_the_last_attempt(
    told: list[Tried],
) -> None:
    stands = standing(STEPS, told)
    if not told:
        return
    last = max(told, key=lambda one: (one.tried_at, one.id))
    assert (stands.state == "reached") == (last.outcome in REACHED)
    assert (stands.state == "closed") == (last.outcome in CLOSED)
    if last.outcome in FAILED:
        assert stands.channel
        assert stands.due_at is not None
        assert stands.due_at > last.tried_at


@given(st.integers(0, 30), st.integers(0, 30), st.sampled_from(sorted(FAILED)))
def test_more_failures_never_step_down_the_ladder(few: int, more: int, last: str) -> None:
    rungs = [step.channel for step in STEPS]
    lower, upper = (next_step(STEPS, n, last) for n in sorted((few, few + more)))
    assert lower is not None
    assert upper is not None
    assert rungs.index(lower.channel) <= rungs.index(upper.channel)


@given(st.integers(0, 30), st.sampled_from(sorted(FAILED)))
def test_a_rung_that_makes_no_sense_is_never_suggested(failures: int, last: str) -> None:
    step = next_step(STEPS, failures, last)
    assert step is not None
    assert last not in step.not_after


def test_a_ladder_where_nothing_makes_sense_suggests_nothing() -> None:
    only = [Step("phone", 0, 24, frozenset({"wrong-number"}))]
    assert next_step(only, 3, "wrong-number") is None
    assert next_step([], 3, "not-home") is None
