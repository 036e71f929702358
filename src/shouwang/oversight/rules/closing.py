"""收日 What a place looks at before it closes its day, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shouwang.kernel.canon import content_hash
from shouwang.oversight.rules.evening import DayState
from shouwang.oversight.rules.gaps import Gap, GapRow


@dataclass(frozen=True, slots=True)
class Carried:
    """Why one item was not done, and who takes it tomorrow (None: the duty desk)."""

    kind: str
    item: str
    reason: str
    note: str
    to_worker: UUID | None
    to_name: str
    by_name: str = ""


@dataclass(frozen=True, slots=True)
class KindState:
    """One kind of work in the evening of a place.

    `own` are the items no place below answers for; `below` counts the others by place below.
    """

    gap: Gap
    own: tuple[GapRow, ...]
    below: Mapping[str, int]

    @property
    def total(self) -> int:
        """All of it, here and below."""
        return len(self.own) + sum(self.below.values())


@dataclass(frozen=True, slots=True)
class DayLook:
    """Everything that somebody sees who closes the day of a place."""

    state: DayState
    kinds: tuple[KindState, ...]
    carried: Mapping[tuple[str, str], Carried]
    below: tuple[DayState, ...]
    quiet: frozenset[str] = frozenset()
    """Places below where there is nothing to close: nobody observed, nothing left."""

    @property
    def unexplained(self) -> tuple[GapRow, ...]:
        """Own items that nobody gave a reason for."""
        return tuple(
            row for kind in self.kinds for row in kind.own if (row.kind, row.key) not in self.carried
        )

    @property
    def missing(self) -> tuple[DayState, ...]:
        """Places below that have something to close and have not closed."""
        return tuple(
            place for place in self.below if place.state != "closed" and place.area not in self.quiet
        )

    @property
    def total(self) -> int:
        """How much is left, of every kind."""
        return sum(kind.total for kind in self.kinds)


def look_hash(look: DayLook) -> str:
    """The fingerprint of what was looked at: closing is refused when it has become something else."""
    return content_hash(_looked(look))


def frozen_day(look: DayLook, *, without: str, figures: Mapping[str, int | None]) -> dict[str, Any]:
    """What a closed day keeps: plain JSON values. `without`: why it closed before places below."""
    return _looked(look) | {"without": without, "figures": dict(figures)}


def _looked(look: DayLook) -> dict[str, Any]:
    return {
        "area": look.state.area,
        "kinds": [
            {
                "kind": kind.gap.code,
                "total": kind.total,
                "own": [_item(row, look.carried.get((row.kind, row.key))) for row in kind.own],
                "below": dict(sorted(kind.below.items())),
            }
            for kind in look.kinds
        ],
        "below": [[place.area, _below(place, look), place.revision, place.hash] for place in look.below],
    }


def _below(place: DayState, look: DayLook) -> str:
    if place.state == "closed":
        return "closed"
    return "quiet" if place.area in look.quiet else "not-closed"


def _item(row: GapRow, carried: Carried | None) -> list[str]:
    if carried is None:
        return [row.key, row.area, "", "", ""]
    to = str(carried.to_worker) if carried.to_worker else ""
    return [row.key, row.area, carried.reason, to, carried.to_name]


def changed_kinds(before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many items each kind gained (+) or lost (−) between two closings of a day."""
    was = {kind["kind"]: kind["total"] for kind in before}
    return {
        kind["kind"]: kind["total"] - was.get(kind["kind"], 0)
        for kind in now
        if kind["total"] != was.get(kind["kind"], 0)
    }
