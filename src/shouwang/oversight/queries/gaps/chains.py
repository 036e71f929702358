"""断链 Broken chains of responsibility, as the workforce room computes them."""

from __future__ import annotations

from uuid import UUID

from shouwang.kernel.scope import Scope
from shouwang.oversight.rules.gaps import GapMoment, GapRow
from shouwang.workforce.queries import ground, household_orphans, place_orphans

KIND = "chain-broken"
ALL = 1_000_000


def broken(scope: Scope, moment: GapMoment) -> list[GapRow]:
    """Places and households inside the moment's place whose chain is broken, with the level that is."""
    inside = scope.narrowed(moment.area)
    amiss = ground(inside, moment.as_of, area=moment.area)
    found = [
        GapRow(KIND, f"place/{one.id}", one.area, detail=one.broken_at)
        for one in place_orphans(amiss, limit=ALL)
    ]
    return found + [
        GapRow(KIND, f"household/{one.id}", one.area, household_id=UUID(one.id), detail=one.broken_at)
        for one in household_orphans(inside, moment.as_of, amiss, limit=ALL)
    ]
