# ruff: noqa: S608 - statements are made of this room's own text; every value is a parameter
"""The list of doors of a round, made by one statement from dwellings and households."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection

from shouwang.kernel.ids import UUID7_SQL


def list_doors(sweep_id: UUID, *, at: datetime, dwelling: UUID | None = None) -> int:
    """Put every door of the round's place (or one dwelling) that is not listed yet on its list, inside the
    caller's action. Returns how many were new.

    Numbers go on after those of the leaf, in the order in which doors are walked: group, then number.
    """
    params = {"sweep": sweep_id, "dwelling": dwelling, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_LIST, params)
        added = int(cursor.rowcount)
        if added:
            cursor.execute(_LEAVES, params)
        if added > MANY:
            cursor.execute("analyze screening_sweepdoor; analyze screening_sweepleaf")
    return added


def uuid_array(ids: Collection[UUID]) -> str:
    """Ids as an array literal, inside the caller's action: ten times faster to write than the driver's list."""
    return "{" + ",".join([one.hex for one in ids]) + "}"


MANY = 1000
"""From so many new doors on the planner is told of them."""

NATURAL = "regexp_replace(regexp_replace({0}, '(\\d+)', '00000\\1', 'g'), '0*(\\d{{6}})', '\\1', 'g')"
"""A text with every number in it at six digits, so that door 9 comes before door 10."""

_LOOSE = """
    union all
    select null::uuid, h.id, h.area, h.address_key
    from (select distinct on (h.area, coalesce(nullif(h.address_key, ''), h.id::text)) h.*
        from sweep s join people_household h on h.area like s.area || '%%'
        where h.dwelling_id is null and %(dwelling)s::uuid is null
            and exists (select 1 from people_person p where p.household_id = h.id and p.merged_into_id is null)
            and not exists (select 1 from places_dwelling d
                where d.area = h.area and d.address_key = h.address_key)
        order by h.area, coalesce(nullif(h.address_key, ''), h.id::text), h.id) h"""
"""Households that no dwelling holds, once for each address."""

_LIST = f"""
with sweep as (select * from screening_sweep where id = %(sweep)s),
doors as (
    select d.id as dwelling_id, null::uuid as household_id, d.area, d.address_key
    from sweep s join places_dwelling d on d.area like s.area || '%%'
        and (%(dwelling)s::uuid is null or d.id = %(dwelling)s)
    {_LOOSE}
), before as (
    select coalesce(b.dwelling_id, h.dwelling_id, b.household_id) as key,
        max(coalesce(nullif(b.outcome, ''), 'unvisited')) as outcome
    from sweep s join screening_sweepdoor b on b.sweep_id = s.follows_id
    left join people_household h on h.id = b.household_id group by 1
), fresh as (
    select n.dwelling_id, n.household_id, n.area, n.address_key,
        case when b.outcome in ('unvisited', 'not-home', 'refused', 'cannot-locate') then b.outcome
            else '' end as carried,
        b.outcome as was, s.only_left
    from sweep s cross join doors n
    left join before b on b.key = coalesce(n.dwelling_id, n.household_id)
    where coalesce(n.dwelling_id, n.household_id) not in (
        select coalesce(o.dwelling_id, h.dwelling_id, o.household_id) from screening_sweepdoor o
        left join people_household h on h.id = o.household_id where o.sweep_id = %(sweep)s)
)
insert into screening_sweepdoor (id, sweep_id, area, number, dwelling_id, household_id, carried, listed_at,
    outcome, visits, people)
select {UUID7_SQL}, %(sweep)s, f.area,
    coalesce(m.most, 0) + row_number() over (partition by f.area order by
        {NATURAL.format("f.address_key")}, f.address_key, f.dwelling_id, f.household_id),
    f.dwelling_id, f.household_id, f.carried, %(at)s, '', 0, 0
from fresh f
left join (select o.area, max(o.number) as most from screening_sweepdoor o
    where o.sweep_id = %(sweep)s group by o.area) m on m.area = f.area
where not f.only_left or f.carried <> '' or f.was is null
"""

_LEAVES = f"""
insert into screening_sweepleaf (id, sweep_id, area, doors, met, not_home, refused, vacant, cannot_locate,
    moved, people, visits, carried, carried_done)
select {UUID7_SQL}, g.* from (
    select d.sweep_id, d.area, count(*), 0, 0, 0, 0, 0, 0, 0, 0, count(*) filter (where d.carried <> ''), 0
    from screening_sweepdoor d where d.sweep_id = %(sweep)s group by d.sweep_id, d.area) g
on conflict (sweep_id, area) do update set doors = excluded.doors, carried = excluded.carried
"""
