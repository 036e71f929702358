"""Workers away: the list of a village, and the figures of a moment with the rows behind each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.screening.models import AwayWorker

KINDS = ("listed", "deferred", "returning", "undecided", "returned", "not-asked", "left-at-home")
"""Figures that have rows: `listed` is everybody, `left-at-home` whose family is to be visited."""


@dataclass(frozen=True, slots=True)
class AwayFigures:
    """How many workers are away as of a moment, and what they last said by then.

    listed = deferred + returning + undecided + returned + not_asked. `left_at_home`: households to be visited.
    """

    listed: int
    deferred: int
    returning: int
    undecided: int
    returned: int
    not_asked: int
    left_at_home: int


@dataclass(frozen=True, slots=True)
class AwayRow:
    """A worker away, as of a moment."""

    id: UUID
    area: str
    person_id: UUID
    household_id: UUID | None
    where_text: str
    state: str
    returning_on: date | None
    dependants: bool | None
    told_at: datetime | None
    source: str


def away_figures(scope: Scope, area: str | None, as_of: datetime) -> AwayFigures:
    """The figures of `area` (None: all in sight) as they were known at `as_of`: later answers change nothing."""
    where, params = _where(scope, area)
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES.format(said=_SAID.format(where=where)), params | {"as_of": as_of})
        return AwayFigures(*cursor.fetchone())


def away_by_village(scope: Scope, area: str | None, as_of: datetime) -> dict[str, AwayFigures]:
    """The same for every village that has somebody away."""
    where, params = _where(scope, area)
    statement = _FIGURES.format(said=_SAID.format(where=where)).replace(
        "select count(*)", "select area, count(*)"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} group by area order by area", params | {"as_of": as_of})
        return {row[0]: AwayFigures(*row[1:]) for row in cursor.fetchall()}


def away_rows(
    scope: Scope,
    area: str | None,
    as_of: datetime,
    kind: str = "listed",
    *,
    limit: int = 50,
    after: str = "",
) -> list[AwayRow]:
    """The rows behind a figure, in a steady order; `after` is the id of the last one seen. Their count is the
    figure, but for `left-at-home`, which counts their households. Refuses `figure-not-found`."""
    if kind not in KINDS:
        raise Refused("figure-not-found")
    where, params = _where(scope, area)
    params |= {"as_of": as_of, "kind": kind, "limit": limit, "after": _uuid(after)}
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(said=_SAID.format(where=where)), params)
        return [AwayRow(*row) for row in cursor.fetchall()]


def away_of(scope: Scope, person_id: UUID) -> AwayRow | None:
    """A person in sight as a worker away, if they are on the list."""
    rows = AwayWorker.objects.within(scope).filter(person_id=person_id)
    values = rows.values_list(*AwayRow.__slots__).first()
    return AwayRow(*values) if values else None


def _where(scope: Scope, area: str | None) -> tuple[str, dict[str, Any]]:
    """Rows in sight below `area`, as a condition of plain SQL."""
    areas = (scope.narrowed(area) if area else scope).areas
    return "w.area like any(%(areas)s)", {"areas": [f"{prefix}%" for prefix in areas]}


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


_SAID = """
select w.id, w.area, w.person_id, w.household_id, coalesce(nullif(l.where_text, ''), w.where_text) as where_text,
    coalesce(l.outcome, 'not-asked') as state, l.returning_on, d.dependants, l.told_at, w.source
from screening_awayworker w
left join lateral (select outcome, returning_on, told_at, where_text from screening_awayoutcome o
    where o.away_id = w.id and o.recorded_at <= %(as_of)s order by told_at desc, id desc limit 1) l on true
left join lateral (select dependants from screening_awayoutcome o where o.away_id = w.id
    and o.recorded_at <= %(as_of)s and o.dependants is not null order by told_at desc, id desc limit 1) d on true
where w.recorded_at <= %(as_of)s and {where}
"""
_HOME = "dependants and state in ('deferred', 'returning', 'undecided')"
_FIGURES = (
    """with said as ({said})
select count(*), count(*) filter (where state = 'deferred'), count(*) filter (where state = 'returning'),
    count(*) filter (where state = 'undecided'), count(*) filter (where state = 'returned'),
    count(*) filter (where state = 'not-asked'), count(distinct household_id) filter (where """
    + _HOME
    + """)
from said"""
)
_ROWS = (
    """with said as ({said})
select * from said where id > %(after)s and (%(kind)s = 'listed' or state = %(kind)s
    or (%(kind)s = 'left-at-home' and """
    + _HOME
    + """))
order by id limit %(limit)s"""
)
