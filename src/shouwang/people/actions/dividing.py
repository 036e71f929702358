"""Households follow their door into a grid: the same people, the same home, a finer place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from shouwang.kernel.ids import UUID7_SQL
from shouwang.people.models import DIVIDED


@dataclass(frozen=True, slots=True)
class MovedHome:
    """A household whose door was put into another place of its village."""

    household_id: UUID
    was: str
    area: str


def follow_doors(doors: Mapping[UUID, str], *, at: datetime) -> tuple[list[MovedHome], int]:
    """Take households and the people who live in them now to where their doors are put; returns the
    households and how many people. Set-based, inside the caller's action.

    The residence before stays as history; the new one says that the village was divided, which is no move of
    the person: the day since which they live there is carried over.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOUSEHOLDS, {"doors": list(doors), "areas": list(doors.values())})
        homes = [MovedHome(*row) for row in cursor.fetchall()]
        if not homes:
            return [], 0
        cursor.execute(_PEOPLE, columns_of(homes) | {"at": at, "reason": DIVIDED})
        return homes, int(cursor.rowcount)


def give_dwellings(dwellings: Mapping[UUID, UUID]) -> None:
    """Tell households which door is theirs (household → dwelling), inside the caller's action."""
    with connection.cursor() as cursor:
        cursor.execute(
            """update people_household h set dwelling_id = k.dwelling, area = d.area
            from unnest(%s::uuid[], %s::uuid[]) as k (household, dwelling)
            join places_dwelling d on d.id = k.dwelling
            where h.id = k.household and h.dwelling_id is null""",
            [list(dwellings), list(dwellings.values())],
        )


def columns_of(homes: Sequence[MovedHome]) -> dict[str, Any]:
    """Moved households as the three arrays that statements of other rooms take inside the caller's action."""
    return {
        "households": [one.household_id for one in homes],
        "was": [one.was for one in homes],
        "areas": [one.area for one in homes],
    }


_HOUSEHOLDS = """
with k as (select * from unnest(%(doors)s::uuid[], %(areas)s::text[]) as k (door, area)),
held as (select h.id, h.area as was, k.area from people_household h join k on k.door = h.dwelling_id
    where h.area <> k.area for update of h)
update people_household h set area = held.area from held where h.id = held.id
returning h.id, held.was, h.area
"""
_PEOPLE = f"""
with k as (select * from unnest(%(households)s::uuid[], %(was)s::text[], %(areas)s::text[])
    as k (household, was, area)),
moved as (update people_person p set area = k.area from k
    where p.household_id = k.household and p.area = k.was returning p.id, p.household_id, p.area),
before as (update people_residence r set superseded_at = %(at)s from moved m
    where r.person_id = m.id and r.superseded_at is null returning r.person_id, r.since)
insert into people_residence (id, person_id, household_id, area, since, reason, recorded_at)
select {UUID7_SQL}, m.id, m.household_id, m.area, b.since, %(reason)s, %(at)s
from moved m left join before b on b.person_id = m.id
"""  # noqa: S608 - no value in it
