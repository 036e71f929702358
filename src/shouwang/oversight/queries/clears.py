"""三清 The three clears of a place: for every criterion of the pack how much is not, of how much, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.oversight.queries.closing import VIEW, closing_places
from shouwang.oversight.queries.gaps import base_by_area, gap_by_area, has_source
from shouwang.oversight.rules import BY_CODE, Gap, GapMoment, rolled_up
from shouwang.packs.schema import Clear


@dataclass(frozen=True, slots=True)
class CriterionState:
    """One criterion: how many are not clear, of how many (None: no such number), by place below."""

    gap: Gap
    left: int
    base: int | None
    below: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ClearState:
    """One clear of the pack. `unknown`: codes that nothing here computes; it is then never clear."""

    clear: Clear
    criteria: tuple[CriterionState, ...]
    unknown: tuple[str, ...]

    @property
    def left(self) -> int:
        """How much is not clear."""
        return sum(criterion.left for criterion in self.criteria)

    @property
    def is_clear(self) -> bool:
        """Nothing is left on any criterion, and every criterion could be asked."""
        return not self.left and not self.unknown


def clear_states(scope: Scope, moment: GapMoment) -> list[ClearState]:
    """The clears of the pack in force, computed now; each criterion counted once. Refuses `place-not-found`."""
    if not scope.allows(VIEW, moment.area):
        raise Refused("place-not-found", area=moment.area)
    clears = moment.pack.clears if moment.pack else ()
    places = tuple(place.path for place in closing_places(scope, moment.area))
    wanted = {code for clear in clears for code in clear.criteria if code in BY_CODE and has_source(code)}
    bases = {
        base: sum(base_by_area(scope, base, moment).values())
        for base in {BY_CODE[code].of for code in wanted} - {""}
    }
    states = {}
    for code in sorted(wanted):
        gap = BY_CODE[code]
        leaves = gap_by_area(scope, code, moment)
        below = rolled_up(leaves, places)
        states[code] = CriterionState(gap, sum(leaves.values()), bases.get(gap.of), below)
    return [
        ClearState(
            clear,
            tuple(states[code] for code in clear.criteria if code in states),
            tuple(code for code in clear.criteria if code not in states),
        )
        for clear in clears
    ]
