# ruff: noqa: S608 - the texts below are fixed, everything asked is a parameter
"""What a report says of a round, from the visits as they were known at an instant: so a past day is told again
as it was. Every figure is the sum of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from shouwang.kernel.days import day_end, day_start
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope

REPORT = "report.view"


@dataclass(frozen=True, slots=True)
class SweepMoment:
    """Which report: the place (path), the local day and its zone, and the instant whose knowledge counts."""

    area: str
    day: date
    zone: str
    as_of: datetime


@dataclass(frozen=True, slots=True)
class SweepFigureRow:
    """One door behind a figure, and how many it stands for (people, visits; 1 for doors)."""

    sweep_id: UUID
    door_id: UUID
    area: str
    number: int
    count: int


_ROUND = """s as (
    select * from screening_sweep where opened_at <= %(as_of)s and opened_at < %(end)s
        and (closed_at is null or closed_at >= %(start)s or closed_at > %(as_of)s)
        and (%(area)s like area || '%%' or area like %(area)s || '%%')
), d as (
    select d.* from s join screening_sweepdoor d on d.sweep_id = s.id
    where d.area like %(area)s || '%%' and d.listed_at <= %(as_of)s and d.listed_at < %(end)s
), v as (
    select v.* from s join screening_doorvisit v on v.sweep_id = s.id
    where v.area like %(area)s || '%%' and v.recorded_at <= %(as_of)s and v.visited_at < %(end)s
        and v.outcome <> 'withdrawn' and not exists (select 1 from screening_doorvisit c
            where c.corrects_id = v.id and c.recorded_at <= %(as_of)s)
)"""
_LAST = f"""{_ROUND}, l as (
    select distinct on (v.door_id) v.door_id, v.outcome from v
    order by v.door_id, v.visited_at desc, v.id desc
)"""
_PEOPLE = f"""{_ROUND}, home as (
    select distinct on (v.sweep_id, n.person) v.sweep_id, n.person, v.door_id
    from v cross join unnest(v.named) as n (person)
    order by v.sweep_id, n.person, v.visited_at, v.id
), own as (select door_id, count(*) as people from home group by door_id
), most as (
    select m.door_id, max(m.people - m.lost) as people from (
        select v.id, v.door_id, v.people,
            count(h.person) filter (where h.door_id <> v.door_id) as lost
        from v left join lateral unnest(v.named) as n (person) on true
            left join home h on h.sweep_id = v.sweep_id and h.person = n.person
        group by v.id, v.door_id, v.people) m
    group by m.door_id
)"""
_ROW = "select d.sweep_id, d.id, d.area, d.number"
_STANDS = f"with {_LAST} {_ROW}, 1 from d left join l on l.door_id = d.id where coalesce(l.outcome, '')"
_TODAY = "v.visited_at >= %(start)s"
_SETTLED = "('met', 'vacant', 'moved')"

_ROWS = {
    "doors": f"with {_ROUND} {_ROW}, 1 from d",
    "doors-done": f"{_STANDS} in {_SETTLED}",
    "doors-missed": f"{_STANDS} not in {_SETTLED}",
    "doors-unvisited": f"{_STANDS} = ''",
    "doors-met": f"{_STANDS} = 'met'",
    "doors-not-home": f"{_STANDS} = 'not-home'",
    "doors-refused": f"{_STANDS} = 'refused'",
    "doors-vacant": f"{_STANDS} = 'vacant'",
    "doors-cannot-locate": f"{_STANDS} = 'cannot-locate'",
    "doors-moved": f"{_STANDS} = 'moved'",
    "doors-today": f"""with {_ROUND} {_ROW}, 1 from d join (
        select v.door_id from v group by v.door_id having min(v.visited_at) >= %(start)s) n
        on n.door_id = d.id""",
    "people": f"""with {_PEOPLE} {_ROW}, greatest(coalesce(o.people, 0), m.people)
        from d join most m on m.door_id = d.id left join own o on o.door_id = d.id
        where greatest(coalesce(o.people, 0), m.people) > 0""",
    "visits": f"with {_ROUND} {_ROW}, count(*) from d join v on v.door_id = d.id group by 1, 2, 3, 4",
    "visits-today": f"""with {_ROUND} {_ROW}, count(*) from d join v on v.door_id = d.id
        where {_TODAY} group by 1, 2, 3, 4""",
    "person-visits": f"""with {_ROUND} {_ROW}, sum(v.people) from d join v on v.door_id = d.id
        where v.people > 0 group by 1, 2, 3, 4""",
    "person-visits-today": f"""with {_ROUND} {_ROW}, sum(v.people) from d join v on v.door_id = d.id
        where v.people > 0 and {_TODAY} group by 1, 2, 3, 4""",
    "found": f"""with {_ROUND} {_ROW}, count(distinct f.person_id) from d join v on v.door_id = d.id
        join screening_sweepfound f on f.visit_id = v.id where f.is_new group by 1, 2, 3, 4""",
}
SWEEP_FIGURES = tuple(_ROWS)
"""What can be asked for. `doors…` and `people` are different ones, `visits` and `person-visits` are not."""


def sweep_figure(scope: Scope, what: str, moment: SweepMoment) -> int:
    """A figure of the round under way at the moment; 0 where there was none. Refuses `figure-unknown`."""
    held = _fetch(scope, f"select coalesce(sum(x.count), 0) from ({_text(what)}) {_AS}", moment)
    return int(held[0][0]) if held else 0


def sweep_figure_rows(
    scope: Scope, what: str, moment: SweepMoment, *, offset: int = 0, limit: int | None = None
) -> list[SweepFigureRow]:
    """The doors behind a figure, in stable order. Refuses `figure-unknown`."""
    tail = "order by x.area, x.number, x.sweep_id offset %(offset)s limit %(limit)s"
    held = _fetch(scope, f"select * from ({_text(what)}) {_AS} {tail}", moment, offset=offset, limit=limit)
    return [SweepFigureRow(row[0], row[1], row[2], row[3], int(row[4])) for row in held]


def sweep_figure_by_area(scope: Scope, what: str, moment: SweepMoment) -> dict[str, int]:
    """A figure by the leaf of the place tree its doors lie in. Refuses `figure-unknown`."""
    held = _fetch(scope, f"select x.area, sum(x.count) from ({_text(what)}) {_AS} group by 1", moment)
    return {row[0]: int(row[1]) for row in held}


_AS = "as x (sweep_id, door_id, area, number, count)"


def _text(what: str) -> str:
    if what not in _ROWS:
        raise Refused("figure-unknown", figure=what)
    return _ROWS[what]


def _fetch(scope: Scope, text: str, moment: SweepMoment, **more: object) -> list[tuple[Any, ...]]:
    if not scope.allows(REPORT, moment.area):
        return []
    asked: dict[str, Any] = {
        "area": moment.area,
        "start": day_start(moment.day, moment.zone),
        "end": day_end(moment.day, moment.zone),
        "as_of": moment.as_of,
    }
    with connection.cursor() as cursor:
        cursor.execute(text, asked | more)
        return list(cursor.fetchall())
