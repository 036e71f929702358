"""The order found by pyvrp (extra `routes`): for a doctor's round it is the best there is. Deterministic."""

from __future__ import annotations

from pyvrp import Model
from pyvrp.stop import NoImprovement

from shouwang.workforce.rules.walking_search import NEVER, Order, Task, cost, improve, insertion, search

PATIENCE = 400
"""Iterations without anything better after which the order is taken: by count, so that it is the same again."""
MANY = 60
LATEST = 4 * 86_400


def solve(task: Task) -> Order:
    """The order that ends the round earliest with every promised hour kept.

    Where the hours contradict each other pyvrp has no answer that keeps them, and the search of this house,
    which counts seconds late first, is asked too.
    """
    doors = len(task.service)
    if doors < 3:
        return improve(task, insertion(task))
    model = Model()
    base = model.add_location(0, 0)
    places = [model.add_location(0, 0) for _ in range(doors)]
    depot = model.add_depot(base)
    for door, place in enumerate(places):
        opens, closes = task.windows[door]
        model.add_client(
            place,
            service_duration=task.service[door],
            tw_early=min(opens, LATEST),
            tw_late=min(closes, LATEST) if closes < NEVER else LATEST,
        )
    model.add_vehicle_type(
        1,
        start_depot=depot,
        end_depot=depot,
        tw_early=task.leave,
        start_late=task.leave,
        tw_late=LATEST,
        unit_distance_cost=0,
        unit_duration_cost=1,
    )
    every = [*places, base]
    for i, origin in enumerate(every):
        for j, target in enumerate(every):
            away = task.matrix[i][j] if task.closed or doors not in (i, j) else 0
            if i != j:
                model.add_edge(origin, target, distance=away, duration=away)
    patience = NoImprovement(PATIENCE if doors <= MANY else PATIENCE // 4)
    found = model.solve(patience, seed=1, collect_stats=False, display=False)
    routes = found.best.routes()
    order = tuple(visit.idx for visit in routes[0].schedule() if visit.is_client()) if routes else ()
    if sorted(order) == list(range(doors)) and cost(task, order)[0] == 0:
        return order
    mine = search(task)
    others = [mine, improve(task, order)] if sorted(order) == list(range(doors)) else [mine]
    return min(others, key=lambda one: (cost(task, one), one))
