"""配人 Staffing: whom each vacant role gets, near and balanced (B2). Pure.

What is weighed, in metres: the way from the worker to the household, and a share of `BALANCE` for what the worker
carries already. The best that this measure allows is found by min-cost flow (`staffing_flow`, where the extra
`ortools` is installed); the plain way, household by household, is here. Both keep what is fixed.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from shouwang.kernel.areas import TOWN_DIGITS, VILLAGE_DIGITS, town_of, village_of
from shouwang.packs.schema import Role

BALANCE = 2_000
"""A worker who is full counts as this many metres farther than one who is free: our choice."""
MOVE = 1_500
"""A household changes hands only where that saves more than so many metres: people know each other by now."""
OVER_CAP = 500_000
"""Who carries more than the cap today may keep it, at this price; nobody new is put above a cap."""
USUAL_CAP = 40
"""What a role without a cap is balanced by."""
NEAREST = 14
"""How many of the nearest are looked at for each household (STACK.md: 12 to 30; `bench staffing` measures)."""
SAME_DOORSTEP, SAME_VILLAGE, SAME_TOWN, ABOVE = 300, 1_000, 5_000, 15_000
"""Metres that stand for a nearness where no coordinates are known: our choice."""
OUT_OF_REACH = 30_000
"""What keeping a household costs somebody who serves another town: nobody is sent there, who is there may stay."""

Point = tuple[float, float]
"""(latitude, longitude)"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A worker as the assignment sees them: where, which roles, how many households already per role."""

    id: UUID
    area: str
    kinds: tuple[str, ...]
    load: Mapping[str, int]
    position: Point | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A slot somebody fills today. What a person chose by hand is fixed and stays."""

    role: str
    worker: UUID
    is_fixed: bool = True


@dataclass(frozen=True, slots=True)
class Target:
    """What needs its team: a household, a compound, …, and who serves it today."""

    id: str
    area: str
    held: tuple[Held, ...] = ()
    position: Point | None = None


@dataclass(frozen=True, slots=True)
class Proposed:
    """One slot as the proposal would fill it; `moved_from` gives it up."""

    target: str
    area: str
    role: str
    worker: UUID
    metres: int = 0
    moved_from: UUID | None = None
    metres_before: int | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed, the slots nobody can fill, and how it was found."""

    slots: tuple[Proposed, ...]
    vacant: tuple[tuple[str, str], ...]
    """(target id, role)"""
    method: Literal["flow", "greedy"] = "greedy"
    cost: int = 0
    """Way and balance together, in metres; of the slots proposed and of those that may move and stay."""
    greedy_cost: int | None = None
    """What the plain way costs, where it was measured and fills as many slots."""

    @property
    def gap(self) -> float | None:
        """How much worse the plain way is, as a share of the best: 0.12 is 12 %. None where not measured."""
        if self.greedy_cost is None:
            return None
        return (self.greedy_cost - self.cost) / self.cost if self.cost else 0.0


def way(target: Target, worker: Candidate) -> int | None:
    """Metres between a target and a worker; None where the worker does not serve that part of the country.

    From coordinates where both are known, else by the nearest place that holds both.
    """
    if not in_reach(target.area, worker.area):
        return None
    if target.position and worker.position:
        return metres_between(target.position, worker.position)
    return nearness(target.area, worker.area)


def kept_way(target: Target, worker: Candidate) -> int:
    """Metres to a target that the worker serves today, which may lie outside what they would be given anew."""
    metres = way(target, worker)
    return OUT_OF_REACH if metres is None else metres


def in_reach(target: str, worker: str) -> bool:
    """Somebody of the same town, or of a place around it."""
    return town_of(worker) == town_of(target) or target.startswith(worker)


def nearness(target: str, worker: str) -> int:
    """What stands for the way where coordinates are missing."""
    if target == worker:
        return SAME_DOORSTEP
    if len(worker) >= VILLAGE_DIGITS and village_of(target) == village_of(worker):
        return SAME_VILLAGE
    return SAME_TOWN if town_of(target) == town_of(worker) else ABOVE


def metres_between(one: Point, other: Point) -> int:
    """The straight way; exact enough within a district."""
    middle = math.radians((one[0] + other[0]) / 2)
    north, east = (one[0] - other[0]) * 110_574, (one[1] - other[1]) * 111_320 * math.cos(middle)
    return round(math.hypot(north, east))


def weight(load: int, cap: int | None) -> int:
    """What one more costs somebody who carries `load` already; above the cap, what nobody pays willingly."""
    if cap is not None and load >= cap:
        return BALANCE + OVER_CAP
    return BALANCE * max(0, load) // (cap or USUAL_CAP)


@dataclass(frozen=True, slots=True)
class Demand:
    """How many people one target wants in one role; who holds it and may move, and who cannot take it.

    Workers are their places in `RoleProblem.workers`.
    """

    target: Target
    need: int
    movable: tuple[int, ...] = ()
    barred: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class RoleProblem:
    """One role of the targets of one town: the part that is solved on its own, since caps are by role."""

    role: Role
    demands: tuple[Demand, ...]
    workers: tuple[Candidate, ...]
    base: tuple[int, ...]
    """What each carries in this role beside the slots that may move."""

    def room(self, worker: int) -> int:
        """How many the cap lets a worker take."""
        if self.role.cap is None:
            return sum(demand.need for demand in self.demands)
        return max(0, self.role.cap - self.base[worker])


Chosen = list[list[int]]
"""For each demand, whom it gets, as places in `RoleProblem.workers`."""
Near = Sequence[tuple[Sequence[int], Sequence[int]]]
"""For each demand the nearest workers and their metres."""


