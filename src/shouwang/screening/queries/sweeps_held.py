"""Rounds and doors as a telephone in the field holds them; and the posts it registers arrivals at."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from shouwang.kernel.scope import Scope
from shouwang.screening.models import Post
from shouwang.screening.queries.arrivals import PostRow
from shouwang.screening.queries.sweeps import SweepRow, _row, _shared


@dataclass(frozen=True, slots=True)
class HeldDoor:
    """A door of an open round, with the households of the register behind it."""

    id: UUID
    sweep_id: UUID
    area: str
    number: int
    address: str
    head_name: str
    outcome: str
    last_visit_at: datetime | None
    first_day: date | None
    households: tuple[UUID, ...]


def open_rounds(scope: Scope, *, most: int = 6) -> list[SweepRow]:
    """Open rounds of places in sight and of those around them, newest first."""
    rows = _shared(scope).filter(closed_at__isnull=True)
    return [_row(one) for one in rows.order_by("-opened_at", "id")[:most]]


def round_leaves(scope: Scope, ids: Collection[UUID]) -> dict[UUID, dict[str, tuple[int, int]]]:
    """Round → leaf in sight → (doors, done). One query."""
    held: dict[UUID, dict[str, tuple[int, int]]] = {one: {} for one in ids}
    areas = scope.areas_for("sweep.record")
    with connection.cursor() as cursor:
        cursor.execute(_LEAVES, {"ids": list(ids), "areas": [f"{area}%" for area in areas]})
        for sweep_id, leaf, doors, done in cursor.fetchall():
            held[sweep_id][leaf] = (doors, done)
    return held


def held_doors(scope: Scope, leaves: Mapping[UUID, Collection[str]], *, most: int) -> list[HeldDoor]:
    """Doors of these leaves (round → leaves), those still to do first, then by place and number. One query."""
    areas = scope.areas_for("sweep.record")
    pairs = [(one, leaf) for one, own in leaves.items() for leaf in own if leaf.startswith(areas)]
    with connection.cursor() as cursor:
        cursor.execute(
            _DOORS,
            {
                "sweeps": [sweep_id for sweep_id, _ in pairs],
                "leaves": [leaf for _, leaf in pairs],
                "most": most,
            },
        )
        return [HeldDoor(*(*row[:-1], tuple(row[-1] or ()))) for row in cursor.fetchall()]


def held_posts(scope: Scope, *, most: int = 50) -> list[PostRow]:
    """Open posts where this person may register arrivals, by place and name. One query."""
    rows = Post.objects.within(scope, "reach.record").filter(closed_at__isnull=True)
    return [
        PostRow(*row)
        for row in rows.order_by("area", "name")[:most].values_list("id", "area", "name", "kind")
    ]


_LEAVES = """
select l.sweep_id, l.area, l.doors, l.met + l.vacant + l.moved from screening_sweepleaf l
where l.sweep_id = any(%(ids)s::uuid[]) and l.area like any(%(areas)s::text[]) order by 1, 2
"""

_DOORS = """
with d as materialized (
    select d.* from screening_sweepdoor d
    join unnest(%(sweeps)s::uuid[], %(leaves)s::text[]) as p (sweep_id, area)
        on d.sweep_id = p.sweep_id and d.area = p.area
    order by (d.outcome in ('met', 'vacant', 'moved')), d.sweep_id, d.area, d.number limit %(most)s
)
select d.id, d.sweep_id, d.area, d.number,
    coalesce(nullif(concat(w.group_name, w.door), ''), b.address, ''), coalesce(b.head_name, ''),
    d.outcome, d.last_visit_at, d.first_day, b.households
from d left join places_dwelling w on w.id = d.dwelling_id
left join lateral (
    select min(h.address) as address, string_agg(distinct nullif(h.head_name, ''), '、') as head_name,
        array_agg(h.id order by h.id) as households
    from people_household h where h.dwelling_id = d.dwelling_id or h.id = d.household_id
) b on true
order by d.sweep_id, d.area, d.number
"""
