"""配人 The best assignment by min-cost flow over the nearest, with the extra `ortools`; without it, None.

A unit of flow is one slot: target → worker → sink. What a worker carries bends the last arc upwards, one arc for
each further household, so that the cheapest flow is near and balanced at once. A slot that finds nobody flows to
the sink by itself at a price nobody would pay otherwise.

Who holds a slot today above the cap may keep it: a node of its own for that pair lets one unit pass, to the worker's
room or past it, never one to each. That nobody who stays above the cap is given anything new is no matter of a flow:
where it comes out so, that worker either gets nothing new or comes down to the cap, and the cheaper of both is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from heapq import heappop, heappush
from importlib.util import find_spec
from typing import TYPE_CHECKING

from shouwang.kernel.areas import town_of
from shouwang.workforce.rules.staffing import (
    MOVE,
    NEAREST,
    Candidate,
    Chosen,
    RoleProblem,
    in_reach,
    kept_way,
    nearness,
    way,
    weight,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

UNFILLED = 50_000_000
LEFT_ALONE = 2 * UNFILLED
"""Nobody loses the person they have today so that another gets one: that would only move the vacancy."""
ROWS, LOTS = 2_000, 1_024
TRIES = 4
ARCS = 200_000
"""When flows of one role went over so many arcs, those who stay above the cap get nothing new, whether that is the
cheapest or not: a village is searched to the end, a district of 20,000 doors does not wait for thirty flows.
"""


def available() -> bool:
    """Whether the extra is installed."""
    return find_spec("ortools") is not None


def nearest_of_all(problem: RoleProblem, number: int = NEAREST) -> tuple[Ints, Ints]:
    """For each demand the nearest workers, nearest first: (places in `problem.workers`, metres).

    Of equally near ones each demand draws its own lot, or a whole village would look at the same few. Rows are
    padded with -1 where fewer are in reach.
    """
    import numpy as np

    width = min(number, len(problem.workers))
    places = np.full((len(problem.demands), width), -1, dtype=np.int64)
    metres = np.zeros((len(problem.demands), width), dtype=np.int64)
    towns: dict[str, list[int]] = {}
    for index, demand in enumerate(problem.demands):
        towns.setdefault(town_of(demand.target.area), []).append(index)
    for town, rows in sorted(towns.items()):
        pool = np.array([i for i, w in enumerate(problem.workers) if in_reach(town, w.area)], dtype=np.int64)
        keep = min(width, len(pool))
        for start in range(0, len(rows) if keep else 0, ROWS):
            part = rows[start : start + ROWS]
            ways = _ways(problem, part, pool)
            lots = (np.array(part)[:, None] * 104_729 + pool[None, :] * 7_919) % LOTS
            columns = np.argpartition(ways * LOTS + lots, keep - 1, axis=1)[:, :keep]
            found = np.take_along_axis(ways, columns, axis=1)
            order = np.argsort(found, axis=1, kind="stable")
            places[part, :keep] = pool[np.take_along_axis(columns, order, axis=1)]
            metres[part, :keep] = np.take_along_axis(found, order, axis=1)
    return places, metres


def _ways(problem: RoleProblem, part: Sequence[int], pool: Ints) -> Ints:
    """Metres from some demands to everybody of one town's pool: coordinates where both are known."""
    import numpy as np

    targets = [problem.demands[i].target for i in part]
    workers = [problem.workers[i] for i in pool.tolist()]
    ways = _by_place([t.area for t in targets], workers)
    here = [i for i, t in enumerate(targets) if t.position]
    there = [i for i, w in enumerate(workers) if w.position]
    if here and there:
        a = np.array([targets[i].position for i in here])
        b = np.array([workers[i].position for i in there])
        middle = np.radians((a[:, None, 0] + b[None, :, 0]) / 2)
        north = (a[:, None, 0] - b[None, :, 0]) * 110_574
        east = (a[:, None, 1] - b[None, :, 1]) * 111_320 * np.cos(middle)
        ways[np.ix_(here, there)] = np.rint(np.hypot(north, east)).astype(np.int64)
    return ways


