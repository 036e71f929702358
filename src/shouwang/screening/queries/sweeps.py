# ruff: noqa: S608 - statements are made of this room's own text; every value is a parameter
"""Rounds and how far they are. Figures are sums of kept leaves: a district of a thousand grids is one read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from shouwang.journal.scoped import ScopedQuerySet
from shouwang.kernel.days import local_day
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.screening.models import Sweep

VIEW = "sweep.view"


@dataclass(frozen=True, slots=True)
class SweepRow:
    """A round as others read it."""

    id: UUID
    area: str
    ordinal: int
    name: str
    zone: str
    due_on: date
    role_set: str
    follows: UUID | None
    only_left: bool
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a round is in a place. `doors` and `people` are different ones, `visits` and `person_visits` not.

    `done`: doors that ended as met, vacant or moved. The rest are missed, and say how. `people` is what can
    be answered for at least (`rules.people_behind`).
    """

    doors: int = 0
    met: int = 0
    vacant: int = 0
    moved: int = 0
    not_home: int = 0
    refused: int = 0
    cannot_locate: int = 0
    people: int = 0
    visits: int = 0
    person_visits: int = 0
    carried: int = 0
    carried_done: int = 0
    leaves: int = 0
    leaves_started: int = 0
    last_visit_at: datetime | None = None
    visits_today: int = 0
    person_visits_today: int = 0
    doors_today: int = 0
    """Doors whose first visit of the round was today."""

    @property
    def done(self) -> int:
        return self.met + self.vacant + self.moved

    @property
    def missed(self) -> int:
        return self.doors - self.done

    @property
    def unvisited(self) -> int:
        return self.missed - self.not_home - self.refused - self.cannot_locate


@dataclass(frozen=True, slots=True)
class PlaceCoverage:
    """One line of a round's table: a town, a village or a grid."""

    area: str
    doors: int
    done: int
    not_home: int
    refused: int
    cannot_locate: int
    people: int
    visits: int
    carried: int
    carried_done: int
    last_visit_at: datetime | None
    cursor: str

    @property
    def unvisited(self) -> int:
        return self.doors - self.done - self.not_home - self.refused - self.cannot_locate


def sweeps(scope: Scope, *, area: str = "", limit: int = 50, after: str = "") -> list[SweepRow]:
    """Rounds of places in sight and of places around them, newest first; `after` is the id of the last."""
    rows = _shared(scope)
    if area:
        rows = rows.filter(Q(area__startswith=area) | Q(area__in=_above(area)))
    if after:
        rows = rows.filter(id__lt=after)
    return [_row(one) for one in rows.order_by("-id")[:limit]]


def sweep(scope: Scope, sweep_id: UUID) -> SweepRow:
    """One round. Out of scope does not exist: `sweep-not-found`."""
    found = _shared(scope).filter(id=sweep_id).first()
    if found is None:
        raise Refused("sweep-not-found")
    return _row(found)


def open_sweep(scope: Scope, area: str) -> SweepRow | None:
    """The open round that the doors of `area` belong to; else the newest open one below it; else None."""
    rows = _shared(scope).filter(closed_at__isnull=True)
    around = rows.filter(area__in=[*_above(area), area]).first()
    found = around or rows.filter(area__startswith=area).order_by("-opened_at", "id").first()
    return _row(found) if found else None


def sweep_coverage(scope: Scope, area: str, at: datetime, sweep: UUID | None = None) -> Coverage | None:
    """How far the round is in `area`: the one asked for, else the open one; None where there is none.

    Only what lies in sight counts. Two reads of counters, however many doors.
    """
    row = open_sweep(scope, area) if sweep is None else _one(scope, sweep)
    if row is None:
        return None
    where, params = in_sight(scope, area)
    params |= {"sweep": row.id, "today": local_day(at, row.zone)}
    with connection.cursor() as cursor:
        cursor.execute(_COVERAGE.format(where=where), params)
        held = cursor.fetchone()
    return Coverage(*held)


def coverage_of(scope: Scope, ids: Sequence[UUID]) -> dict[UUID, Coverage]:
    """How far these rounds are where in sight, for a list of them; without days. One read."""
    where, params = in_sight(scope)
    with connection.cursor() as cursor:
        cursor.execute(_OF.format(where=where), params | {"ids": list(ids)})
        return {row[0]: Coverage(*row[1:]) for row in cursor.fetchall()}


LEVELS = {"street": 9, "village": 12, "leaf": None}
"""What a line of the table is, and how many digits of the path say so."""


