"""巡诊路线: in which order to walk to doors (C5). Pure; times are seconds of the local day.

Distances come from coordinates, as the crow flies and longer by a detour. Where no door has coordinates, doors
lie on a line in the order of their addresses (`natural_key`): village, group, building, door. A door without
coordinates among doors that have them stands beside the neighbour its address names.

The order ends the round as early as it can with every promised hour kept; where the hours contradict each other
it is late by as little as it can be. With `pyvrp` (extra `routes`) the order is the best one for rounds of a
doctor's size; without it insertion and 2-opt come close. Either way `gap_percent` says how much longer than the
shortest conceivable walk it may be, by a bound that is computed, not assumed (`walking_bound`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from typing import Literal

from shouwang.places.rules import address_key
from shouwang.workforce.rules.walking_bound import least_walk
from shouwang.workforce.rules.walking_search import NEVER, Task, Timed, search, timed
from shouwang.workforce.rules.walking_swift import swift

Point = tuple[float, float]
"""Latitude and longitude in degrees."""
Method = Literal["pyvrp", "search"]

EARTH_METRES = 6_371_008.8
_PARTS = re.compile(r"\d+|\D+")
_GROUP = re.compile(r"(\d+)组")


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast somebody walks and works. The last three are for doors without coordinates."""

    metres_an_hour: int = 4000
    detour_percent: int = 130
    next_door_seconds: int = 120
    next_group_seconds: int = 900
    next_village_seconds: int = 2700


@dataclass(frozen=True, slots=True)
class Stop:
    """A door to call at: its address as locals say it, how long it takes, and the hour that was promised."""

    id: str
    door: str
    area: str = ""
    point: Point | None = None
    service: int = 180
    promised: tuple[int, int] | None = None
    """From and until, seconds of the local day; both included."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One door on the way: walked to in `walk` seconds, there at `arrive`, begun at `begin` (after a wait)."""

    stop: Stop
    walk: int
    arrive: int
    begin: int
    late: int
    """Seconds after the promised hour."""
    is_guess: bool
    """The place on the map is its neighbour's."""
    point: Point | None


@dataclass(frozen=True, slots=True)
class Walk:
    """The whole walk, door by door. `gap_percent`: at most so much longer than the shortest walk there can be."""

    legs: tuple[Leg, ...]
    home: int
    """When it ends: back at the start, or after the last door."""
    walked: int
    """Seconds on the way."""
    farthest: int
    """Seconds to the door that is farthest from where the walk begins."""
    method: Method
    gap_percent: float

    @property
    def late(self) -> int:
        """Seconds after promised hours, all doors together; 0 where every promise is kept."""
        return sum(leg.late for leg in self.legs)


def has_exact() -> bool:
    """Whether `pyvrp` is installed."""
    return find_spec("pyvrp") is not None


def plan_walk(
    stops: Sequence[Stop],
    *,
    leave: int,
    start: Point | None = None,
    pace: Pace | None = None,
    method: Method | None = None,
) -> Walk:
    """The order of the doors and when to expect to be at each. `start`: where the walk begins and ends.

    Deterministic: the same stops, whatever their order, give the same walk.
    """
    course = _course(stops, leave, start, pace)
    chosen: Method = method or ("pyvrp" if has_exact() else "search")
    order = _exact(course.task) if chosen == "pyvrp" else search(course.task)
    run = timed(course.task, order)
    walked = sum(run.walks) + run.way_home
    count = len(course.ordered)
    ways = [course.task.matrix[count][i] for i in range(count)] if course.task.closed else run.walks
    legs = _legs(course, order, run)
    return Walk(legs, run.home, walked, max(ways, default=0), chosen, _gap(course.task, run, walked))


def swift_walk(
    stops: Sequence[Stop], *, leave: int, start: Point | None = None, pace: Pace | None = None
) -> tuple[Leg, ...]:
    """The doors in walking order within milliseconds, for thousands of telephones that ask at once.

    A few percent longer than `plan_walk`, nothing said about how much. Deterministic all the same.
    """
    course = _course(stops, leave, start, pace)
    order = swift(course.task)
    return _legs(course, order, timed(course.task, order))


@dataclass(frozen=True, slots=True)
class _Course:
    """The doors of a round by address, where they are, and what is to be solved about them."""

    ordered: tuple[Stop, ...]
    points: tuple[Point | None, ...]
    guessed: frozenset[int]
    task: Task