def role_problems(
    role: Role,
    targets: Sequence[Target],
    workers: Sequence[Candidate],
    taken: Mapping[str, frozenset[UUID]],
    *,
    moving: bool,
) -> list[RoleProblem]:
    """What one role asks for, town by town where nobody serves several towns.

    `taken`: who has another role at the target already. `targets` and `workers` are sorted.
    """
    able = [w for w in workers if role.code in w.kinds]
    shared = any(len(w.area) < TOWN_DIGITS for w in able)
    by_town: dict[str, tuple[list[Target], list[Candidate]]] = {}
    for target in targets:
        by_town.setdefault("" if shared else town_of(target.area), ([], []))[0].append(target)
    for worker in able:
        if found := by_town.get("" if shared else town_of(worker.area)):
            found[1].append(worker)
    problems = (_problem(role, *both, taken, moving) for _, both in sorted(by_town.items()))
    return [problem for problem in problems if problem.demands]


def _problem(
    role: Role,
    targets: Sequence[Target],
    workers: Sequence[Candidate],
    taken: Mapping[str, frozenset[UUID]],
    moving: bool,
) -> RoleProblem:
    place = {w.id: i for i, w in enumerate(workers)}
    demands: list[Demand] = []
    released = [0] * len(workers)
    for target in targets:
        mine = [held for held in target.held if held.role == role.code]
        free = [place[h.worker] for h in mine if moving and not h.is_fixed and h.worker in place]
        need = max(0, role.count - len(mine)) + len(free)
        if not need:
            continue
        others = {h.worker for h in mine} | taken.get(target.id, frozenset())
        barred = frozenset(place[w] for w in others if w in place).difference(free)
        demands.append(Demand(target, need, tuple(free), barred))
        for worker in free:
            released[worker] += 1
    base = tuple(w.load.get(role.code, 0) - released[i] for i, w in enumerate(workers))
    return RoleProblem(role, tuple(demands), tuple(workers), base)


def solve_greedy(problem: RoleProblem, near: Near | None = None) -> Chosen:
    """Target by target, whoever costs least at that moment. Whoever serves already stays.

    `near`: the nearest, where somebody has worked them out already.
    """
    load = list(problem.base)
    room = [problem.room(worker) for worker in range(len(problem.workers))]
    for demand in problem.demands:
        for worker in demand.movable:
            load[worker] += 1
            room[worker] -= 1
    pools = Pools(problem.workers)
    chosen: Chosen = []
    for index, demand in enumerate(problem.demands):
        mine = list(demand.movable)
        if len(mine) < demand.need:
            _fill(problem.role, demand, mine, near[index] if near else pools.nearest(demand), load, room)
        if len(mine) < demand.need:
            _fill(problem.role, demand, mine, pools.with_room(demand, room), load, room)
        chosen.append(mine)
    return chosen


def _fill(
    role: Role,
    demand: Demand,
    mine: list[int],
    ways: tuple[Sequence[int], Sequence[int]],
    load: list[int],
    room: list[int],
) -> None:
    while len(mine) < demand.need:
        best, price = -1, 0
        for worker, metres in zip(*ways, strict=True):
            if (best >= 0 and metres >= price) or room[worker] <= 0:
                continue
            if worker not in demand.barred and worker not in mine:
                cost = metres + weight(load[worker], role.cap)
                if best < 0 or cost < price:
                    best, price = worker, cost
        if best < 0:
            return
        mine.append(best)
        load[best] += 1
        room[best] -= 1


class Pools:
    """Workers by the place they serve, so that a household looks at its own village before the whole town."""

    def __init__(self, workers: Sequence[Candidate]) -> None:
        self.workers = workers
        self.villages: dict[str, list[int]] = defaultdict(list)
        self.towns: dict[str, list[int]] = {}
        for i, worker in enumerate(workers):
            if len(worker.area) >= VILLAGE_DIGITS:
                self.villages[village_of(worker.area)].append(i)

    def nearest(self, demand: Demand) -> tuple[Sequence[int], Sequence[int]]:
        """The nearest of the village where it has enough people, else of all in reach."""
        own = self.villages.get(village_of(demand.target.area), ())
        return self._ways(demand.target, own if len(own) >= NEAREST else self._town(demand), NEAREST)

    def with_room(self, demand: Demand, room: Sequence[int]) -> tuple[Sequence[int], Sequence[int]]:
        """Everybody in reach who has room left."""
        return self._ways(demand.target, (i for i in self._town(demand) if room[i] > 0), len(room))

    def _town(self, demand: Demand) -> Sequence[int]:
        town = town_of(demand.target.area)
        if town not in self.towns:
            self.towns[town] = [i for i, w in enumerate(self.workers) if in_reach(town, w.area)]
        return self.towns[town]

    def _ways(self, target: Target, workers: Iterable[int], most: int) -> tuple[list[int], list[int]]:
        ways = ((way(target, self.workers[i]), i) for i in workers)
        near = sorted((metres, i) for metres, i in ways if metres is not None)[:most]
        return [i for _, i in near], [metres for metres, _ in near]


def cost_of(problem: RoleProblem, chosen: Chosen) -> int:
    """Way and balance of a whole role, and what changing hands costs, in metres."""
    load = list(problem.base)
    total = 0
    for demand, workers in zip(problem.demands, chosen, strict=True):
        for worker in workers:
            total += kept_way(demand.target, problem.workers[worker])
            total += 0 if worker in demand.movable or not demand.movable else MOVE
            total += weight(load[worker], problem.role.cap)
            load[worker] += 1
    return total