def _by_place(areas: Sequence[str], workers: Sequence[Candidate]) -> Ints:
    """The same, for those without coordinates: worked out once for each pair of places."""
    import numpy as np

    wheres = {where: i for i, where in enumerate(sorted({w.area for w in workers}))}
    column = np.array([wheres[w.area] for w in workers])
    rows = {area: np.array([nearness(area, where) for where in wheres])[column] for area in set(areas)}
    return np.stack([rows[area] for area in areas]).astype(np.int64)


def solve_flow(problem: RoleProblem, greedy: Sequence[Sequence[int]], near: tuple[Ints, Ints]) -> Chosen:
    """The cheapest choice over the nearest and over what the plain way chose, if given: so it is never worse.

    Whoever finds nobody among them is joined to everybody who has room left, and it is solved again.
    """
    network = _Network(problem, greedy, near)
    chosen = network.solve()
    for _ in range(TRIES):
        short = [i for i, demand in enumerate(problem.demands) if len(chosen[i]) < demand.need]
        if not short or not network.widen(short, chosen):
            break
        chosen = network.solve()
    return chosen


class _Network:
    """The network of one role as columns of arcs (from, to, capacity, price); it may be widened."""

    def __init__(
        self, problem: RoleProblem, greedy: Sequence[Sequence[int]], near: tuple[Ints, Ints]
    ) -> None:
        import numpy as np

        self.problem = problem
        self.first = len(problem.demands)
        self.over = self.first + len(problem.workers)
        self.sink = self.over + len(problem.workers)
        places, metres = near
        rows, columns = np.nonzero(places >= 0)
        self.near = np.stack([rows, places[rows, columns], metres[rows, columns]], axis=1)
        self.known = set((self.near[:, 0] * len(problem.workers) + self.near[:, 1]).tolist())
        self.more: list[tuple[int, int, int]] = []
        held = Counter(worker for demand in problem.demands for worker in demand.movable)
        self.above = {i: number - problem.room(i) for i, number in held.items() if number > problem.room(i)}
        """Worker → how many of the slots held today are above the cap."""
        self.pairs = [
            (i, worker)
            for i, demand in enumerate(problem.demands)
            for worker in demand.movable
            if worker in self.above
        ]
        for also in (greedy, [demand.movable for demand in problem.demands]):
            for i, mine in enumerate(also):
                for worker in mine:
                    self._join(i, worker)

    def _join(self, demand: int, worker: int) -> bool:
        key = demand * len(self.problem.workers) + worker
        wanted, candidate = self.problem.demands[demand], self.problem.workers[worker]
        holds = worker in wanted.movable
        metres = kept_way(wanted.target, candidate) if holds else way(wanted.target, candidate)
        if key in self.known or metres is None:
            return False
        self.known.add(key)
        self.more.append((demand, worker, metres))
        return True

    def widen(self, short: Sequence[int], chosen: Chosen) -> bool:
        """Join the towns of the demands that are short to whoever has room left; False where nobody has."""
        used = Counter(worker for mine in chosen for worker in mine)
        free = [i for i in range(len(self.problem.workers)) if self.problem.room(i) > used[i]]
        towns = {town_of(self.problem.demands[i].target.area) for i in short}
        rows = [i for i, d in enumerate(self.problem.demands) if town_of(d.target.area) in towns]
        return bool(sum([self._join(i, worker) for i in rows for worker in free]))

    def solve(self) -> Chosen:
        """Whom each demand gets: the cheapest choice in which nobody above the cap is given anything new."""
        import numpy as np

        table = np.concatenate([self._to_workers(), self._ways_out(), self._to_sink()])
        nobody: frozenset[int] = frozenset()
        runs, waiting = 1, [(*self._run(table, nobody, nobody), nobody, nobody)]
        while True:
            _, chosen, stay, come_down = heappop(waiting)
            wrong = self._given_more(chosen)
            if not wrong:
                return chosen
            first = {wrong[0]}
            ways = [(stay | first, come_down), (stay, come_down | first)]
            if runs * len(table) >= ARCS:
                waiting, ways = [], [(stay.union(wrong), come_down)]
            for which in ways:
                runs += 1
                heappush(waiting, (*self._run(table, *which), *which))

    def _given_more(self, chosen: Chosen) -> list[int]:
        """Who was given something new although above the cap."""
        if not self.above:
            return []
        load = Counter(worker for mine in chosen for worker in mine)
        pairs = zip(self.problem.demands, chosen, strict=True)
        fresh = {worker for demand, mine in pairs for worker in mine if worker not in demand.movable}
        return sorted(i for i in self.above if i in fresh and load[i] > self.problem.room(i))

    def _run(self, table: Ints, stay: frozenset[int], come_down: frozenset[int]) -> tuple[int, Chosen]:
        """Run the flow and read its price and whom each demand got; `stay` get nothing new, `come_down` to the cap."""
        import numpy as np
        from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

        if stay or come_down:
            start, end = table[:, 0], table[:, 1]
            anew = (start < self.first) & np.isin(end, [self.first + i for i in stay])
            table = table[~(anew | np.isin(end, [self.over + i for i in come_down]))]
        flow = SimpleMinCostFlow()
        arcs = flow.add_arcs_with_capacity_and_unit_cost(*np.ascontiguousarray(table.T))
        wanted = np.array([demand.need for demand in self.problem.demands], dtype=np.int64)
        flow.set_nodes_supplies(np.arange(self.first), wanted)
        flow.set_node_supply(self.sink, -int(wanted.sum()))
        if flow.solve() != flow.OPTIMAL:
            raise RuntimeError("the flow has a way out for every slot and found none")
        sent = flow.flows(arcs)
        chosen: Chosen = [[] for _ in self.problem.demands]
        for row in np.flatnonzero((sent > 0) & (table[:, 0] < self.first) & (table[:, 1] != self.sink)):
            demand, to = int(table[row, 0]), int(table[row, 1])
            kept = to > self.sink
            chosen[demand].append(self.pairs[to - self.sink - 1][1] if kept else to - self.first)
        return flow.optimal_cost(), chosen

    def _to_workers(self) -> Ints:
        """One unit from each demand to each worker it may get; changing hands costs `MOVE`."""
        import numpy as np

        ways = np.concatenate([self.near, np.array(self.more, dtype=np.int64).reshape(-1, 3)])
        price, keep = ways[:, 2].copy(), np.ones(len(ways), dtype=bool)
        pairs = set(self.pairs)
        special = {i for i, d in enumerate(self.problem.demands) if d.movable or d.barred}
        if special:
            for row in np.flatnonzero(np.isin(ways[:, 0], list(special))).tolist():
                demand, worker = self.problem.demands[int(ways[row, 0])], int(ways[row, 1])
                keep[row] = worker not in demand.barred and (int(ways[row, 0]), worker) not in pairs
                price[row] += MOVE if demand.movable and worker not in demand.movable else 0
        ones = np.ones(len(ways), dtype=np.int64)
        table: Ints = np.stack([ways[:, 0], ways[:, 1] + self.first, ones, price], axis=1)[keep]
        return table

    def _ways_out(self) -> Ints:
        """From each demand past everybody to the sink, and by the node of the pair to who holds it above the cap."""
        import numpy as np

        out = [
            arc
            for i, demand in enumerate(self.problem.demands)
            for held in [len(demand.movable)]
            for arc in ((i, self.sink, demand.need - held, UNFILLED), (i, self.sink, held, LEFT_ALONE))
            if arc[2]
        ]
        for node, (i, worker) in enumerate(self.pairs, self.sink + 1):
            metres = kept_way(self.problem.demands[i].target, self.problem.workers[worker])
            out.append((i, node, 1, metres))
            out += [(node, self.first + worker, 1, 0), (node, self.over + worker, 1, 0)]
        return np.array(out, dtype=np.int64).reshape(-1, 4)

    def _to_sink(self) -> Ints:
        """From each worker to the sink, dearer with each further household; above the cap only what is held."""
        import numpy as np

        problem, cap = self.problem, self.problem.role.cap
        wanted = sum(demand.need for demand in problem.demands)
        arcs: list[tuple[int, int, int, int]] = []
        for i, base in enumerate(problem.base):
            room = problem.room(i)
            arcs += [
                (self.first + i, self.sink, 1, weight(base + more, cap)) for more in range(min(room, wanted))
            ]
            if above := self.above.get(i):
                arcs.append((self.over + i, self.sink, above, weight(base + room, cap)))
        return np.array(arcs, dtype=np.int64).reshape(-1, 4)
