# ruff: noqa: S608 - table names come from code
"""The facts of some people as known at an instant, for the Python face. One statement, however many people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from shouwang.classification.statement import TRIP_SOURCE
from shouwang.packs.conditions import ExposureFact, PersonFacts, TripFact

_TRIP = (
    "jsonb_build_array(d.origin_code, d.left_on, d.returned_on, coalesce("
    + TRIP_SOURCE.replace("t.", "d.")
    + ", ''))"
)
_HELD = "d.recorded_at <= %(at)s AND (d.superseded_at IS NULL OR d.superseded_at > %(at)s)"


def facts_as_of(ids: Sequence[UUID], at: datetime) -> dict[UUID, PersonFacts]:
    """Facts by person id, as recorded up to `at`, in one statement. Whoever asks has seen to the scope.

    Birth date and sex are as corrected since; `area` is where the person was known to live then.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"ids": list(ids), "at": at})
        return {row[0]: _facts(*row[1:]) for row in cursor.fetchall()}


def _facts(area: str, born: date | None, sex: str, tags: str, trips: str, exposures: str) -> PersonFacts:
    return PersonFacts(
        area=area,
        birth_date=born,
        sex=sex or None,
        tags=frozenset(_listed(tags)),
        trips=tuple(TripFact(t[0], _day(t[1]), _day(t[2]), t[3]) for t in _listed(trips)),
        exposures=tuple(ExposureFact(e[0], _day(e[1]), _day(e[2])) for e in _listed(exposures)),
    )


def _listed(told: Any) -> list[Any]:
    found: list[Any] = json.loads(told) if isinstance(told, str) else told or []
    return found


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None


def _held(columns: str, table: str) -> str:
    return f"(SELECT jsonb_agg({columns} ORDER BY d.id) FROM {table} d WHERE d.person_id = p.id AND {_HELD})"


_FACTS = f"""
SELECT p.id, coalesce((SELECT d.area FROM people_residence d WHERE d.person_id = p.id AND {_HELD}
        ORDER BY d.recorded_at DESC LIMIT 1), p.area), p.birth_date, p.sex,
    {_held("d.code", "people_persontag")},
    {_held(_TRIP, "screening_trip")},
    {_held("jsonb_build_array(d.kind, d.first_on, d.last_on)", "screening_exposure")}
FROM people_person p WHERE p.id = ANY(%(ids)s)"""
