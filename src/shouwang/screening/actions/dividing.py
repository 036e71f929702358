# ruff: noqa: S608 - statements are made of this room's own text; every value is a parameter
"""A village is divided into grids: whom somebody still has to reach, verify or ask follows the household's door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import connection

from shouwang.people.actions import MovedHome, columns_of


def follow_homes(homes: Sequence[MovedHome], doors: Mapping[UUID, str], *, village: str) -> int:
    """Take what is still to be done about these households and doors (door → place) to where they stand now,
    inside the caller's action; returns how many people and doors still to be reached followed. Set-based.

    Open rows of the lists of whom to reach, entries to verify and workers away follow. What was told stays:
    visits, attempts, appointments, statements, journeys. A round that is open keeps its list of doors.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DOORS, {"doors": list(doors), "areas": list(doors.values()), "village": village})
        followed = int(cursor.rowcount)
        for statement in _OF_HOUSEHOLDS if homes else ():
            cursor.execute(statement, columns_of(homes))
            followed += int(cursor.rowcount) if statement is _REACHES else 0
    return followed


_DOORS = """
update screening_reach r set area = k.area
from unnest(%(doors)s::uuid[], %(areas)s::text[]) as k (door, area)
where r.subject_kind = 'dwelling' and r.subject_id = k.door and r.state = 'open'
    and starts_with(r.area, %(village)s)
"""
_K = """unnest(%(households)s::uuid[], %(was)s::text[], %(areas)s::text[]) as k (household, was, area)"""
_REACHES = f"""
update screening_reach r set area = k.area from {_K}
where r.household_id = k.household and r.area = k.was and r.state = 'open'
"""
_OF_HOUSEHOLDS = (
    _REACHES,
    f"""update screening_verifyitem v set area = k.area from {_K} join people_person p
        on p.household_id = k.household
    where v.person_id = p.id and v.area = k.was and v.resolved_at is null""",
    f"""update screening_awayworker w set area = k.area from {_K} join people_person p
        on p.household_id = k.household where w.person_id = p.id and w.area = k.was""",
)
