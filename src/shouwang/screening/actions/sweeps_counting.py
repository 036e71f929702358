# ruff: noqa: S608 - statements are made of this room's own text; every value is a parameter
"""Keeping what pages of a round need, set-based, from the visits: doors, then leaves, then days.

Nothing is added or subtracted: what was touched is counted again from the rows below it, so a counter can be
wrong only if a statement is, and `shouwang verify` would say so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from shouwang.kernel.ids import uuid7
from shouwang.screening.actions.sweeps_doors import uuid_array

IN_FORCE = """v.outcome <> 'withdrawn'
    and not exists (select 1 from screening_doorvisit c where c.corrects_id = v.id)"""


def lock_leaves(sweep_id: UUID, areas: Collection[str], people: Collection[UUID]) -> None:
    """Lock the leaves of these doors, and those where these people count already, in one order for all."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, {"sweep": sweep_id, "areas": sorted(areas), "people": uuid_array(people)})


def keep_people(sweep_id: UUID, visits: Collection[UUID]) -> None:
    """Note whom fresh visits name, inside the caller's action; each person counts at the first door."""
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {"sweep": sweep_id, "visits": uuid_array(visits)})


def drop_people(sweep_id: UUID, door: UUID) -> set[UUID]:
    """After a correction: whom no visit in force names at the door any more is taken off there, and counts at
    another door that named them, if there is one. Returns those doors."""
    with connection.cursor() as cursor:
        cursor.execute(_GONE, {"door": door})
        gone = [row[0] for row in cursor.fetchall()]
        if not gone:
            return set()
        cursor.execute(_COUNT_ELSEWHERE, {"sweep": sweep_id, "people": uuid_array(gone)})
        return {row[0] for row in cursor.fetchall()}


def count_again(sweep_id: UUID, doors: Collection[UUID], days: Iterable[tuple[str, date]]) -> None:
    """Count these doors again, their leaves, and the days touched: those given and the doors' first days."""
    with connection.cursor() as cursor:
        cursor.execute(_DOORS, {"doors": uuid_array(doors)})
        rows = cursor.fetchall()
        areas = sorted({area for area, _, _ in rows})
        cursor.execute(_LEAVES, {"sweep": sweep_id, "areas": areas})
        touched = set(days)
        for area, old, new in rows:
            touched |= {(area, day) for day in (old, new) if day is not None}
        pairs = sorted(touched)
        if pairs:
            params: dict[str, Any] = {
                "sweep": sweep_id,
                "ids": [uuid7() for _ in pairs],
                "areas": [area for area, _ in pairs],
                "days": [day for _, day in pairs],
            }
            cursor.execute(_DAYS, params)


def count_all_again(sweep_id: UUID) -> None:
    """Make every kept figure of a round anew from its visits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select area from screening_sweepleaf where sweep_id = %s order by area for update", [sweep_id]
        )
        cursor.execute("delete from screening_sweepperson where sweep_id = %s", [sweep_id])
        cursor.execute(_ALL_PEOPLE, {"sweep": sweep_id})
        cursor.execute("delete from screening_sweepday where sweep_id = %s", [sweep_id])
        cursor.execute("select id from screening_sweepdoor where sweep_id = %s", [sweep_id])
        doors = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "select distinct area, local_day from screening_doorvisit where sweep_id = %s", [sweep_id]
        )
        days = cursor.fetchall()
    count_again(sweep_id, doors, days)


_LOCK = """
select 1 from screening_sweepleaf l where l.sweep_id = %(sweep)s and (l.area = any(%(areas)s) or l.area in (
    select p.area from screening_sweepperson p where p.sweep_id = %(sweep)s and p.person_id = any(%(people)s::uuid[])))
order by l.area for update
"""

_NAMED = """
with named as (
    select distinct on (n.person, v.door_id) n.person, v.door_id, v.area, v.visited_at, v.id
    from screening_doorvisit v cross join unnest(v.named) as n (person)
    where {which} order by n.person, v.door_id, v.visited_at, v.id
)
insert into screening_sweepperson (sweep_id, person_id, door_id, area, counted)
select %(sweep)s, n.person, n.door_id, n.area,
    row_number() over (partition by n.person order by n.visited_at, n.id) = 1
    and not exists (select 1 from screening_sweepperson o
        where o.sweep_id = %(sweep)s and o.person_id = n.person and o.counted)
from named n
on conflict (person_id, sweep_id, door_id) do nothing
"""
_PEOPLE = _NAMED.format(which="v.id = any(%(visits)s::uuid[])")
_ALL_PEOPLE = _NAMED.format(which=f"v.sweep_id = %(sweep)s and {IN_FORCE}")

_GONE = f"""
delete from screening_sweepperson p using screening_sweepdoor d
where d.id = %(door)s and p.sweep_id = d.sweep_id and p.door_id = d.id
    and p.person_id in (select unnest(o.named) from screening_doorvisit o where o.door_id = d.id)
    and not exists (select 1 from screening_doorvisit v
        where v.door_id = d.id and p.person_id = any(v.named) and {IN_FORCE})
