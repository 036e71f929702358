"""The SQL face of conditions equals the Python face, on a real PostgreSQL."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings

from shouwang.kernel.ids import uuid7
from shouwang.packs.classify import category_sql, classify
from shouwang.packs.conditions import (
    Condition,
    Context,
    ExposureFact,
    PersonFacts,
    Tables,
    TripFact,
    compile_candidates_sql,
    compile_found_sql,
    compile_sql,
    evaluate,
)
from shouwang.packs.load import builtin
from tests.rules.condition_strategies import CTX, conditions, persons

pytestmark = pytest.mark.django_db

TABLES = Tables("tmp_person", "tmp_tag", "tmp_trip", "tmp_exposure", "x")
NOON = datetime(2020, 2, 29, 12, 0, tzinfo=UTC)
_HELD = "recorded_at timestamptz NOT NULL, superseded_at timestamptz"


@pytest.fixture(autouse=True)
def tables() -> None:
    with connection.cursor() as cursor:
        for name, columns in (
            ("tmp_person", "id uuid, area text, birth_date date, sex text"),
            ("tmp_tag", f"person_id uuid, code text, {_HELD}"),
            ("tmp_trip", f"person_id uuid, origin_code text, left_on date, returned_on date, {_HELD}"),
            ("tmp_exposure", f"person_id uuid, kind text, first_on date, last_on date, {_HELD}"),
        ):
            cursor.execute(f"CREATE TEMP TABLE {name} ({columns}) ON COMMIT DROP")


def store(person: PersonFacts, since: datetime = NOON, until: datetime | None = None) -> UUID:
    """Write a person's facts, held from `since` until `until`."""
    key = uuid7()
    held = (since, until)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tmp_person VALUES (%s, %s, %s, %s)",
            (key, person.area, person.birth_date, person.sex),
        )
        for tag in person.tags:
            cursor.execute("INSERT INTO tmp_tag VALUES (%s, %s, %s, %s)", (key, tag, *held))
        for trip in person.trips:
            row = (key, trip.origin_code, trip.left_on, trip.returned_on, *held)
            cursor.execute("INSERT INTO tmp_trip VALUES (%s, %s, %s, %s, %s, %s)", row)
        for item in person.exposures:
            row = (key, item.kind, item.first_on, item.last_on, *held)
            cursor.execute("INSERT INTO tmp_exposure VALUES (%s, %s, %s, %s, %s, %s)", row)
    return key


def asked(expressions: list[str], params: dict[str, object], key: UUID) -> tuple[Any, ...]:
    """The expressions' values for the stored person."""
    with connection.cursor() as cursor:
        sql = f"SELECT {', '.join(expressions)} FROM tmp_person x WHERE x.id = %(key)s"
        cursor.execute(sql, params | {"key": key})
        return tuple(cursor.fetchone())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(conditions, persons)
def test_python_and_postgresql_agree_on_every_condition(condition: Condition, person: PersonFacts) -> None:
    key = store(person)
    sql, params = compile_sql(condition, CTX, TABLES, prefix="a")
    found, more = compile_found_sql(condition, CTX, TABLES, prefix="b")
    hint = compile_candidates_sql(condition, CTX, TABLES, prefix="c")
    superset, others = hint or ("TRUE", {})
    verdict, is_found, is_candidate = asked([sql, found, superset], params | more | others, key)
    expected = evaluate(condition, person, CTX)
    assert verdict is expected
    assert is_found is (expected is not False)
    assert is_candidate or expected is False


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(persons)
def test_the_town_is_classified_as_the_person_is(person: PersonFacts) -> None:
    pack = builtin("cn-2020-longsha")
    ctx = Context.of(pack, date(2020, 2, 1))
    code, certain, params = category_sql(pack, ctx, TABLES)
    expected = classify(pack, person, ctx)
    told = asked([code, certain], params, store(person))
    assert told == (expected.category, expected.certain if expected.category else None)


def test_facts_are_those_that_held_at_the_moment() -> None:
    hour = timedelta(hours=1)
    trip = PersonFacts(trips=(TripFact("4201", None, date(2020, 2, 20)),))
    key = store(trip, since=NOON, until=NOON + hour)
    condition = builtin("cn-2020-longsha").ledger("hubei").when
    assert condition is not None
    pack = builtin("cn-2020-longsha")
    seen = []
    for at in (NOON - hour, NOON, NOON + hour, None):
        sql, params = compile_found_sql(condition, Context.of(pack, date(2020, 2, 29), at), TABLES)
        seen.append(asked([sql], params, key)[0])
    assert seen == [False, True, False, False]


def test_a_million_without_trips_are_skipped_by_the_hint() -> None:
    pack = builtin("cn-2020-longsha")
    ctx = Context.of(pack, date(2020, 2, 1))
    hints = [compile_candidates_sql(category.when, ctx, TABLES) for category in pack.categories]
    assert all(hint and "IN (SELECT" in hint[0] for hint in hints)
    assert compile_candidates_sql(builtin("measles").protocol("follow-up").exemptions[0].when, ctx) is None


def test_an_exposure_of_another_kind_does_not_count() -> None:
    person = PersonFacts(exposures=(ExposureFact("other", None, date(2020, 1, 31)),))
    pack = builtin("cn-2020-longsha")
    sql, params = compile_sql(pack.category("contact").when, Context.of(pack, date(2020, 2, 1)), TABLES)
    assert asked([sql], params, store(person)) == (False,)
