"""五包一: vacancies, load against cap, and a plain assignment of teams to households (B2).

Pure. The plain assignment is greedy: each household's role goes to the nearest worker of that role with the
lightest load below the cap. It is not optimal; min-cost flow (8 to 20 % better, STACK.md) is a later issue.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shouwang.packs.schema import RoleSet


@dataclass(frozen=True, slots=True)
class Candidate:
    """A worker as the assignment sees them: where, which roles, how many households already per role."""

    id: UUID
    area: str
    kinds: tuple[str, ...]
    load: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Target:
    """A household that needs its team, and the roles that are filled already."""

    id: str
    area: str
    filled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Proposed:
    """One slot filled by the proposal."""

    target: str
    area: str
    role: str
    worker: UUID


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the plain assignment proposes, and the slots it could not fill."""

    slots: tuple[Proposed, ...]
    vacant: tuple[tuple[str, str], ...]
    """(target id, role)"""


def vacant_roles(role_set: RoleSet, filled: Iterable[str]) -> tuple[str, ...]:
    """The roles of the set that nobody fills, in the set's order."""
    held = set(filled)
    return tuple(role.code for role in role_set.roles if role.code not in held)


def propose_teams(role_set: RoleSet, targets: Sequence[Target], candidates: Sequence[Candidate]) -> Proposal:
    """Fill every vacant role of every target with somebody near who still has room.

    Near is the same village, then the same town (path prefixes). Deterministic: same input, same proposal.
    """
    load: dict[tuple[UUID, str], int] = {
        (worker.id, role): number for worker in candidates for role, number in worker.load.items()
    }
    near = _by_nearness(candidates)
    slots: list[Proposed] = []
    vacant: list[tuple[str, str]] = []
    caps = {role.code: role.cap for role in role_set.roles}
    for target in sorted(targets, key=lambda t: (t.area, t.id)):
        for role in vacant_roles(role_set, target.filled):
            found = _lightest(near, target.area, role, load, caps[role])
            if found is None:
                vacant.append((target.id, role))
                continue
            load[found, role] = load.get((found, role), 0) + 1
            slots.append(Proposed(target.id, target.area, role, found))
    return Proposal(tuple(slots), tuple(vacant))


STREET = 9
VILLAGE = 12


def _by_nearness(candidates: Sequence[Candidate]) -> dict[tuple[str, str], list[UUID]]:
    near: dict[tuple[str, str], list[UUID]] = defaultdict(list)
    for worker in sorted(candidates, key=lambda c: str(c.id)):
        for role in worker.kinds:
            for prefix in {worker.area[:VILLAGE], worker.area[:STREET]}:
                near[prefix, role].append(worker.id)
    return near


def _lightest(
    near: Mapping[tuple[str, str], list[UUID]],
    area: str,
    role: str,
    load: Mapping[tuple[UUID, str], int],
    cap: int | None,
) -> UUID | None:
    for prefix in (area[:VILLAGE], area[:STREET]):
        free = [w for w in near.get((prefix, role), ()) if cap is None or load.get((w, role), 0) < cap]
        if free:
            return min(free, key=lambda w: load.get((w, role), 0))
    return None
