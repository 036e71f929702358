"""责任表: every place of a chain with its own post, filled or vacant, by path."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from shouwang.kernel.scope import Scope
from shouwang.workforce.queries.chains import chain_rules
from shouwang.workforce.queries.orphans import below, rule_columns

LEVELS_SHOWN = ("street", "village", "grid")


@dataclass(frozen=True, slots=True)
class Post:
    """A place at which somebody should answer, and at which level of the chain."""

    area: str
    level: str
    is_vacant: bool


def posts(
    scope: Scope,
    at: datetime,
    *,
    area: str = "",
    level: str = "",
    vacant_only: bool = False,
    after: str = "",
    limit: int = 50,
) -> list[Post]:
    """Places in sight at which the chain in force asks for somebody, by path. One statement besides the rules."""
    rules = chain_rules(at)
    areas = scope.narrowed(area).areas if area else scope.areas
    if not rules or not areas:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _POSTS.format(place=below("p.path", areas)),
            rule_columns(rules)
            | {"after": after, "limit": limit, "level": level, "vacant_only": vacant_only},
        )
        return [Post(*row) for row in cursor.fetchall()]


def vacant_posts(scope: Scope, at: datetime, *, area: str = "", most: int = 1000) -> int:
    """How many posts in sight nobody fills, counted no further than `most`."""
    return len(posts(scope, at, area=area, vacant_only=True, limit=most))


_POSTS = """
with rule as (
    select * from unnest(%(level_roots)s::text[], %(rungs)s::text[], %(place_levels)s::text[], %(musts)s::bool[])
        as r (root, rung, level, must)
), answer as (
    select * from unnest(%(answer_roots)s::text[], %(answer_rungs)s::text[], %(answer_sets)s::text[],
        %(answer_roles)s::text[]) as r (root, rung, role_set, role)
), post as (
    select p.path, u.rung, not exists (
        select 1 from workforce_assignment a
        join workforce_worker w on w.id = a.worker_id and w.until is null
        join answer n on n.root = u.root and n.rung = u.rung and n.role_set = a.role_set and n.role = a.role
        where a.target_kind in ('place', u.rung) and a.target_id = p.path and a.until is null
    ) as is_vacant
    from places_place p
    cross join lateral (select r from unnest(%(roots)s::text[]) r where starts_with(p.path, r)
        order by length(r) desc limit 1) b
    join rule u on u.root = b.r and u.level = p.level
    where {place} and p.valid_until is null and p.path > %(after)s and (%(level)s = '' or u.rung = %(level)s)
)
select path, rung, is_vacant from post where is_vacant or not %(vacant_only)s order by path limit %(limit)s
"""
