"""Three villages divided into grids before the third round (A1, B4): by group, with an owner and a head each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from shouwang.journeys.appoint_heads import name_head
from shouwang.journeys.divide_village import add_below, divide_by_choice
from shouwang.journeys.sweep_round import give_doors
from shouwang.kernel.actor import Actor
from shouwang.kernel.scope import Scope
from shouwang.places.queries import children, group_counts
from shouwang.places.rules import DoorChoice
from shouwang.workforce.queries import workers

SCOPE = Scope.everything("demo")
NAMES = ("第一网格", "第二网格", "第三网格")


def divide_the_villages(villages: Sequence[str], by: Actor, at: datetime) -> None:
    """Divide each village into three grids of whole groups, about as many doors each, and name their heads.

    The head of the last grid of the last village is not found yet: a post is vacant.
    """
    for village in villages:
        for name, groups in zip(NAMES, _thirds(village), strict=True):
            grid = add_below(village=village, parent="", name=name, kind="grid", scope=SCOPE, by=by, at=at)
            for group in groups:
                choice = DoorChoice(group)
                divide_by_choice(
                    village=village, to=grid, choice=choice, loose_only=True, scope=SCOPE, by=by, at=at
                )
        cadres = workers(SCOPE, area=village, kind="village-cadre", limit=len(NAMES))
        grids = children(SCOPE, village)
        for grid_row, cadre in zip(grids, cadres, strict=False):
            if (village, grid_row) != (villages[-1], grids[-1]):
                name_head(place=grid_row, worker_id=cadre.id, reason="", scope=SCOPE, by=by, at=at)


def give_the_grids(sweep: UUID, villages: Sequence[str], by: Actor, at: datetime) -> None:
    """The doors of each grid to the cadre who answers for it."""
    for village in villages:
        cadres = workers(SCOPE, area=village, kind="village-cadre", limit=len(NAMES))
        for grid, cadre in zip(children(SCOPE, village), cadres, strict=False):
            give_doors(
                sweep_id=sweep, area=grid.path, worker_id=cadre.id, reason="", scope=SCOPE, by=by, at=at
            )


def _thirds(village: str) -> Iterator[list[str]]:
    """The groups of a village in their order, in three lots with about as many doors each."""
    counted = group_counts(SCOPE, village)
    total, seen = sum(one.doors for one in counted), 0
    lots: list[list[str]] = [[] for _ in NAMES]
    for one in counted:
        lots[min(seen * len(NAMES) // max(total, 1), len(NAMES) - 1)].append(one.group)
        seen += one.doors
    yield from lots
