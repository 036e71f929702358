"""断链: places, households and people under watch that nobody answers for, and the proof that there are none (B4).

What counts as an orphan. A chain exists where a pack in force defines one (`[[chain]]`). There a place, a household
with people or a person under watch is an orphan when some level of its chain has nobody of its own and nobody above
to answer for it (no filled level, no duty desk), or when the pack asks for somebody of its own at that level and
there is nobody. A place that founded itself with `shouwang init` has its duty desk, so that nobody is an orphan on
the first day; vacancies show in the table of responsibility. People under watch count always, with or without a
chain in the pack: the owner of an open file must still be serving.

Crosses workforce (chains) and observation (who is under watch).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shouwang.kernel.scope import Scope
from shouwang.observation.queries import watched_orphans
from shouwang.workforce.queries import Orphan, chain_rules, ground, household_orphans, place_orphans

OrphanKind = Literal["place", "household", "person"]
MOST = 1000


@dataclass(frozen=True, slots=True)
class OrphanRow:
    """Something that nobody answers for, at which level its chain is broken."""

    kind: OrphanKind
    id: str
    """Path of the place, id of the household or of the person."""
    area: str
    broken_at: str
    cursor: str


def orphans(
    scope: Scope, kind: OrphanKind, at: datetime, *, area: str = "", after: str = "", limit: int = 50
) -> list[OrphanRow]:
    """Orphans of one kind in sight below `area`, by area. Three statements.

    People are shown as far as the scope may see who is under watch.
    """
    rules = chain_rules(at)
    amiss = ground(scope, at, area=area, rules=rules)
    if kind == "place":
        return [_row(o) for o in place_orphans(amiss, after=after, limit=limit)]
    if kind == "household":
        return [_row(o) for o in household_orphans(scope, at, amiss, after=after, limit=limit, rules=rules)]
    rows = watched_orphans(scope, amiss, rules, area=area or None, after=after, limit=limit)
    return [OrphanRow("person", str(r.person_id), r.area, r.broken_at, r.cursor) for r in rows]


def orphan_counts(scope: Scope, at: datetime, *, area: str = "", most: int = MOST) -> dict[OrphanKind, int]:
    """How many orphans of each kind, counted no further than `most`."""
    kinds: Sequence[OrphanKind] = ("place", "household", "person")
    return {kind: len(orphans(scope, kind, at, area=area, limit=most)) for kind in kinds}


def _row(orphan: Orphan) -> OrphanRow:
    return OrphanRow(orphan.kind, orphan.id, orphan.area, orphan.broken_at, orphan.cursor)
