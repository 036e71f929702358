"""Insertion, then 2-opt and moving of short runs, for rounds with promised hours. Pure Python, deterministic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

NEVER = 10**9
"""A promised hour that never ends."""
RUN = 3
"""How many doors are moved together at most."""
REACH = 40
"""Beyond so many doors only moves this far along the order are tried."""

EFFORT = 4_000_000
"""Looks at a door in one improvement: a second or so."""

Order = tuple[int, ...]
Cost = tuple[int, int]
"""(seconds late, when it ends): never late first, then home early."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be ordered: seconds between doors (the start is the last row), and when each may be begun."""

    matrix: tuple[tuple[int, ...], ...]
    service: tuple[int, ...]
    windows: tuple[tuple[int, int], ...]
    leave: int
    closed: bool
    """Begins and ends at the start; otherwise at any door."""

    @property
    def is_free(self) -> bool:
        """Nobody was promised an hour."""
        return all(begin <= self.leave and end >= NEVER for begin, end in self.windows)


@dataclass(frozen=True, slots=True)
class Timed:
    """An order with its times, door by door."""

    walks: tuple[int, ...]
    arrivals: tuple[int, ...]
    begins: tuple[int, ...]
    lates: tuple[int, ...]
    way_home: int
    home: int


def timed(task: Task, order: Sequence[int]) -> Timed:
    """When each door of the order is reached and begun."""
    base = len(task.service)
    clock, here = task.leave, base if task.closed else None
    walks, arrivals, begins, lates = [], [], [], []
    for door in order:
        walk = task.matrix[here][door] if here is not None else 0
        opens, closes = task.windows[door]
        arrive = clock + walk
        begin = max(arrive, opens)
        walks.append(walk)
        arrivals.append(arrive)
        begins.append(begin)
        lates.append(max(0, begin - closes))
        clock, here = begin + task.service[door], door
    back = task.matrix[here][base] if task.closed and here is not None else 0
    return Timed(tuple(walks), tuple(arrivals), tuple(begins), tuple(lates), back, clock + back)


def cost(task: Task, order: Sequence[int]) -> Cost:
    """What an order is compared by."""
    matrix, service, windows = task.matrix, task.service, task.windows
    base = len(service)
    clock, late = task.leave, 0
    here = base if task.closed else (order[0] if order else base)
    for door in order:
        clock += matrix[here][door]
        opens, closes = windows[door]
        if clock < opens:
            clock = opens
        elif clock > closes:
            late += clock - closes
        clock += service[door]
        here = door
    if task.closed:
        clock += matrix[here][base]
    return late, clock


def insertion(task: Task) -> Order:
    """Every door in turn where it costs least: promised hours first, then the far ones."""
    base = len(task.service)
    away = [task.matrix[base][i] if task.closed else sum(task.matrix[i][:base]) for i in range(base)]
    pending = sorted(range(base), key=lambda i: (task.windows[i][1], -away[i], i))
    order: list[int] = []
    for door in pending:
        places = range(len(order) + 1)
        best = min(places, key=lambda at: (cost(task, [*order[:at], door, *order[at:]]), at))
        order.insert(best, door)
    return tuple(order)


def improve(task: Task, order: Order) -> Order:
    """The order after every turning round (2-opt) and moving of a short run that ends it earlier.

    Long rounds stop after `EFFORT` looks at a door: by count, so that the same round is the same again.
    """
    best, least = order, cost(task, order)
    left = EFFORT // max(1, len(order))
    improved = True
    while improved and left > 0:
        improved = False
        for other in _neighbours(best):
            left -= 1
            told = cost(task, other)
            if told < least:
                best, least, improved = other, told, True
                break
            if left <= 0:
                break
    return best


def search(task: Task) -> Order:
    """The better of two beginnings (insertion; the order of addresses), improved."""
    first = improve(task, insertion(task))
    if cost(task, first) == (0, task.leave + sum(task.service)):
        return first
    second = improve(task, tuple(range(len(task.service))))
    return min(first, second, key=lambda order: (cost(task, order), order))


def _neighbours(order: Order) -> Iterator[Order]:
    n = len(order)
    reach = n if n <= REACH else REACH // 2
    for i in range(n - 1):
        for j in range(i + 2, min(n, i + reach) + 1):
            yield (*order[:i], *order[i:j][::-1], *order[j:])
    for length in range(1, min(RUN, n - 1) + 1):
        for i in range(n - length + 1):
            run, rest = order[i : i + length], order[:i] + order[i + length :]
            for at in range(max(0, i - reach), min(len(rest), i + reach) + 1):
                if at != i:
                    yield (*rest[:at], *run, *rest[at:])
