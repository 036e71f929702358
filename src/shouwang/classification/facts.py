# ruff: noqa: S608 - table names come from code
"""The facts of some people as known at an instant, for the Python face. Five queries, however many people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from shouwang.classification.statement import TRIP_SOURCE
from shouwang.packs.conditions import ExposureFact, PersonFacts, TripFact

_HELD = "d.recorded_at <= %(at)s AND (d.superseded_at IS NULL OR d.superseded_at > %(at)s)"


def facts_as_of(ids: Sequence[UUID], at: datetime) -> dict[UUID, PersonFacts]:
    """Facts by person id, as recorded up to `at`. Whoever asks has seen to the scope.

    Birth date and sex are as corrected since; `area` is where the person was known to live then.
    """
    params: dict[str, Any] = {"ids": list(ids), "at": at}
    people = _rows(
        """SELECT p.id, coalesce((SELECT d.area FROM people_residence d WHERE d.person_id = p.id
            AND """
        + _HELD
        + """ ORDER BY d.recorded_at DESC LIMIT 1), p.area), p.birth_date, p.sex
        FROM people_person p WHERE p.id = ANY(%(ids)s)""",
        params,
    )
    tags: dict[UUID, set[str]] = {}
    for person_id, code in _rows(_of("d.code", "people_persontag"), params):
        tags.setdefault(person_id, set()).add(code)
    trips: dict[UUID, list[TripFact]] = {}
    what = f"d.origin_code, d.left_on, d.returned_on, coalesce({TRIP_SOURCE.replace('t.', 'd.')}, '')"
    for person_id, origin, left, returned, source in _rows(_of(what, "screening_trip"), params):
        trips.setdefault(person_id, []).append(TripFact(origin, left, returned, source))
    exposures: dict[UUID, list[ExposureFact]] = {}
    for person_id, kind, first, last in _rows(
        _of("d.kind, d.first_on, d.last_on", "screening_exposure"), params
    ):
        exposures.setdefault(person_id, []).append(ExposureFact(kind, first, last))
    return {row[0]: _facts(row, tags, trips, exposures) for row in people}


def _facts(
    row: tuple[UUID, str, date | None, str],
    tags: dict[UUID, set[str]],
    trips: dict[UUID, list[TripFact]],
    exposures: dict[UUID, list[ExposureFact]],
) -> PersonFacts:
    person_id, area, born, sex = row
    return PersonFacts(
        area=area,
        birth_date=born,
        sex=sex or None,
        tags=frozenset(tags.get(person_id, ())),
        trips=tuple(trips.get(person_id, ())),
        exposures=tuple(exposures.get(person_id, ())),
    )


def _of(columns: str, table: str) -> str:
    wanted = f"d.person_id = ANY(%(ids)s) AND {_HELD}"
    return f"SELECT d.person_id, {columns} FROM {table} d WHERE {wanted} ORDER BY d.id"


def _rows(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
