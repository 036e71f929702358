"""Which pack a page reads by: the one in force at a place in sight, or around it."""

from __future__ import annotations

from datetime import datetime

from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.packs.schema import Pack
from shouwang.policy.queries import RevisionRow, pack_of, revision_in_force, revisions


def pack_here(scope: Scope, at: datetime, area: str = "") -> tuple[RevisionRow, Pack]:
    """The revision in force at `area`, else where the scope begins, else at a place inside it.

    A district commander stands above the towns that adopted a pack, so the newest of theirs is read.
    Refuses `no-pack-in-force`.
    """
    for place in [area] if area else scope.areas:
        row = revision_in_force(scope, place, at)
        if row is not None:
            return row, pack_of(row.id)
    inside = [r for r in revisions(scope, state="adopted") if not area or r.area.startswith(area)]
    for row in inside:
        if row.in_force_from and row.in_force_from <= at:
            return row, pack_of(row.id)
    raise Refused("no-pack-in-force", area=area)
