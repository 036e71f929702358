# ruff: noqa: S608 - statements are made of this room's own text; every value is a parameter
"""Proof that what is kept of rounds is what their visits say: for `shouwang verify`, over all rounds.

The statements here are others than those that keep: doors are told by windows, not by arrays; people by sets
of (person, door); leaves from the visits and not from the doors; days from the visits.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection


@dataclass(frozen=True, slots=True)
class SweepProof:
    """One statement about all rounds: whether it holds, and how many rows break it."""

    name: str
    ok: bool
    count: int


@dataclass(frozen=True, slots=True)
class SweepDifference:
    """One kept figure that is not what the visits say."""

    sweep_id: UUID
    area: str
    what: str
    kept: str
    counted: str


def verify_sweeps() -> list[SweepProof]:
    """What `shouwang verify` says about rounds, over all of them (unscoped: it proves the house)."""
    counts = {name: _count(statement) for name, statement in _STATEMENTS.items()}
    return [SweepProof(name, number == 0, number) for name, number in counts.items()]


def sweep_differences(sweep_id: UUID | None = None, *, limit: int = 100) -> list[SweepDifference]:
    """Which kept figures differ from what the visits say, named (unscoped: for `verify` and the rebuilding)."""
    told: list[SweepDifference] = []
    with connection.cursor() as cursor:
        for statement in _STATEMENTS.values():
            cursor.execute(
                f"select * from ({statement}) x where %(sweep)s::uuid is null or x.sweep_id = %(sweep)s"
                " order by 1, 2, 3 limit %(limit)s",
                {"sweep": sweep_id, "limit": limit},
            )
            told += [SweepDifference(*row) for row in cursor.fetchall()]
    return told[:limit]


def _count(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from ({statement}) x")
        return int(cursor.fetchone()[0])


_VISITS = """v as (
    select v.* from screening_doorvisit v left join screening_doorvisit c on c.corrects_id = v.id
    where c.id is null and v.outcome <> 'withdrawn'
), ranked as (
    select v.*, row_number() over (partition by door_id order by visited_at desc, id desc) as back from v
)"""
_NAMES = (
    """named as (select distinct v.sweep_id, v.door_id, n.person from v, unnest(v.named) as n (person))"""
)
_DOORS = f"""{_VISITS}, {_NAMES}, met as (
    select r.door_id, r.people - count(p.id) filter (where not p.counted) as there
    from ranked r left join lateral unnest(r.named) as n (person) on true
        left join screening_sweepperson p on p.sweep_id = r.sweep_id and p.door_id = r.door_id
            and p.person_id = n.person
    group by r.id, r.door_id, r.people
), told as (
    select d.id, d.sweep_id, d.area, d.number, coalesce(max(r.outcome) filter (where r.back = 1), '') as outcome,
        max(r.visited_at) as last_visit_at, min(r.local_day) as first_day, count(r.id) as visits
    from screening_sweepdoor d left join ranked r on r.door_id = d.id group by d.id
), people as (
    select x.door_id, max(x.n) as people from (
        select door_id, there as n from met
        union all select n.door_id, count(*) from named n join screening_sweepperson p
            on p.sweep_id = n.sweep_id and p.door_id = n.door_id and p.person_id = n.person and p.counted
            group by n.door_id) x
    group by x.door_id
)"""

_STATEMENTS = {
    "screening.sweep-doors-agree": f"""
        with {_DOORS}
        select t.sweep_id, t.area, 'door ' || t.number as what,
            concat_ws(' ', d.outcome, d.visits, d.people, d.first_day, d.last_visit_at) as kept,
            concat_ws(' ', t.outcome, t.visits, coalesce(p.people, 0), t.first_day, t.last_visit_at) as counted
        from told t join screening_sweepdoor d on d.id = t.id left join people p on p.door_id = t.id
        where (d.outcome, d.visits, d.people) is distinct from (t.outcome, t.visits, coalesce(p.people, 0))
            or d.first_day is distinct from t.first_day or d.last_visit_at is distinct from t.last_visit_at""",
    "screening.sweep-people-count-once": f"""
        with {_VISITS}, {_NAMES}
        select coalesce(p.sweep_id, n.sweep_id) as sweep_id, coalesce(p.area, '') as area, 'person' as what,
            case when p.id is null then 'absent' else 'kept' end as kept,
            case when n.person is null then 'not named' else 'named' end as counted
        from screening_sweepperson p full join named n
            on n.sweep_id = p.sweep_id and n.door_id = p.door_id and n.person = p.person_id
        where p.id is null or n.person is null
        union all
        select p.sweep_id, min(p.area), 'person counted', (count(*) filter (where p.counted))::text, '1'
        from screening_sweepperson p group by p.sweep_id, p.person_id
        having count(*) filter (where p.counted) <> 1""",
    "screening.sweep-leaves-agree": f"""
        with {_VISITS}, told as (
            select d.sweep_id, d.area, count(*) as doors,
                count(*) filter (where r.outcome = 'met') as met,
                count(*) filter (where r.outcome = 'not-home') as not_home,
                count(*) filter (where r.outcome = 'refused') as refused,
                count(*) filter (where r.outcome = 'vacant') as vacant,
                count(*) filter (where r.outcome = 'cannot-locate') as cannot_locate,
                count(*) filter (where r.outcome = 'moved') as moved,
                sum(d.people) as people, count(*) filter (where d.carried <> '') as carried,
                count(*) filter (where d.carried <> '' and r.outcome in ('met', 'vacant', 'moved'))
                    as carried_done, max(r.visited_at) as last_visit_at
            from screening_sweepdoor d left join ranked r on r.door_id = d.id and r.back = 1
            group by d.sweep_id, d.area
        ), visits as (select sweep_id, area, count(*) as visits from v group by sweep_id, area)
        select coalesce(l.sweep_id, t.sweep_id) as sweep_id, coalesce(l.area, t.area) as area, 'leaf' as what,
            concat_ws(' ', l.doors, l.met, l.not_home, l.refused, l.vacant, l.cannot_locate, l.moved,
                l.people, l.visits, l.carried, l.carried_done, l.last_visit_at) as kept,
            concat_ws(' ', t.doors, t.met, t.not_home, t.refused, t.vacant, t.cannot_locate, t.moved,
                t.people, coalesce(n.visits, 0), t.carried, t.carried_done, t.last_visit_at) as counted
        from screening_sweepleaf l full join told t on t.sweep_id = l.sweep_id and t.area = l.area
            left join visits n on n.sweep_id = t.sweep_id and n.area = t.area
        where (l.doors, l.met, l.not_home, l.refused, l.vacant, l.cannot_locate, l.moved, l.people, l.visits,
                l.carried, l.carried_done) is distinct from (t.doors::int, t.met::int, t.not_home::int,
                t.refused::int, t.vacant::int, t.cannot_locate::int, t.moved::int, t.people::int,
                coalesce(n.visits, 0)::int, t.carried::int, t.carried_done::int)
            or l.last_visit_at is distinct from t.last_visit_at""",
    "screening.sweep-days-agree": f"""
        with {_VISITS}, told as (
            select sweep_id, area, local_day as day, count(*) as visits, sum(people) as person_visits,
                count(*) filter (where outcome = 'met') as met,
                count(*) filter (where outcome = 'refused') as refused
            from v group by sweep_id, area, local_day
        ), firsts as (
            select f.sweep_id, f.area, f.day, count(*) as doors from (
                select sweep_id, area, door_id, min(local_day) as day from v group by 1, 2, 3) f
            group by 1, 2, 3
        )
        select coalesce(k.sweep_id, t.sweep_id) as sweep_id, coalesce(k.area, t.area) as area,
            'day ' || coalesce(k.day, t.day) as what,
            concat_ws(' ', k.visits, k.person_visits, k.met, k.refused, k.doors) as kept,
            concat_ws(' ', coalesce(t.visits, 0), coalesce(t.person_visits, 0), coalesce(t.met, 0),
                coalesce(t.refused, 0), coalesce(f.doors, 0)) as counted
        from screening_sweepday k
            full join told t on t.sweep_id = k.sweep_id and t.area = k.area and t.day = k.day
            left join firsts f on f.sweep_id = coalesce(k.sweep_id, t.sweep_id)
                and f.area = coalesce(k.area, t.area) and f.day = coalesce(k.day, t.day)
        where (k.visits, k.person_visits, k.met, k.refused, k.doors) is distinct from
            (coalesce(t.visits, 0)::int, coalesce(t.person_visits, 0)::int, coalesce(t.met, 0)::int,
                coalesce(t.refused, 0)::int, coalesce(f.doors, 0)::int)""",
}
