"""Release, alerts and quorum as pure questions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from shouwang.observation.rules import (
    Part,
    ReleaseFacts,
    Visit,
    climb_time,
    may_release,
    may_release_early,
    must_know_person,
    quorum_of_day,
    raise_alerts,
)
from shouwang.packs.conditions import CheckFacts, Context, PersonFacts
from shouwang.packs.load import builtin

PACK = builtin("cn-2020-longsha")
HOME = PACK.protocol("home-14")
CTX = Context.of(PACK, date(2020, 2, 16))
FACTS = ReleaseFacts(
    day_zero=date(2020, 1, 25),
    last_day=date(2020, 2, 15),
    zone="Asia/Shanghai",
    checks_done=30,
    last_abnormal=False,
    open_alerts=0,
    quorum_met=True,
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 2, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)


def test_nobody_is_released_at_2359_of_the_last_day_and_everybody_may_be_at_0000() -> None:
    assert not may_release(HOME, FACTS, CTX, at(15, 23, 59))
    assert may_release(HOME, FACTS, CTX, at(16, 0))
    assert may_release(HOME, FACTS, CTX, at(16, 0, 1))
    nepal = replace(FACTS, zone="Asia/Kathmandu")
    assert not may_release(HOME, nepal, CTX, at(16, 2, 14))
    assert may_release(HOME, nepal, CTX, at(16, 2, 15)), "midnight in Kathmandu is 02:15 in Longsha"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"open_alerts": 1}, "release-condition-not-met"),
        ({"last_abnormal": True}, "last-check-abnormal"),
        ({"checks_done": 0, "last_abnormal": None}, "never-checked"),
        ({"last_day": date(2020, 2, 20)}, "release-condition-not-met"),
    ],
)
def test_a_release_is_refused_with_its_reasons(change: dict[str, object], code: str) -> None:
    decision = may_release(HOME, replace(FACTS, **change), CTX, at(16, 8))  # type: ignore[arg-type]
    assert not decision
    assert code in {reason.code for reason in decision.reasons}


def test_early_release_takes_two_persons_a_reason_and_somebody_who_is_well() -> None:
    assert may_release_early(FACTS, asked_by="a", decided_by="b", reason="negative twice")
    assert not may_release_early(FACTS, asked_by="a", decided_by="a", reason="negative twice")
    assert not may_release_early(FACTS, asked_by="a", decided_by="b", reason=" ")
    assert not may_release_early(replace(FACTS, open_alerts=1), asked_by="a", decided_by="b", reason="r")


def _raised(deci: int | None, *symptoms: str) -> list[str]:
    facts = PersonFacts(check=CheckFacts(deci, frozenset(symptoms)))
    return [alert.code for alert in raise_alerts(PACK, facts, CTX)]


def test_the_fever_line_itself_raises_and_one_tenth_below_does_not() -> None:
    assert _raised(373) == ["fever"]
    assert _raised(372) == []
    assert _raised(None) == []
    assert _raised(None, "cough") == ["fever"]
    assert _raised(366, "diarrhoea") == ["other-symptom"]
    assert not must_know_person(PACK)


def test_an_alert_climbs_at_each_of_its_minutes_and_then_stays() -> None:
    raised = at(1, 9)
    assert [climb_time(raised, (30, 60), level) for level in (0, 1, 2)] == [at(1, 9, 30), at(1, 10), None]


def test_a_quorum_counts_different_roles_that_came_in_person() -> None:
    part = Part("daily-visits", "home", 1, 14, 2, ("medic", "police", "neighbour"))
    doctor = Visit(frozenset({"medic"}), "visit")
    assert quorum_of_day(part, [doctor, doctor]) == (1, 2)
    assert quorum_of_day(part, [doctor, Visit(frozenset({"police"}), "visit")]) == (2, 2)
    assert quorum_of_day(part, [doctor, Visit(frozenset({"police"}), "phone")]) == (1, 2)
    assert quorum_of_day(part, [doctor, Visit(frozenset({"reporter"}), "visit")]) == (1, 2)
