"""分片包干: who answers for which doors of a round, and who has not started."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from shouwang.kernel.scope import Scope
from shouwang.screening.queries.sweeps import SweepRow, leaf_visits
from shouwang.workforce.queries import Member, WorkerRow, teams_of

TARGET = "place"
"""Responsibility for a place is an assignment whose target is the place's path."""
DIVISIONS, STEP = (6, 9, 12), 4
"""Lengths of the paths of counties, towns and villages; each step below them adds "-001"."""


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """One owner of doors of a round: the leaves they answer for, and how far these are.

    `worker` None: nobody answers for these leaves.
    """

    worker: WorkerRow | None
    leaves: tuple[str, ...]
    doors: int
    done: int
    visits: int

    @property
    def is_idle(self) -> bool:
        """Whether somebody answers for these doors and none of them has been visited."""
        return self.worker is not None and not self.visits


def owners_of(scope: Scope, row: SweepRow, leaves: Iterable[str]) -> dict[str, list[Member]]:
    """Leaf → who answers for it: those assigned to it, else to the nearest place around it. One query."""
    wanted = list(leaves)
    if not row.role_set or not wanted:
        return {leaf: [] for leaf in wanted}
    targets = {place for leaf in wanted for place in _around(leaf)}
    teams = {
        path: [member for member in members if member.role_set == row.role_set]
        for path, members in teams_of(scope, TARGET, targets).items()
    }
    return {leaf: _nearest(leaf, teams) for leaf in wanted}


def sweep_owners(scope: Scope, row: SweepRow, *, area: str = "") -> list[OwnerRow]:
    """Every owner of a round in a place, those who have not started first, then by share done.

    Doors without an owner are one row of their own, and come before all.
    """
    leaves = leaf_visits(scope, row.id, area=area)
    held: dict[object, tuple[WorkerRow | None, list[str]]] = {}
    for leaf, team in owners_of(scope, row, leaves).items():
        people: list[WorkerRow | None] = [*(member.worker for member in team)]
        for worker in people or [None]:
            held.setdefault(worker.id if worker else None, (worker, []))[1].append(leaf)
    rows = [
        OwnerRow(
            worker,
            tuple(own),
            *(sum(leaves[leaf][n] for leaf in own) for n in range(3)),
        )
        for worker, own in held.values()
    ]
    return sorted(rows, key=_by_trouble)


def leaves_owned(
    scope: Scope, rounds: Mapping[UUID, tuple[str, Collection[str]]], worker_id: UUID
) -> dict[UUID, set[str]]:
    """Round → the leaves this worker answers for; `rounds`: id → (role set, leaves). One query, however many."""
    targets = {place for _, leaves in rounds.values() for leaf in leaves for place in _around(leaf)}
    teams = teams_of(scope, TARGET, targets) if targets else {}
    found = {}
    for sweep_id, (role_set, leaves) in rounds.items():
        own = {path: [m for m in held if m.role_set == role_set] for path, held in teams.items()}
        found[sweep_id] = {
            leaf for leaf in leaves if any(m.worker.id == worker_id for m in _nearest(leaf, own))
        }
    return found


def _nearest(leaf: str, teams: dict[str, list[Member]]) -> list[Member]:
    for place in _around(leaf):
        if team := teams.get(place):
            return team
    return []


def _around(leaf: str) -> list[str]:
    """A place and every place that holds it, up to the county, nearest first: the steps of a path."""
    steps = [end for end in (*DIVISIONS, *range(DIVISIONS[-1] + STEP, len(leaf), STEP)) if end < len(leaf)]
    return [leaf, *(leaf[:end] for end in reversed(steps))]


def _by_trouble(one: OwnerRow) -> tuple[bool, bool, float, str]:
    share = one.done / one.doors if one.doors else 1.0
    return (one.worker is not None, one.visits > 0, share, one.worker.name if one.worker else "")
