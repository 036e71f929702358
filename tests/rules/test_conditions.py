"""Conditions in Python and in words: Kleene logic, the same trip, explanations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from shouwang.kernel.errors import Refused
from shouwang.packs.classify import classify
from shouwang.packs.conditions import (
    All,
    AnyOf,
    CheckFacts,
    Condition,
    ConditionError,
    Context,
    Leaf,
    Not,
    PersonFacts,
    Ref,
    Trip,
    TripFact,
    Vocabulary,
    all_of,
    any_of,
    compile_sql,
    evaluate,
    explain,
    parse,
    reason_words,
    to_raw,
    within,
    words,
)
from shouwang.packs.load import builtin
from tests.rules.condition_strategies import CTX, ON, conditions, persons

FROM_HUBEI_SINCE = {"trip": {"all": [{"stayed-in": ["42"]}, {"returned-since": "2020-01-20"}]}}


def person(*trips: TripFact) -> PersonFacts:
    return PersonFacts(trips=trips)


def test_two_halves_of_two_trips_do_not_make_one() -> None:
    facts = person(TripFact("4201", None, date(2019, 10, 1)), TripFact("44", None, date(2020, 1, 25)))
    assert evaluate(parse(FROM_HUBEI_SINCE), facts, CTX) is False


def test_an_unknown_return_date_is_unknown_and_not_false() -> None:
    assert evaluate(parse(FROM_HUBEI_SINCE), person(TripFact("4201")), CTX) is None


def test_a_person_without_trips_is_surely_out() -> None:
    assert evaluate(parse(FROM_HUBEI_SINCE), person(), CTX) is False


@pytest.mark.parametrize(
    ("place", "verdict"),
    [("4201", True), ("420102", True), ("42", None), ("43", False), (None, None), ("", None), ("4", None)],
)
def test_a_place_named_too_broadly_is_unknown(place: str | None, verdict: bool | None) -> None:
    assert within(place, ("4201",)) is verdict


def test_leaves_written_flat_speak_of_the_same_trip() -> None:
    flat = parse({"all": [{"stayed-in": ["42"]}, {"returned-since": "2020-01-20"}]})
    assert flat == parse(FROM_HUBEI_SINCE)
    mixed = parse({"all": [{"stayed-in": ["42"]}, {"age-at-least": 60}, {"returned-since": "2020-01-20"}]})
    assert mixed == All((Trip(All((Leaf("stayed-in", ("42",)), Leaf("returned-since", date(2020, 1, 20))))),
                         Leaf("age-at-least", 60)))  # fmt: skip


def test_several_keys_of_one_table_are_all_meant() -> None:
    assert parse({"trip": {"stayed-in": ["42"], "returned-since": "2020-01-20"}}) == parse(FROM_HUBEI_SINCE)


@pytest.mark.parametrize(
    ("raw", "path", "code"),
    [
        ({"all": [{"stayed-on": ["42"]}]}, "all[0].stayed-on", "condition-unknown-word"),
        ({"not": {"stayed-in": ["42"]}}, "not", "condition-ambiguous-not"),
        ({"any": []}, "any", "condition-needs-a-list"),
        ({"trip": {"age-at-least": 3}}, "trip.age-at-least", "condition-wrong-level"),
        ({"trip": {"trip": {"stayed-in": ["42"]}}}, "trip.trip", "condition-unknown-word"),
        ({"temperature-at-least": 373}, "temperature-at-least", "condition-wrong-level"),
        ({"age-at-least": True}, "age-at-least", "condition-needs-int"),
        ({"age-at-least": -1}, "age-at-least", "condition-needs-int"),
        ({"trip": {"stayed-in": "42"}}, "trip.stayed-in", "condition-needs-places"),
        ({"trip": {"returned-since": "2020-02-30"}}, "trip.returned-since", "condition-needs-date"),
        ("1 = 1", "", "condition-not-a-table"),
        ({}, "", "condition-empty"),
    ],
)
def test_a_wrong_condition_names_its_entry(raw: object, path: str, code: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse(raw)
    assert (caught.value.path, caught.value.code) == (path, code)


@given(conditions)
def test_a_condition_survives_being_written(condition: Condition) -> None:
    assert parse(to_raw(condition)) == condition


@given(conditions, conditions, persons)
def test_de_morgan_holds_with_unknowns(a: Condition, b: Condition, facts: PersonFacts) -> None:
    assert evaluate(Not(All((a, b))), facts, CTX) is evaluate(AnyOf((Not(a), Not(b))), facts, CTX)


@given(conditions, persons)
def test_learning_a_fact_never_turns_a_no_into_a_yes_or_back(
    condition: Condition, facts: PersonFacts
) -> None:
    blank = tuple(replace(trip, origin_code=None, returned_on=None, left_on=None) for trip in facts.trips)
    vague = replace(facts, trips=blank, birth_date=None, sex=None)
    before = evaluate(condition, vague, CTX)
    assert before is None or before is evaluate(condition, facts, CTX)


@given(conditions, persons)
def test_every_verdict_has_its_reasons_in_every_language(condition: Condition, facts: PersonFacts) -> None:
    reasons = explain(condition, facts, CTX)
    assert reasons
    for reason in reasons:
        assert all(reason_words(reason, lang) for lang in ("zh-hans", "zh-hant", "en"))


@given(conditions)
def test_every_condition_has_words(condition: Condition) -> None:
    told = [words(condition, lang) for lang in ("zh-hans", "zh-hant", "en")]
    assert all(told)
    assert not any("{" in text for text in told)


@given(conditions)
def test_nothing_of_a_pack_becomes_sql_text(condition: Condition) -> None:
    sql, params = compile_sql(condition, CTX)
    bare = sql % dict.fromkeys(params, "")
    assert "'" not in sql
    assert "42" not in bare


def test_the_day_within_days_includes_today_and_excludes_tomorrow() -> None:
    recent = parse({"trip": {"returned-within-days": 14}})
    assert [
        evaluate(recent, person(TripFact("42", None, date(2020, 2, day))), CTX) for day in (14, 15, 29)
    ] == [False, True, True]
    assert evaluate(recent, person(TripFact("42", None, date(2020, 3, 1))), CTX) is False


def test_someone_born_on_29_february_comes_of_age_on_1_march() -> None:
    adult = parse({"age-at-least": 18})
    born = PersonFacts(birth_date=date(2000, 2, 29))
    assert evaluate(adult, born, Context(date(2018, 2, 28))) is False
    assert evaluate(adult, born, Context(date(2018, 3, 1))) is True


def test_all_and_any_of_nothing() -> None:
    assert all_of([]) is True
    assert any_of([]) is False


def test_a_value_that_does_not_hold_yet_is_refused_by_name() -> None:
    with pytest.raises(Refused, match="pack-value-missing"):
        evaluate(Leaf("age-at-least", Ref("nowhere")), PersonFacts(birth_date=ON), CTX)


def test_373_is_a_fever_and_372_is_not() -> None:
    fever = parse({"temperature-at-least": 373}, ("person", "check"))
    verdicts = [
        evaluate(fever, PersonFacts(check=CheckFacts(temperature)), CTX) for temperature in (372, 373, None)
    ]
    assert verdicts == [False, True, None]


def test_the_reason_names_the_trip_and_its_source() -> None:
    pack = builtin("cn-2020-longsha")
    trip = TripFact("4201", None, date(2020, 1, 20), "导入第12行")
    found = classify(pack, person(trip), Context.of(pack, date(2020, 1, 25)))
    names = Vocabulary.of(pack)
    assert found.category == "wuhan"
    assert [reason_words(r, "zh-hans", names) for r in found.reasons] == [
        "2020年1月20日自武汉市返回（导入第12行）"
    ]
    assert (
        reason_words(found.reasons[0], "en", names) == "returned from Wuhan on 20 January 2020 (导入第12行)"
    )


def test_the_reason_of_an_unclear_date_says_so() -> None:
    pack = builtin("cn-2020-longsha")
    found = classify(pack, person(TripFact("4201")), Context.of(pack, date(2020, 1, 25)))
    assert not found.certain
    assert reason_words(found.reasons[0], "zh-hans", Vocabulary.of(pack)) == "自武汉市返回，返回日期不明"


def test_a_condition_reads_as_a_sentence() -> None:
    names = Vocabulary.of(builtin("cn-2020-longsha"))
    condition = parse({"trip": {"all": [{"stayed-in": ["wuhan"]}, {"returned-since": "returns-from"}]}})
    assert words(condition, "zh-hans", names) == "有一次外出：曾在武汉市停留，且2020年1月1日或以后返回"
    assert words(condition, "zh-hant", names) == "有一次外出：曾在武漢市停留，且2020年1月1日或以後返回"
    assert words(condition, "en", names) == (
        "on one and the same trip: stayed in Wuhan and returned on or after 1 January 2020"
    )