def coverage_by(
    scope: Scope, sweep_id: UUID, *, area: str = "", by: str = "leaf", after: str = "", limit: int = 50
) -> list[PlaceCoverage]:
    """Lines of a round's table, least done first; `after` is the cursor of the last line seen.

    Refuses `level-unknown`.
    """
    if by not in LEVELS:
        raise Refused("level-unknown", level=by)
    length = LEVELS[by]
    where, params = in_sight(scope, area)
    done, _, last = after.partition("~")
    params |= {"sweep": sweep_id, "limit": limit, "done": int(done) if done.isdigit() else -1, "last": last}
    key = f"left(l.area, {length})" if length else "l.area"
    with connection.cursor() as cursor:
        cursor.execute(_BY.format(key=key, where=where), params)
        return [_line(row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class DayRow:
    """What was done on one day of a round in a place."""

    day: date
    visits: int
    person_visits: int
    doors: int


def sweep_days(scope: Scope, sweep_id: UUID, *, area: str = "") -> list[DayRow]:
    """The days of a round in order."""
    where, params = in_sight(scope, area)
    with connection.cursor() as cursor:
        cursor.execute(_DAYS.format(where=where), params | {"sweep": sweep_id})
        return [DayRow(*row) for row in cursor.fetchall()]


def leaf_visits(scope: Scope, sweep_id: UUID, *, area: str = "") -> dict[str, tuple[int, int, int]]:
    """Leaf → (doors, done, visits), of all leaves in sight."""
    where, params = in_sight(scope, area)
    with connection.cursor() as cursor:
        cursor.execute(
            "select l.area, l.doors, l.met + l.vacant + l.moved, l.visits from screening_sweepleaf l"
            f" where l.sweep_id = %(sweep)s and {where} order by l.area",
            params | {"sweep": sweep_id},
        )
        return {row[0]: (row[1], row[2], row[3]) for row in cursor.fetchall()}


def in_sight(scope: Scope, area: str = "", column: str = "l.area") -> tuple[str, dict[str, Any]]:
    """A condition on `column` for rows in sight, narrowed to `area`, and its parameters. For plain SQL."""
    areas = (scope.narrowed(area) if area else scope).areas_for(VIEW)
    if "" in areas:
        return "true", {}
    params = {f"area{n}": f"{prefix}%" for n, prefix in enumerate(areas)}
    told = " or ".join(f"{column} like %({name})s" for name in params)
    return (f"({told})", params) if told else ("false", {})


def _shared(scope: Scope) -> ScopedQuerySet[Sweep]:
    """Rounds below what is in sight, and those around it: a village has its part of the district's round."""
    areas = scope.areas_for(VIEW)
    wanted = Q(pk__in=[])
    for area in areas:
        wanted |= Q(area__startswith=area) | Q(area__in=_above(area))
    return Sweep.objects.unscoped("narrowed by the scope itself, upward too").filter(wanted)


def _above(area: str) -> list[str]:
    """Every path that holds `area`."""
    return [area[:end] for end in range(1, len(area))]


def _one(scope: Scope, sweep_id: UUID) -> SweepRow:
    return sweep(scope, sweep_id)


def _line(row: tuple[Any, ...]) -> PlaceCoverage:
    return PlaceCoverage(*(*row[:-1], f"{row[-1]}~{row[0]}"))


def _row(one: Sweep) -> SweepRow:
    return SweepRow(
        *(one.id, one.area, one.ordinal, one.name, one.zone, one.due_on, one.role_set, one.follows_id),
        *(one.only_left, one.opened_at, one.opened_by_name, one.closed_at),
    )


_SUMS = """coalesce(sum(l.doors), 0), coalesce(sum(l.met), 0), coalesce(sum(l.vacant), 0),
    coalesce(sum(l.moved), 0), coalesce(sum(l.not_home), 0), coalesce(sum(l.refused), 0),
    coalesce(sum(l.cannot_locate), 0), coalesce(sum(l.people), 0), coalesce(sum(l.visits), 0),
    {people}, coalesce(sum(l.carried), 0), coalesce(sum(l.carried_done), 0),
    count(*), count(*) filter (where l.visits > 0), max(l.last_visit_at)"""

_OF = f"""
select l.sweep_id, {_SUMS.format(people="0")}
from screening_sweepleaf l where l.sweep_id = any(%(ids)s) and {{where}} group by l.sweep_id
"""

_COVERAGE = f"""
select {_SUMS.format(people="coalesce(max(d.person_visits), 0)")}, coalesce(max(d.visits_today), 0),
    coalesce(max(d.people_today), 0), coalesce(max(d.doors_today), 0)
from screening_sweepleaf l cross join (
    select sum(l.person_visits) as person_visits,
        sum(l.visits) filter (where l.day = %(today)s) as visits_today,
        sum(l.person_visits) filter (where l.day = %(today)s) as people_today,
        sum(l.doors) filter (where l.day = %(today)s) as doors_today
    from screening_sweepday l where l.sweep_id = %(sweep)s and {{where}}) d
where l.sweep_id = %(sweep)s and {{where}}
"""

_BY = """
with lines as (
    select {key} as area, sum(l.doors) as doors, sum(l.met + l.vacant + l.moved) as done,
        sum(l.not_home) as not_home, sum(l.refused) as refused, sum(l.cannot_locate) as cannot_locate,
        sum(l.people) as people, sum(l.visits) as visits, sum(l.carried) as carried,
        sum(l.carried_done) as carried_done, max(l.last_visit_at) as last_visit_at
    from screening_sweepleaf l where l.sweep_id = %(sweep)s and {where} group by 1
), ranked as (select *, done * 1000 / greatest(doors, 1) as permille from lines)
select area, doors, done, not_home, refused, cannot_locate, people, visits, carried, carried_done,
    last_visit_at, permille
from ranked where (permille, area) > (%(done)s, %(last)s) order by permille, area limit %(limit)s
"""

_DAYS = """
select l.day, sum(l.visits), sum(l.person_visits), sum(l.doors) from screening_sweepday l
where l.sweep_id = %(sweep)s and {where} group by l.day order by l.day
"""
