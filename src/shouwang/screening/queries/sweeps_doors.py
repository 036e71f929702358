"""Doors of a round: the missed ones, one with its visits, and those of a sheet of paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.people.sealed import unseal
from shouwang.screening.queries.sweeps import VIEW, in_sight
from shouwang.screening.rules import MISSED


@dataclass(frozen=True, slots=True)
class DoorRow:
    """One door of a round. `head_name` and `known`: of the households of the register behind it."""

    id: UUID
    sweep_id: UUID
    area: str
    number: int
    address: str
    head_name: str
    known: int
    carried: str
    outcome: str
    last_visit_at: datetime | None
    first_day: date | None
    visits: int
    people: int
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit as it was told. `corrected_by`: the visit that stands in its place."""

    id: UUID
    door_id: UUID
    visited_at: datetime
    outcome: str
    people: int
    named: tuple[UUID, ...]
    note: str
    visitor: str
    corrects: UUID | None
    reason: str
    corrected_by: UUID | None
    by_name: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class FoundRow:
    """Somebody who was found at a door of the round."""

    visit_id: UUID
    person_id: UUID
    is_new: bool


def missed_doors(
    scope: Scope,
    sweep_id: UUID,
    *,
    area: str = "",
    outcome: str = "",
    carried: bool = False,
    after: str = "",
    limit: int = 50,
) -> list[DoorRow]:
    """Doors of a round that told us nothing yet, by place and number; `after` is the cursor of the last seen.

    `outcome`: only those that stand so (`rules.MISSED`); `carried`: only those the round before missed too.
    """
    conditions = ["d.outcome not in ('met', 'vacant', 'moved')"]
    if outcome in MISSED:
        conditions.append("d.outcome = %(outcome)s")
    if carried:
        conditions.append("d.carried <> ''")
    params = {"outcome": "" if outcome == "unvisited" else outcome}
    return _doors(scope, sweep_id, area, conditions, params, after=after, limit=limit)


def sheet_doors(
    scope: Scope, sweep_id: UUID, *, area: str, after: str = "", limit: int = 200, missed: bool = False
) -> list[DoorRow]:
    """Doors in the order of the printed sheets; with `missed` only those that are still to do."""
    conditions = ["d.outcome not in ('met', 'vacant', 'moved')"] if missed else []
    return _doors(scope, sweep_id, area, conditions, {}, after=after, limit=limit)


def door(scope: Scope, door_id: UUID) -> DoorRow:
    """One door of a round. Out of scope does not exist: `door-not-found`."""
    where, params = in_sight(scope, column="d.area")
    with connection.cursor() as cursor:
        cursor.execute(
            _DOORS.format(where=f"d.id = %(door)s and {where}", order=""), params | {"door": door_id}
        )
        row = cursor.fetchone()
    if row is None:
        raise Refused("door-not-found")
    return _door(row)


def doors_by_ids(scope: Scope, ids: Sequence[UUID]) -> dict[UUID, DoorRow]:
    """These doors of any round, as far as they are in sight. One query."""
    where, params = in_sight(scope, column="d.area")
    with connection.cursor() as cursor:
        cursor.execute(
            _DOORS.format(where=f"d.id = any(%(doors)s) and {where}", order=""), params | {"doors": list(ids)}
        )
        return {row[0]: _door(row) for row in cursor.fetchall()}


def households_behind(scope: Scope, door_id: UUID) -> list[UUID]:
    """The households of the register behind a door in sight."""
    door(scope, door_id)
    with connection.cursor() as cursor:
        cursor.execute(_BEHIND, {"door": door_id})
        return [row[0] for row in cursor.fetchall()]


def visits_of(scope: Scope, door_id: UUID) -> list[VisitRow]:
    """Every visit to a door in sight, corrected ones too, newest first."""
    door(scope, door_id)
    with connection.cursor() as cursor:
        cursor.execute(_VISITS.format(where="v.door_id = %(id)s"), {"id": door_id})
        return [_visit(row) for row in cursor.fetchall()]


def visit(scope: Scope, visit_id: UUID) -> VisitRow:
    """One visit. Out of scope does not exist: `visit-not-found`."""
    where, params = in_sight(scope, column="v.area")
    with connection.cursor() as cursor:
        cursor.execute(_VISITS.format(where=f"v.id = %(id)s and {where}"), params | {"id": visit_id})
        row = cursor.fetchone()
    if row is None:
        raise Refused("visit-not-found")
    return _visit(row)