def _course(stops: Sequence[Stop], leave: int, start: Point | None, pace: Pace | None) -> _Course:
    ordered = sorted(stops, key=lambda s: (s.area, natural_key(s.door), s.id))
    points, guessed = _placed(ordered)
    matrix = _matrix(ordered, points, guessed, start, pace or Pace())
    task = Task(
        matrix,
        tuple(stop.service for stop in ordered),
        tuple(stop.promised or (0, NEVER) for stop in ordered),
        leave,
        start is not None and any(points),
    )
    return _Course(tuple(ordered), tuple(points), guessed, task)


def _legs(course: _Course, order: Sequence[int], run: Timed) -> tuple[Leg, ...]:
    return tuple(
        Leg(
            course.ordered[i],
            run.walks[n],
            run.arrivals[n],
            run.begins[n],
            run.lates[n],
            i in course.guessed,
            course.points[i],
        )
        for n, i in enumerate(order)
    )


def natural_key(door: str) -> tuple[tuple[int, int, str], ...]:
    """How doors follow each other in a street: 2号 before 10号, 7组9号 before 7组10号 before 12组1号."""
    parts = _PARTS.findall(address_key("", door))
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)


def metres_between(a: Point, b: Point) -> float:
    """As the crow flies."""
    north, east = radians(b[0] - a[0]), radians(b[1] - a[1])
    half = sin(north / 2) ** 2 + cos(radians(a[0])) * cos(radians(b[0])) * sin(east / 2) ** 2
    return 2 * EARTH_METRES * asin(min(1.0, sqrt(half)))


def _placed(ordered: Sequence[Stop]) -> tuple[list[Point | None], frozenset[int]]:
    """Where each door is; those without coordinates stand by the nearest neighbour in the order of addresses."""
    known = [i for i, stop in enumerate(ordered) if stop.point is not None]
    if not known:
        return [None] * len(ordered), frozenset()
    points: list[Point | None] = []
    guessed = set()
    for i, stop in enumerate(ordered):
        if stop.point is not None:
            points.append(stop.point)
            continue
        guessed.add(i)
        same = [k for k in known if _district(ordered[k]) == _district(stop)]
        village = [k for k in known if ordered[k].area == stop.area]
        near = min(same or village or known, key=lambda k: (abs(k - i), k))
        points.append(ordered[near].point)
    return points, frozenset(guessed)


def _district(stop: Stop) -> tuple[str, str]:
    """Village and group of a door."""
    found = _GROUP.search(address_key("", stop.door))
    return stop.area, found[1] if found else ""


def _matrix(
    ordered: Sequence[Stop],
    points: Sequence[Point | None],
    guessed: frozenset[int],
    start: Point | None,
    pace: Pace,
) -> tuple[tuple[int, ...], ...]:
    """Seconds between doors; the last row and column are the start (nothing where there is none)."""
    n = len(ordered)
    speed = pace.metres_an_hour / 3600
    if any(points):
        places = [*points, start]

        def seconds(i: int, j: int) -> int:
            a, b = places[i], places[j]
            if a is None or b is None or i == j:
                return 0
            walked = metres_between(a, b) * pace.detour_percent / 100 / speed
            beside = pace.next_door_seconds if {i, j} & guessed else 0
            return round(walked) + beside
    else:
        line = [0]
        for before, after in pairwise(ordered):
            line.append(line[-1] + _step(before, after, pace))

        def seconds(i: int, j: int) -> int:
            return 0 if n in (i, j) else abs(line[i] - line[j])

    return tuple(tuple(seconds(i, j) for j in range(n + 1)) for i in range(n + 1))


def _step(before: Stop, after: Stop, pace: Pace) -> int:
    if before.area != after.area:
        return pace.next_village_seconds
    return pace.next_door_seconds if _district(before) == _district(after) else pace.next_group_seconds


def _exact(task: Task) -> tuple[int, ...]:
    from shouwang.workforce.rules.walking_exact import solve

    return solve(task)


def _gap(task: Task, run: Timed, walked: int) -> float:
    """How much longer than the least the walk is, in percent; waiting for a promised hour is not walking."""
    least = least_walk(task.matrix, len(task.service), closed=task.closed)
    if walked <= least or run.home == task.leave:
        return 0.0
    return round((walked - least) * 100 / walked, 1)
