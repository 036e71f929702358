# ruff: noqa: S608 - statements are made of this room's own text; every value is a parameter
"""A village is divided into grids: the teams of a household follow its door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from shouwang.people.actions import MovedHome, columns_of


def follow_homes(homes: Sequence[MovedHome], *, at: datetime) -> int:
    """Take the teams, rosters and coming shifts of these households and of who lives there to where the
    households stand now; returns how many assignments. Set-based, inside the caller's action.

    Who serves stays; what has ended, and shifts that are over, stay where they were.
    """
    if not homes:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_ASSIGNMENTS, columns_of(homes))
        followed = int(cursor.rowcount)
        for statement in _GUARDED:
            cursor.execute(statement, columns_of(homes) | {"at": at})
    return followed


_K = "unnest(%(households)s::uuid[], %(was)s::text[], %(areas)s::text[]) as k (household, was, area)"
_TARGETS = f"""(
    select 'household' as kind, k.household::text as target, k.was, k.area from {_K}
    union all select 'person', p.id::text, k.was, k.area from {_K}
    join people_person p on p.household_id = k.household) t"""
_ASSIGNMENTS = f"""
update workforce_assignment a set area = t.area from {_TARGETS}
where a.target_kind = t.kind and a.target_id = t.target and a.until is null and a.area = t.was
"""
_GUARDED = (
    f"""update workforce_teamtarget g set area = t.area from {_TARGETS}
    where g.target_kind = t.kind and g.target_id = t.target and g.until is null and g.area = t.was""",
    f"""update workforce_roster r set area = g.area from workforce_teamtarget g, {_TARGETS}
    where g.target_kind = t.kind and g.target_id = t.target and g.until is null and r.team_id = g.id
        and r.closed_reason = '' and r.area = t.was""",
    f"""update workforce_shift s set area = r.area
    from workforce_roster r, workforce_teamtarget g, {_TARGETS}
    where g.target_kind = t.kind and g.target_id = t.target and g.until is null and r.team_id = g.id
        and s.roster_id = r.id and s.ends_at > %(at)s and s.area = t.was""",
)