def found_at(scope: Scope, door_id: UUID) -> list[FoundRow]:
    """Who was found at a door in sight that stood on no register there."""
    door(scope, door_id)
    with connection.cursor() as cursor:
        cursor.execute(
            """select f.visit_id, f.person_id, f.is_new from screening_sweepfound f
            join screening_doorvisit v on v.id = f.visit_id where v.door_id = %s order by f.id""",
            [door_id],
        )
        return [FoundRow(*row) for row in cursor.fetchall()]


def swept_people(scope: Scope, people: list[UUID]) -> set[UUID]:
    """Which of these persons a round met, or knows the household of; they cannot be taken back.

    `scope` must see all: an undo asks about people of everywhere.
    """
    if "" not in scope.areas_for(VIEW):
        raise Refused("not-permitted", permission=VIEW)
    with connection.cursor() as cursor:
        cursor.execute(
            """select p.id from people_person p where p.id = any(%(people)s) and (
                exists (select 1 from screening_sweepperson s where s.person_id = p.id)
                or exists (select 1 from screening_sweepfound f where f.person_id = p.id)
                or exists (select 1 from screening_sweepdoor d where d.household_id = p.household_id))""",
            {"people": people},
        )
        return {row[0] for row in cursor.fetchall()}


def _doors(
    scope: Scope,
    sweep_id: UUID,
    area: str,
    conditions: list[str],
    more: dict[str, Any],
    *,
    after: str,
    limit: int,
) -> list[DoorRow]:
    where, params = in_sight(scope, area, column="d.area")
    leaf, _, number = after.partition("~")
    conditions = ["d.sweep_id = %(sweep)s", where, *conditions]
    if number.isdigit():
        conditions.append("(d.area, d.number) > (%(leaf)s, %(number)s)")
        more = more | {"leaf": leaf, "number": int(number)}
    params |= more | {"sweep": sweep_id, "limit": limit}
    order = "order by d.area, d.number limit %(limit)s"
    with connection.cursor() as cursor:
        cursor.execute(_DOORS.format(where=" and ".join(conditions), order=order), params)
        return [_door(row) for row in cursor.fetchall()]


def _door(row: tuple[Any, ...]) -> DoorRow:
    return DoorRow(*(*row, f"{row[2]}~{row[3]}"))


def _visit(row: tuple[Any, ...]) -> VisitRow:
    sealed = row[6]
    note = unseal(sealed, table="screening_doorvisit", row=row[0], field="note_sealed") if sealed else ""
    return VisitRow(*(*row[:5], tuple(row[5]), note, *row[7:]))


_BEHIND = """
with d as (select * from screening_sweepdoor where id = %(door)s)
select h.id from d join people_household h on h.dwelling_id = d.dwelling_id
union select d.household_id from d where d.household_id is not null
union select h.id from d join people_household o on o.id = d.household_id
    join people_household h on h.area = o.area and h.address_key = o.address_key
    where h.dwelling_id is null and h.address_key <> ''
order by 1
"""

_DOORS = """
with d as materialized (select * from screening_sweepdoor d where {where} {order})
select d.id, d.sweep_id, d.area, d.number,
    coalesce(nullif(concat(w.group_name, w.door), ''), b.address, ''), coalesce(b.head_name, ''),
    coalesce(b.people, 0)::int, d.carried, d.outcome, d.last_visit_at, d.first_day, d.visits, d.people
from d left join places_dwelling w on w.id = d.dwelling_id
left join lateral (
    select min(h.address) as address, string_agg(distinct nullif(h.head_name, ''), '、') as head_name,
        sum((select count(*) from people_person p
            where p.household_id = h.id and p.merged_into_id is null)) as people
    from people_household h where h.dwelling_id = d.dwelling_id or h.id = d.household_id
) b on true
order by d.area, d.number
"""

_VISITS = """
select v.id, v.door_id, v.visited_at, v.outcome, v.people, v.named, v.note_sealed, v.visitor_name,
    v.corrects_id, v.reason, c.id, v.by_name, v.recorded_at
from screening_doorvisit v left join screening_doorvisit c on c.corrects_id = v.id
where {where} order by v.visited_at desc, v.recorded_at desc, v.id desc
"""
