"""The quick order: nearest door next, then turned round and moved where that is shorter, told by differences alone.

Hours that were promised are put in last, each where it costs least. Pure Python, deterministic.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from shouwang.workforce.rules.walking_search import NEVER, Order, Task, cost

ROUNDS = 12
"""Improvements through the whole order at most."""


def swift(task: Task) -> Order:
    """An order of the doors in a few milliseconds for thirty, in a tenth of a second for two hundred."""
    free = [
        door for door, (opens, closes) in enumerate(task.windows) if opens <= task.leave and closes >= NEVER
    ]
    order = _improved(task, _nearest(task, free))
    bound = sorted(set(range(len(task.service))) - set(free), key=lambda door: (task.windows[door], door))
    for door in bound:
        places: list[tuple[int, ...]] = [(*order[:at], door, *order[at:]) for at in range(len(order) + 1)]
        best = min(places, key=lambda one: cost(task, one))
        order = list(best)
    return tuple(order)


def _nearest(task: Task, doors: Sequence[int]) -> list[int]:
    """Always the nearest next, from the start; where there is none (no way to or from it) from the first door."""
    left, here, order = set(doors), len(task.service), []
    while left:
        row = task.matrix[here]
        here = min(left, key=lambda door: (row[door], door))
        left.remove(here)
        order.append(here)
    return order


def _improved(task: Task, order: list[int]) -> list[int]:
    """2-opt and moving single doors until nothing is shorter; distances are the same in both directions."""
    matrix, base = task.matrix, len(task.service)
    if len(order) < 3:
        return order
    tour = [base, *order, base]
    for _ in range(ROUNDS):
        if not (_turned(matrix, tour) | _moved(matrix, tour)):
            break
    return tour[1:-1]


def _turned(matrix: Sequence[Sequence[int]], tour: list[int]) -> bool:
    found = False
    for i in range(len(tour) - 3):
        for j in range(i + 2, len(tour) - 1):
            before, first, last, after = tour[i], tour[i + 1], tour[j], tour[j + 1]
            row = matrix[before]
            if row[last] + matrix[first][after] < row[first] + matrix[last][after]:
                tour[i + 1 : j + 1] = tour[i + 1 : j + 1][::-1]
                found = True
    return found


def _moved(matrix: Sequence[Sequence[int]], tour: list[int]) -> bool:
    found = False
    for door in tour[1:-1]:
        at = tour.index(door, 1)
        before, after = tour[at - 1], tour[at + 1]
        row = matrix[door]
        saved = row[before] + row[after] - matrix[before][after]
        del tour[at]
        ways = [row[a] + row[b] - matrix[a][b] for a, b in pairwise(tour)]
        least = min(ways)
        if least < saved:
            tour.insert(ways.index(least) + 1, door)
            found = True
        else:
            tour.insert(at, door)
    return found
