"""Attempts and the ladder on the real database: set-based, idempotent, the same as the rule says."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from shouwang.journal.queries import event_count
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.screening.actions import Attempt, note_attempts, record_attempt
from shouwang.screening.models import Reach, ReachAttempt
from shouwang.screening.rules.reaching import OUTCOMES, Tried, standing, steps_of
from tests.apps.observing import CADRE, EVERYWHERE, VILLAGE, longsha, village_scope, when

pytestmark = pytest.mark.django_db
PACK = longsha()
HOUR = timedelta(hours=1)


def attempt(subject: UUID, outcome: str, hour: int = 9, **kwargs: object) -> Attempt:
    values: dict[str, object] = {
        "subject_kind": "household",
        "purpose": "sweep",
        "channel": "door",
        "tried_at": when(1, 0) + hour * HOUR,
        "id": uuid7(),
    }
    return Attempt(area=VILLAGE, subject_id=subject, outcome=outcome, **(values | kwargs))  # type: ignore[arg-type]


def note(*attempts: Attempt, day: int = 20) -> int:
    with transaction.atomic():
        return note_attempts(attempts, pack=PACK, area=VILLAGE, by=CADRE, at=when(day)).fresh


def reach(subject: UUID) -> Reach:
    return Reach.objects.unscoped("test").get(subject_id=subject)


def test_an_empty_door_suggests_the_form_and_says_by_when() -> None:
    home = uuid7()
    assert note(attempt(home, "not-home")) == 1
    row = reach(home)
    assert (row.state, row.failures, row.next_channel) == ("open", 1, "form")
    assert row.next_due_at == when(1, 21)
    assert (row.last_channel, row.last_outcome, row.last_at) == ("door", "not-home", when(1, 9))


def test_sent_twice_it_is_one_attempt_and_other_content_under_its_id_is_refused() -> None:
    one = attempt(uuid7(), "not-home")
    assert (note(one), note(one)) == (1, 0)
    with pytest.raises(Refused, match="fact-differs"):
        note(replace(one, outcome="met"))
    assert reach(one.subject_id).failures == 1


def test_paper_typed_in_late_and_out_of_order_leads_to_the_same_place() -> None:
    home = uuid7()
    note(attempt(home, "no-answer", 40, channel="phone"))
    note(attempt(home, "left", 20, channel="form"))
    note(attempt(home, "not-home", 9))
    row = reach(home)
    assert (row.failures, row.next_channel, row.next_due_at) == (3, "phone", when(1, 0) + 64 * HOUR)


def test_a_correction_takes_the_place_of_what_was_wrong_and_both_stay() -> None:
    wrong = attempt(uuid7(), "met")
    note(wrong)
    right = replace(attempt(wrong.subject_id, "not-home"), corrects=wrong.id, reason="记错门牌")
    note(right)
    assert reach(wrong.subject_id).state == "open"
    assert ReachAttempt.objects.unscoped("test").filter(subject_id=wrong.subject_id).count() == 2
    with pytest.raises(Refused, match="attempt-not-found"):
        note(replace(right, id=uuid7()))
    with pytest.raises(Refused, match="reason-missing"):
        note(replace(right, id=uuid7(), corrects=right.id, reason=" "))


def test_the_statement_agrees_with_the_rule_for_any_attempts() -> None:
    dice = random.Random(14)
    steps = steps_of(PACK)
    told: dict[UUID, list[Attempt]] = {}
    for _ in range(120):
        home = uuid7()
        told[home] = [
            attempt(home, dice.choice(sorted(OUTCOMES)), dice.randrange(300))
            for _ in range(dice.randrange(1, 7))
        ]
    everything = [one for some in told.values() for one in some]
    dice.shuffle(everything)
    for start in range(0, len(everything), 50):
        note(*everything[start : start + 50])
    for home, some in told.items():
        row = reach(home)
        expected = standing(steps, [Tried(one.tried_at, one.id, one.outcome) for one in some])
        assert (row.state, row.failures, row.next_channel, row.next_due_at) == (
            expected.state,
            expected.failures,
            expected.channel,
            expected.due_at,
        )


def test_two_thousand_doors_take_two_statements() -> None:
    doors = [attempt(uuid7(), "not-home") for _ in range(2000)]
    with CaptureQueriesContext(connection) as queries:
        note(*doors)
    assert len([q for q in queries if "savepoint" not in q["sql"].lower()]) == 2
    assert Reach.objects.unscoped("test").filter(next_channel="form").count() == 2000


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"channel": "pigeon"}, "attempt-unreadable"),
        ({"outcome": "perhaps"}, "attempt-unreadable"),
        ({"subject_kind": "dog"}, "attempt-unreadable"),
        ({"purpose": ""}, "attempt-unreadable"),
        ({"area": "500101136"}, "attempt-unreadable"),
        ({"tried_at": when(28)}, "attempt-unreadable"),
    ],
)
def test_what_cannot_be_read_is_refused_and_nothing_of_the_lot_is_there(
    change: dict[str, object], code: str
) -> None:
    good, bad = attempt(uuid7(), "met"), replace(attempt(uuid7(), "met"), **change)  # type: ignore[arg-type]
    with pytest.raises(Refused, match=code):
        note(good, bad)
    assert not ReachAttempt.objects.unscoped("test").exists()


def test_one_attempt_is_one_event_and_only_where_it_may_be_noted() -> None:
    one = attempt(uuid7(), "not-home")
    with pytest.raises(Refused, match="not-permitted"):
        record_attempt(attempt=one, pack=PACK, scope=village_scope(), by=CADRE, at=when(2))
    before = event_count()
    for _ in range(2):
        record_attempt(attempt=one, pack=PACK, scope=EVERYWHERE, by=CADRE, at=when(2))
    assert event_count() == before + 1


@pytest.mark.parametrize(
    "statement", ["update screening_reachattempt set outcome = 'met'", "delete from screening_reachattempt"]
)
def test_the_database_refuses_to_change_an_attempt(statement: str) -> None:
    note(attempt(uuid7(), "not-home"))
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
