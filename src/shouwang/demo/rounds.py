"""Three rounds over every door (A1): two finished, the third under way on the present evening."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shouwang.demo.cast import SEED
from shouwang.demo.clock import ZONE
from shouwang.demo.grids import divide_the_villages, give_the_grids
from shouwang.journeys.sweep_round import give_doors, open_round
from shouwang.kernel.actor import Actor
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.packs.schema import Pack
from shouwang.places.queries import children
from shouwang.policy.queries import pack_in_force
from shouwang.screening.actions import NewVisit, close_sweep, record_visits
from shouwang.screening.queries import DoorRow, sheet_doors
from shouwang.workforce.queries import workers

SCOPE = Scope.everything("demo")
PAGE = 1000
LENGTH = timedelta(hours=9)
"""How long a day at the doors is."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day at the doors: from when, and which share of the doors that are still to do is knocked at."""

    begins: datetime
    share: float


@dataclass(frozen=True, slots=True)
class Round:
    """One round: its days, when it is due, when it was closed (None: it is open)."""

    days: tuple[Day, ...]
    due: datetime
    closed: datetime | None
    idle: int = 0
    """Villages that have not begun."""


def _at(month: int, day: int, hour: int) -> datetime:
    return datetime(2020, month, day, hour, tzinfo=ZONE)


ROUNDS = (
    Round((Day(_at(1, 28, 8), 0.7), Day(_at(1, 29, 8), 0.97)), _at(1, 29, 18), _at(1, 29, 20)),
    Round((Day(_at(1, 31, 8), 0.75), Day(_at(2, 1, 8), 0.985)), _at(2, 1, 18), _at(2, 1, 21)),
    Round((Day(_at(2, 4, 8), 0.42), Day(_at(2, 5, 8), 0.5)), _at(2, 6, 18), None, idle=1),
)
OUTCOMES = (
    *(("met", 880), ("not-home", 62), ("vacant", 34), ("cannot-locate", 9), ("refused", 6), ("moved", 9)),
)
"""How often a door ends how, of a thousand; invented, as everything here."""


def sweep_the_town(area: str, divided: Sequence[str], by: Actor) -> int:
    """Three rounds over every door of the town; returns how many visits.

    Before the third the villages of `divided` are divided into grids, and their doors go to owners by grid. Whoever
    is not met in it is on the lists of whom to write to, ring up and visit.
    """
    chance = random.Random(SEED + 2)  # noqa: S311 - invented outcomes, not secrets
    villages = [place.path for place in children(SCOPE, area)]
    _, pack = pack_in_force(SCOPE, area, ROUNDS[0].days[0].begins)
    visits = 0
    for one in ROUNDS:
        first = one.days[0].begins - timedelta(hours=1)
        by_grid = divided if one.closed is None else ()
        if by_grid:
            divide_the_villages(by_grid, by, first - timedelta(hours=1))
        sweep = open_round(area=area, due_on=one.due.date(), scope=SCOPE, by=by, at=first)
        _give(sweep, [village for village in villages if village not in by_grid], by, first)
        give_the_grids(sweep, by_grid, by, first)
        for day in one.days:
            for village in villages[one.idle :]:
                visits += _walk(sweep, village, day, chance, by, None if one.closed else pack)
        if one.closed:
            close_sweep(sweep_id=sweep, scope=SCOPE, by=by, at=one.closed)
    return visits


def _give(sweep: UUID, villages: Sequence[str], by: Actor, at: datetime) -> None:
    """Each village's doors to its first cadre."""
    for village in villages:
        cadres = workers(SCOPE, area=village, kind="village-cadre", limit=1)
        if cadres:
            give_doors(
                sweep_id=sweep, area=village, worker_id=cadres[0].id, reason="", scope=SCOPE, by=by, at=at
            )


def _walk(sweep: UUID, village: str, day: Day, chance: random.Random, by: Actor, pack: Pack | None) -> int:
    """One day at the doors of a village that are still to do."""
    visits = 0
    for doors in _doors(sweep, village):
        made = [_visit(door, day, chance) for door in doors if chance.random() < day.share]
        if made:
            record_visits(sweep_id=sweep, visits=made, scope=SCOPE, by=by, at=day.begins + LENGTH, pack=pack)
        visits += len(made)
    return visits


def _doors(sweep: UUID, village: str) -> Iterator[list[DoorRow]]:
    after = ""
    while doors := sheet_doors(SCOPE, sweep, area=village, after=after, limit=PAGE, missed=True):
        after = doors[-1].cursor
        yield doors


def _visit(door: DoorRow, day: Day, chance: random.Random) -> NewVisit:
    outcome = chance.choices([name for name, _ in OUTCOMES], [weight for _, weight in OUTCOMES])[0]
    at = day.begins + LENGTH * chance.random()
    people = max(door.known - (chance.random() < 0.2), 1) if outcome == "met" else 0
    return NewVisit(uuid7(), door.id, at.replace(second=0, microsecond=0), outcome, people)
