"""Calls, answers, appointments, workers away and arrivals, end to end in a small town."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from shouwang.classification.queries import standings
from shouwang.journal.queries import event_count
from shouwang.journeys.arrive import arrive, meet_arrival
from shouwang.journeys.record_away import note_away, put_on_away_list
from shouwang.journeys.take_statement import Taken, take_statement
from shouwang.kernel.actor import SYSTEM, Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Grant, Scope
from shouwang.observation.queries import files_of_person, open_alerts
from shouwang.packs.load import builtin
from shouwang.screening.actions import (
    AwayAnswer,
    NewAppointment,
    NewArrival,
    NewPost,
    StatementCommand,
    end_appointment,
    list_calls,
    make_appointment,
    open_posts,
    take_call,
    take_next_call,
)
from shouwang.screening.queries import (
    appointments,
    arrivals_to_meet,
    attempts_of,
    away_figures,
    away_rows,
    posts,
    reach_of,
    reaches,
    statements_of,
    trips_of,
    verify_items,
)
from tests.conftest import CHINA
from tests.town import OTHER_VILLAGE, TOWN, VILLAGE, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
ALL = Scope.everything("test")
ONE, TWO = Actor("caller-1", "谭玉"), Actor("caller-2", "冉华")
PACK = builtin("cn-2020-longsha")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def town() -> Town:
    return found_town(AT, roles=(), is_busy=False)


def say(person: UUID, script: str = "four-questions", **kwargs: object) -> StatementCommand:
    values: dict[str, object] = {"id": uuid7(), "source": "call", "told_at": AT, "answers": {}}
    return StatementCommand(person_id=person, script=script, **(values | kwargs))  # type: ignore[arg-type]


def take(command: StatementCommand, at: datetime = AT) -> Taken:
    return take_statement(command=command, scope=ALL, by=ONE, at=at)


def ring(person: UUID, purpose: str = "four-questions") -> UUID:
    list_calls(
        people=[person],
        purpose=purpose,
        script="four-questions",
        due_at=AT + DAY,
        area=TOWN,
        scope=ALL,
        by=SYSTEM,
        at=AT,
    )
    row = reach_of(ALL, person, purpose)
    assert row is not None
    return row.id


# -- answers become facts by the pack ------------------------------------------------------------------


def test_a_journey_told_on_the_telephone_is_classified_before_the_call_is_over(town: Town) -> None:
    person = town.people["谭玉兰"]
    taken = take(say(person, answers={"travel": ["武汉"], "returned": ["2020-01-24"], "contact": ["no"]}))
    assert taken.facts == ["trip"]
    assert len(taken.opened) == 1
    assert standings(ALL, [person])[person].category == "wuhan"
    (trip,) = trips_of(ALL, person)
    assert (trip.origin_code, trip.returned_on) == ("4201", date(2020, 1, 24))


def test_cough_told_on_the_telephone_is_a_check_and_an_alarm_of_the_open_file(town: Town) -> None:
    person = town.people["宋云"]
    before = {a.id for a in open_alerts(ALL)}
    taken = take(say(person, answers={"symptoms": ["cough"]}))
    assert taken.alerts == ("fever",)
    assert len({a.id for a in open_alerts(ALL)} - before) == 1


def test_symptoms_of_somebody_who_is_not_observed_go_to_be_verified(town: Town) -> None:
    person = town.people["单德明"]
    taken = take(say(person, answers={"symptoms": ["fever"], "contact": ["yes"]}))
    assert set(taken.to_verify) == {"symptoms-told", "contact-told"}
    assert {i.code for i in verify_items(ALL, person_id=person)} == {"symptoms-told", "contact-told"}
    assert files_of_person(ALL, person) == []


def test_sent_twice_a_call_is_one_statement_and_its_facts_are_made_once(town: Town) -> None:
    command = say(town.people["谭玉兰"], answers={"travel": ["武汉"], "returned": ["2020-01-24"]})
    take(command)
    events = event_count()
    assert not take(command, AT + HOUR).is_fresh
    assert event_count() == events
    with pytest.raises(Refused, match="fact-differs"):
        take(replace(command, answers={"travel": ["宜昌"]}))


def test_an_update_names_the_earlier_answer_and_both_stay(town: Town) -> None:
    person = town.people["谭玉兰"]
    take(say(person, answers={"travel": ["宜昌"], "returned": ["2020-01-20"]}))
    later = say(
        person,
        source="self",
        told_at=AT + HOUR,
        answers={"travel": ["武汉"], "returned": ["2020-01-22"]},
        is_correction=True,
        reason="记错了",
    )
    take(later, AT + HOUR)
    new, old = statements_of(ALL, person)
    assert (new.replaces_id, new.source, new.is_correction) == (old.id, "self", True)
    assert old.is_replaced
    assert old.answers["travel"] == "宜昌"
    holds = [trip for trip in trips_of(ALL, person) if trip.superseded_at is None]
    assert [trip.origin_code for trip in holds] == ["4201"]
    assert holds[0].corrects_id is not None


def test_a_correction_that_takes_a_journey_back_is_looked_into_by_a_person(town: Town) -> None:
    person = town.people["谭玉兰"]
    take(say(person, answers={"travel": ["武汉"], "returned": ["2020-01-20"]}))
    again = say(person, told_at=AT + HOUR, answers={"contact": ["no"]}, is_correction=True, reason="没有去过")
    assert take(again, AT + HOUR).to_verify == ["told-otherwise"]
    assert standings(ALL, [person])[person].category == "wuhan"


def test_newer_answers_add_and_never_correct_by_themselves(town: Town) -> None:
    person = town.people["谭玉兰"]
    take(say(person, answers={"travel": ["宜昌"], "returned": ["2020-01-20"]}))
    take(say(person, told_at=AT + DAY, answers={"travel": ["武汉"], "returned": ["2020-02-02"]}), AT + DAY)
    assert sum(trip.superseded_at is None for trip in trips_of(ALL, person)) == 2


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({}, "statement-empty"),
        ({"returned": ["2020-01-20"]}, "statement-empty"),
        ({"contact": ["maybe"]}, "answer-unreadable"),
        ({"symptoms": ["hunger"]}, "answer-unreadable"),
        ({"travel": ["武汉"], "returned": ["yesterday"]}, "answer-unreadable"),
    ],
)
def test_answers_that_cannot_be_read_are_refused(
    town: Town, answers: dict[str, list[str]], code: str
) -> None:
    with pytest.raises(Refused, match=code):
        take(say(town.people["谭玉兰"], answers=answers))


def test_a_statement_is_never_changed(town: Town) -> None:
    take(say(town.people["谭玉兰"], answers={"contact": ["no"]}))
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("update screening_statement set source = 'self'")


# -- two callers never ring one number -----------------------------------------------------------------


def test_two_callers_are_never_given_the_same_number(town: Town) -> None:
    mine, spouse = ring(town.people["宋云"]), ring(town.people["谭玉兰"])
    take_call(reach_id=mine, scope=ALL, by=ONE, at=AT)
    with pytest.raises(Refused, match="call-taken"):
        take_call(reach_id=mine, scope=ALL, by=TWO, at=AT)
    with pytest.raises(Refused, match="call-taken"):
        take_call(reach_id=spouse, scope=ALL, by=TWO, at=AT)
    assert take_next_call(scope=ALL, by=TWO, at=AT) is None
    other = ring(town.people["单德明"])
    assert take_next_call(scope=ALL, by=TWO, at=AT) == other
    assert take_next_call(scope=ALL, by=ONE, at=AT) == mine
    assert take_next_call(scope=ALL, by=TWO, at=AT + HOUR) is not None


def test_an_answered_call_leaves_the_list_and_the_attempt_is_kept(town: Town) -> None:
    person = town.people["单德明"]
    call = ring(person)
    take_call(reach_id=call, scope=ALL, by=ONE, at=AT)
    take(say(person, purpose="four-questions", answers={"contact": ["no"]}))
    row = reach_of(ALL, person, "four-questions")
    assert row is not None
    assert (row.state, row.claimed_by_id) == ("reached", "")
    assert [a.outcome for a in attempts_of(ALL, person)] == ["answered"]


# -- appointments --------------------------------------------------------------------------------------


def appoint(reach: UUID, day: int = 2) -> UUID:
    start = datetime(2020, 2, day, 9, tzinfo=CHINA)
    new = NewAppointment(uuid7(), reach, start, start + 2 * HOUR, None, "米和油", takes_temperature=True)
    return make_appointment(appointment=new, scope=ALL, by=ONE, at=AT)


def finish(appointment: UUID, outcome: str, at: datetime, reason: str = "") -> None:
    end_appointment(
        appointment_id=appointment,
        outcome=outcome,
        attempt_id=uuid7(),
        pack=PACK,
        scope=ALL,
        by=ONE,
        at=at,
        reason=reason,
    )


def test_an_appointment_stands_on_the_list_of_its_day_until_somebody_says_how_it_ended(town: Town) -> None:
    person = town.people["单德明"]
    one = appoint(ring(person))
    assert appointments(ALL, until=AT + 6 * HOUR) == []
    (shown,) = appointments(ALL, until=AT + DAY)
    assert (shown.id, shown.goods, shown.takes_temperature) == (one, "米和油", True)
    finish(one, "kept", AT + 16 * HOUR)
    assert appointments(ALL, until=AT + DAY) == []
    row = reach_of(ALL, person, "four-questions")
    assert row is not None
    assert row.state == "reached"


def test_a_missed_appointment_is_a_failure_and_another_is_suggested(town: Town) -> None:
    person = town.people["单德明"]
    one = appoint(ring(person))
    with pytest.raises(Refused, match="appointment-not-yet"):
        finish(one, "missed", AT + HOUR)
    finish(one, "missed", AT + 18 * HOUR)
    row = reach_of(ALL, person, "four-questions")
    assert row is not None
    assert (row.state, row.failures, row.last_outcome) == ("open", 1, "missed")
    with pytest.raises(Refused, match="appointment-ended"):
        finish(one, "kept", AT + 19 * HOUR)


def test_putting_off_needs_a_reason_and_leaves_room_for_another_time(town: Town) -> None:
    call = ring(town.people["单德明"])
    one = appoint(call)
    with pytest.raises(Refused, match="appointment-pending"):
        appoint(call, 3)
    with pytest.raises(Refused, match="reason-missing"):
        finish(one, "put-off", AT)
    finish(one, "put-off", AT, "对方改期")
    assert appoint(call, 3) != one


# -- workers away --------------------------------------------------------------------------------------


def away(person: UUID, outcome: str, at: datetime = AT, **kwargs: object) -> AwayAnswer:
    return AwayAnswer(uuid7(), person, outcome, at, **kwargs)  # type: ignore[arg-type]


def test_a_worker_who_stays_away_leaves_the_family_a_visit_that_repeats(town: Town) -> None:
    person, home = town.people["谭玉兰"], town.households["宋云"]
    assert put_on_away_list(people=[person], area=VILLAGE, scope=ALL, by=ONE, at=AT) == 1
    assert put_on_away_list(people=[person], area=VILLAGE, scope=ALL, by=ONE, at=AT) == 0
    taken = take(
        say(
            person,
            "away-return",
            purpose="away",
            answers={"where": ["广东东莞"], "plan": ["deferred"], "dependants": ["yes"]},
        )
    )
    assert taken.facts == ["away", "visits"]
    figures = away_figures(ALL, VILLAGE, AT)
    assert (figures.listed, figures.deferred, figures.left_at_home) == (1, 1, 1)
    (visit,) = reaches(ALL, purpose="away-home")
    assert (visit.subject_id, visit.next_channel) == (home, "door")
    back = away(person, "returned", AT + DAY, returning_on=date(2020, 2, 2), where_text="湖北武汉")
    note_away(answer=back, scope=ALL, by=ONE, at=AT + DAY)
    assert reaches(ALL, purpose="away-home") == []
    assert standings(ALL, [person])[person].category == "wuhan"
    assert away_figures(ALL, VILLAGE, AT).deferred == 1
    assert away_figures(ALL, VILLAGE, AT + DAY).returned == 1


def test_the_last_word_counts_by_when_it_was_said_not_when_it_was_typed_in(town: Town) -> None:
    person = town.people["谭玉兰"]
    put_on_away_list(people=[person], area=VILLAGE, scope=ALL, by=ONE, at=AT)
    note_away(answer=away(person, "deferred", AT + DAY), scope=ALL, by=ONE, at=AT + DAY)
    note_away(answer=away(person, "undecided", AT), scope=ALL, by=ONE, at=AT + 2 * DAY)
    assert [row.state for row in away_rows(ALL, TOWN, AT + 3 * DAY)] == ["deferred"]


def test_whoever_returns_on_a_day_is_rung_when_the_day_comes(town: Town) -> None:
    person = town.people["谭玉兰"]
    put_on_away_list(people=[person], area=VILLAGE, scope=ALL, by=ONE, at=AT)
    with pytest.raises(Refused, match="away-day-missing"):
        note_away(answer=away(person, "returning"), scope=ALL, by=ONE, at=AT)
    note_away(answer=away(person, "returning", returning_on=date(2020, 2, 9)), scope=ALL, by=ONE, at=AT)
    (call,) = reaches(ALL, purpose="away")
    assert call.next_due_at == datetime(2020, 2, 10, tzinfo=CHINA)


# -- arrivals ------------------------------------------------------------------------------------------


def a_post() -> UUID:
    new = NewPost(OTHER_VILLAGE, "大桥卡口", "road")
    open_posts(posts=[new, new], area=TOWN, scope=ALL, by=ONE, at=AT)
    return posts(ALL, since=AT)[0].id


def coming(post: UUID, **kwargs: object) -> NewArrival:
    values: dict[str, object] = {"plate": "渝A12345", "deci": 366, "telephone": "13800138000"}
    return NewArrival(uuid7(), post, VILLAGE, AT, "谭小龙", "湖北武汉", **(values | kwargs))  # type: ignore[arg-type]


def test_who_comes_through_a_post_is_met_where_they_went_and_watched_over(town: Town) -> None:
    one = coming(a_post())
    there = Scope("cadre", (Grant("village-cadre", VILLAGE, frozenset({"reach.record", "person.view"})),))
    elsewhere = Scope("cadre", (Grant("village-cadre", OTHER_VILLAGE, frozenset({"reach.record"})),))
    assert arrive(arrivals=[one, one], scope=elsewhere, by=ONE, at=AT) == 1
    assert arrive(arrivals=[one], scope=elsewhere, by=ONE, at=AT + HOUR) == 0
    assert arrivals_to_meet(elsewhere) == []
    (shown,) = arrivals_to_meet(there)
    assert (shown.name, shown.telephone_masked, shown.due_at) == ("谭小龙", "138****8000", AT + 12 * HOUR)
    met = meet_arrival(
        arrival_id=one.id, person_id=None, area=VILLAGE, address="2组8号", scope=there, by=ONE, at=AT
    )
    assert met.is_new
    assert len(met.opened) == 1
    assert arrivals_to_meet(there) == []
    assert trips_of(ALL, met.person_id)[0].vehicle == "渝A12345"
    with pytest.raises(Refused, match="arrival-met"):
        meet_arrival(arrival_id=one.id, person_id=None, area=VILLAGE, address="", scope=there, by=ONE, at=AT)


def test_an_arrival_that_is_somebody_of_the_books_becomes_their_journey(town: Town) -> None:
    one = coming(a_post())
    arrive(arrivals=[one], scope=ALL, by=ONE, at=AT)
    person = town.people["谭玉兰"]
    met = meet_arrival(arrival_id=one.id, person_id=person, area="", address="", scope=ALL, by=ONE, at=AT)
    assert (met.person_id, met.is_new) == (person, False)
    assert standings(ALL, [person])[person].category == "wuhan"


def test_a_registration_put_right_leaves_the_list_it_was_on(town: Town) -> None:
    wrong = coming(a_post())
    arrive(arrivals=[wrong], scope=ALL, by=ONE, at=AT)
    right = replace(wrong, id=uuid7(), area=OTHER_VILLAGE, corrects=wrong.id)
    with pytest.raises(Refused, match="reason-missing"):
        arrive(arrivals=[right], scope=ALL, by=ONE, at=AT)
    arrive(arrivals=[replace(right, reason="听错村名")], scope=ALL, by=ONE, at=AT)
    assert [row.area for row in arrivals_to_meet(ALL)] == [OTHER_VILLAGE]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "", "plate": ""}, "arrival-unreadable"),
        ({"from_text": " "}, "arrival-unreadable"),
        ({"deci": 20}, "arrival-unreadable"),
        ({"arrived_at": AT + DAY}, "arrival-unreadable"),
        ({"area": "999999"}, "place-unknown"),
        ({"post_id": UUID(int=5)}, "post-not-found"),
    ],
)
def test_what_cannot_be_an_arrival_is_refused(town: Town, change: dict[str, object], code: str) -> None:
    one = replace(coming(a_post()), **change)  # type: ignore[arg-type]
    with pytest.raises(Refused, match=code):
        arrive(arrivals=[one], scope=ALL, by=ONE, at=AT)