returning p.person_id
"""
_COUNT_ELSEWHERE = """
update screening_sweepperson p set counted = true from (
    select distinct on (o.person_id) o.id from screening_sweepperson o
    where o.sweep_id = %(sweep)s and o.person_id = any(%(people)s::uuid[])
        and not exists (select 1 from screening_sweepperson x
            where x.sweep_id = %(sweep)s and x.person_id = o.person_id and x.counted)
    order by o.person_id, o.id) n
where p.id = n.id returning p.door_id
"""

STANDING = f"""
v as materialized (
    select v.door_id, v.id, v.outcome, v.people, v.named, v.visited_at, v.local_day
    from screening_doorvisit v where {{which}} and {IN_FORCE}
), twice as materialized (
    select s.door_id, s.person_id from screening_sweepperson s where {{where}} and not s.counted
), names as (
    select v.door_id, count(distinct n.person) as people from v cross join unnest(v.named) as n (person)
    where not exists (select 1 from twice t where t.door_id = v.door_id and t.person_id = n.person)
    group by v.door_id
), told as (
    select v.door_id, count(*) as visits, min(v.local_day) as first_day, max(v.visited_at) as last_at,
        (array_agg(v.outcome order by v.visited_at desc, v.id desc))[1] as outcome,
        max(v.people - (select count(*) from twice t
            where t.door_id = v.door_id and t.person_id = any(v.named))) as most
    from v group by v.door_id
)"""
"""How doors stand by their visits in force; `people` as `rules.people_behind` says it."""

_DOORS = f"""
with {STANDING.format(which="v.door_id = any(%(doors)s::uuid[])", where="s.door_id = any(%(doors)s::uuid[])")},
old as (select d.id, d.first_day from screening_sweepdoor d where d.id = any(%(doors)s::uuid[])),
again as (
    update screening_sweepdoor d set outcome = coalesce(t.outcome, ''), last_visit_at = t.last_at,
        first_day = t.first_day, visits = coalesce(t.visits, 0),
        people = greatest(coalesce(n.people, 0), coalesce(t.most, 0))
    from unnest(%(doors)s::uuid[]) as x (id) left join told t on t.door_id = x.id
        left join names n on n.door_id = x.id
    where d.id = x.id returning d.id, d.area, d.first_day
) select distinct a.area, o.first_day, a.first_day from again a join old o on o.id = a.id
"""

LEAF_COLUMNS = """count(*) as doors,
        count(*) filter (where d.outcome = 'met') as met,
        count(*) filter (where d.outcome = 'not-home') as not_home,
        count(*) filter (where d.outcome = 'refused') as refused,
        count(*) filter (where d.outcome = 'vacant') as vacant,
        count(*) filter (where d.outcome = 'cannot-locate') as cannot_locate,
        count(*) filter (where d.outcome = 'moved') as moved,
        coalesce(sum(d.people), 0) as people, coalesce(sum(d.visits), 0) as visits,
        count(*) filter (where d.carried <> '') as carried,
        count(*) filter (where d.carried <> '' and d.outcome in ('met', 'vacant', 'moved')) as carried_done,
        max(d.last_visit_at) as last_visit_at"""

_LEAVES = f"""
update screening_sweepleaf l set doors = s.doors, met = s.met, not_home = s.not_home, refused = s.refused,
    vacant = s.vacant, cannot_locate = s.cannot_locate, moved = s.moved, people = s.people,
    visits = s.visits, carried = s.carried, carried_done = s.carried_done, last_visit_at = s.last_visit_at
from (select d.area, {LEAF_COLUMNS} from screening_sweepdoor d
    where d.sweep_id = %(sweep)s and d.area = any(%(areas)s) group by d.area) s
where l.sweep_id = %(sweep)s and l.area = s.area
"""

_DAYS = f"""
insert into screening_sweepday (id, sweep_id, area, day, visits, person_visits, met, refused, doors)
select k.id, %(sweep)s, k.area, k.day, v.visits, v.people, v.met, v.refused,
    (select count(*) from screening_sweepdoor d
        where d.sweep_id = %(sweep)s and d.area = k.area and d.first_day = k.day)
from unnest(%(ids)s::uuid[], %(areas)s::text[], %(days)s::date[]) as k (id, area, day)
cross join lateral (
    select count(*) as visits, coalesce(sum(v.people), 0) as people,
        count(*) filter (where v.outcome = 'met') as met,
        count(*) filter (where v.outcome = 'refused') as refused
    from screening_doorvisit v
    where v.sweep_id = %(sweep)s and v.area = k.area and v.local_day = k.day and {IN_FORCE}) v
on conflict (sweep_id, area, day) do update set visits = excluded.visits,
    person_visits = excluded.person_visits, met = excluded.met, refused = excluded.refused,
    doors = excluded.doors
"""
