# ruff: noqa: S608 - statements are made of this room's own text; every value is a parameter or a checked path
"""断链: places and households whose chain is broken, by SQL over all of them.

`rules.chain` says what a broken chain is for one target; here the same is asked of a district at once. The two are
held together by a test over random trees. People under watch are asked about by the rooms above
(`journeys.prove_chains`), with the `Ground` that this module computes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from shouwang.kernel.scope import Scope
from shouwang.workforce.queries.chains import chain_rules
from shouwang.workforce.queries.teams import DESK
from shouwang.workforce.rules import LEVEL_OF, ChainRule

HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True)
class Ground:
    """A path at which something is amiss."""

    area: str
    is_place: bool
    broken_at: str
    """The uppermost level that is broken; "" where the places hold and only a household may be alone."""
    needs_own: bool
    """Households here must have somebody of their own: nobody above could answer for them, or the pack says so."""


@dataclass(frozen=True, slots=True)
class Orphan:
    """A place or a household with people whose chain is broken, and at which level."""

    kind: Literal["place", "household"]
    id: str
    area: str
    broken_at: str
    cursor: str


def ground(
    scope: Scope, at: datetime, *, area: str = "", rules: list[ChainRule] | None = None
) -> list[Ground]:
    """Every path in sight below `area` at which chains are broken or may be. One statement besides the rules."""
    rules = chain_rules(at) if rules is None else rules
    areas = scope.narrowed(area).areas if area else scope.areas
    if not rules or not areas:
        return []
    statement = _GROUND.format(place=below("p.path", areas), household=below("h.area", areas))
    with connection.cursor() as cursor:
        cursor.execute(statement, rule_columns(rules) | {"desk": f'["{DESK}"]'})
        return [Ground(*row) for row in cursor.fetchall()]


def place_orphans(amiss: Sequence[Ground], *, after: str = "", limit: int = 50) -> list[Orphan]:
    """The places of a ground whose chain is broken, by path. Pure: `ground` was asked within a scope."""
    broken = sorted((g for g in amiss if g.is_place and g.broken_at), key=lambda g: g.area)
    return [Orphan("place", g.area, g.area, g.broken_at, g.area) for g in broken if g.area > after][:limit]


def household_orphans(
    scope: Scope,
    at: datetime,
    amiss: Sequence[Ground],
    *,
    after: str = "",
    limit: int = 50,
    rules: list[ChainRule] | None = None,
) -> list[Orphan]:
    """Households with people whose chain is broken, by area and id. One statement besides the rules."""
    params = ground_columns(amiss)
    if not params["areas"]:
        return []
    rules = chain_rules(at) if rules is None else rules
    from_area, _, from_id = after.rpartition("~")
    statement = _HOUSEHOLDS.format(seen=below("h.area", scope.areas))
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            params | own_columns(rules) | {"from_area": from_area, "from_id": _uuid(from_id), "limit": limit},
        )
        rows = cursor.fetchall()
    return [Orphan("household", str(key), where, level, f"{where}~{key}") for where, key, level in rows]


def ground_columns(amiss: Sequence[Ground]) -> dict[str, Any]:
    """What `ground` found, as columns for a statement. Unscoped: it was asked within a scope."""
    return {
        "areas": [g.area for g in amiss],
        "levels": [g.broken_at for g in amiss],
        "needs": [g.needs_own for g in amiss],
    }


def own_columns(rules: Sequence[ChainRule]) -> dict[str, Any]:
    """Roles that answer for a household, by the place that adopted the chain, as columns for a statement.

    Unscoped: rules are public.
    """
    rows = [
        (rule.root, answer.role_set, answer.role)
        for rule in rules
        for level in rule.levels
        if level.level == HOUSEHOLD
        for answer in level.answers
    ]
    return {
        "own_roots": [root for root, _, _ in rows],
        "own_sets": [role_set for _, role_set, _ in rows],
        "own_roles": [role for _, _, role in rows],
        "roots": [rule.root for rule in rules],
    }


def rule_columns(rules: Sequence[ChainRule]) -> dict[str, Any]:
    """Levels and the roles that answer at them, as columns for a statement. Unscoped: rules are public."""
    levels = [(rule.root, level) for rule in rules for level in rule.levels]
    answers = [(root, level.level, answer) for root, level in levels for answer in level.answers]
    return {
        "roots": [rule.root for rule in rules],
        "level_roots": [root for root, _ in levels],
        "rungs": [level.level for _, level in levels],
        "place_levels": [LEVEL_OF.get(level.level, "") for _, level in levels],
        "musts": [level.must_have_own for _, level in levels],
        "answer_roots": [root for root, _, _ in answers],
        "answer_rungs": [rung for _, rung, _ in answers],
        "answer_sets": [answer.role_set for _, _, answer in answers],
        "answer_roles": [answer.role for _, _, answer in answers],
    }


def below(column: str, areas: Sequence[str]) -> str:
    """A condition for rows below these paths: literals of digits and dashes, so that the index is taken."""
    if "" in areas:
        return "true"
    good = [a for a in areas if a.isascii() and a.replace("-", "").isalnum()]
    return "(" + " or ".join(f"{column} like '{a}%%'" for a in good) + ")" if good else "false"


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


_GROUND = """
with rule as (
    select * from unnest(%(level_roots)s::text[], %(rungs)s::text[], %(place_levels)s::text[], %(musts)s::bool[])
        as r (root, rung, level, must)
), answer as (
    select * from unnest(%(answer_roots)s::text[], %(answer_rungs)s::text[], %(answer_sets)s::text[],
        %(answer_roles)s::text[]) as r (root, rung, role_set, role)
), root as (
    select * from unnest(%(roots)s::text[]) as r (path)
), desk as (
    select distinct area as path from workforce_worker where until is null and kinds @> %(desk)s::jsonb
), asked as (
    select p.path as area, true as is_place from places_place p
        where {place} and p.valid_until is null and p.level in (select level from rule)
    union all
    select h.area, false from (select distinct h.area from people_household h where {household}) h
), bound as (
    select a.area, bool_or(a.is_place) as is_place, (select r.path from root r where starts_with(a.area, r.path)
        order by length(r.path) desc limit 1) as root
    from asked a group by a.area
), held as (
    select distinct u.root, u.rung, a.target_id as path from workforce_assignment a
    join workforce_worker w on w.id = a.worker_id and w.until is null
    join answer u on u.role_set = a.role_set and u.role = a.role
        and (a.target_kind = 'place' or a.target_kind = u.rung)
    where a.until is null and a.target_kind <> 'household' and u.rung <> 'household'
), step as (
    select b.area, b.is_place, b.root, u.rung, u.must, p.path, starts_with(p.path, b.root) as kept,
        h.path is not null as filled
    from bound b
    cross join lateral generate_series(2, length(b.area)) n
    join places_place p on p.path = left(b.area, n) and p.valid_until is null
    join rule u on u.root = b.root and u.level = p.level
    left join held h on h.root = b.root and h.rung = u.rung and h.path = p.path
), judged as (
    select s.*, coalesce(bool_or(s.filled) over (partition by s.area order by length(s.path)
        rows between unbounded preceding and 1 preceding), false) as above
    from step s
), broken as (
    select distinct on (j.area) j.area, j.rung from judged j
    where j.kept and not j.filled
        and (j.must or not (j.above or exists (select 1 from desk d where starts_with(j.path, d.path))))
    order by j.area, length(j.path)
), covered as (
    select b.area, exists (select 1 from desk d where starts_with(b.area, d.path))
        or exists (select 1 from held h where h.root = b.root and h.path = any(
            select left(b.area, n) from generate_series(2, length(b.area)) n)) as is_covered
    from bound b where b.root is not null
)
select b.area, b.is_place, coalesce(k.rung, ''), coalesce(u.must or not c.is_covered, false) as needs_own
from bound b
join covered c on c.area = b.area
left join broken k on k.area = b.area
left join rule u on u.root = b.root and u.rung = 'household'
where k.area is not null or u.must or (u.root is not null and not c.is_covered)
order by b.area
"""

OWN = """exists (select 1 from workforce_assignment a
    join workforce_worker w on w.id = a.worker_id and w.until is null
    join own o on o.role_set = a.role_set and o.role = a.role
    where a.target_kind = 'household' and a.target_id = {household}::text and a.until is null
        and o.root = (select r from unnest(%(roots)s::text[]) r where starts_with({area}, r)
            order by length(r) desc limit 1))"""
"""Whether a household has somebody of its own in one of the roles that answer for it."""

OWN_ROLES = """own as (
    select * from unnest(%(own_roots)s::text[], %(own_sets)s::text[], %(own_roles)s::text[])
        as o (root, role_set, role)
), amiss as (
    select * from unnest(%(areas)s::text[], %(levels)s::text[], %(needs)s::bool[]) as g (area, level, needs)
)"""

_HOUSEHOLDS = (
    "with "
    + OWN_ROLES
    + """
select h.area, h.id, case when g.level <> '' then g.level else 'household' end
from people_household h join amiss g on g.area = h.area
where {seen} and (h.area, h.id) > (%(from_area)s, %(from_id)s)
    and exists (select 1 from people_person p where p.household_id = h.id and p.merged_into_id is null)
    and (g.level <> '' or g.needs and not """
    + OWN.format(household="h.id", area="h.area")
    + """)
order by h.area, h.id limit %(limit)s
"""
)
