"""Dividing villages from a list (A1, B4): village, grid, and a group, a range of doors or one door a line.

The list is taken line by line and every line is accounted for: moved, unchanged, or refused with the reason.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.journeys.divide_village import EVERYTHING, make_doors, move_doors, village_in
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.places.actions import add_grid
from shouwang.places.queries import DoorRow, children, doors_of, find_village
from shouwang.places.rules import DoorChoice, address_key, read_choice

MOST_LINES = 20_000
HEADINGS = ("村", "村社区", "村（社区）", "village")


@dataclass(frozen=True, slots=True)
class GridLine:
    """One line of a list."""

    number: int
    village: str
    grid: str
    doors: str
    """"3组", "3组1-40号", "3组15号"."""


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that moved nothing, and why."""

    line: GridLine
    code: str


@dataclass(slots=True)
class GridsTaken:
    """Every line of the list: doors moved, lines that changed nothing, lines refused."""

    lines: int
    grids: int = 0
    doors: int = 0
    unchanged: int = 0
    refused: list[RefusedLine] = field(default_factory=list)


@dataclass(slots=True)
class _Village:
    """One village of the list: its grids by name, its doors, where each is wanted."""

    path: str
    grids: dict[str, str]
    doors: list[DoorRow]
    by_key: dict[str, DoorRow]
    wanted: dict[UUID, str] = field(default_factory=dict)


def read_grids(text: str) -> list[GridLine]:
    """Lines of `village, grid, group or door`, by tab or comma; a line of headings is left out.

    Refuses `list-too-long`.
    """
    lines: list[GridLine] = []
    for number, raw in enumerate(text.splitlines(), 1):
        glue = "\t" if "\t" in raw else ","
        cells = next(csv.reader(io.StringIO(raw.replace("，", ",")), delimiter=glue), [])
        parts = [cell.strip() for cell in cells] + [""] * 3
        if any(parts) and not (not lines and parts[0] in HEADINGS):
            lines.append(GridLine(number, *parts[:3]))
    if len(lines) > MOST_LINES:
        raise Refused("list-too-long", lines=len(lines), most=MOST_LINES)
    return lines


@transaction.atomic
def divide_by_list(
    *, lines: Sequence[GridLine], area: str, scope: Scope, by: Actor, at: datetime
) -> GridsTaken:
    """Divide villages below `area` as a list says; grids that are not there yet are added by their name.

    A later line wins over an earlier one about the same door. One event for each village (and each new grid).
    Line codes: `place-unknown`, `place-name-missing`, `grid-line-empty`, `no-doors-chosen`.
    """
    taken = GridsTaken(len(lines))
    villages: dict[str, _Village | None] = {}
    for line in lines:
        if line.village not in villages:
            villages[line.village] = _open(line.village, area, scope, by, at)
        code = _plan(line, villages[line.village], taken, by, at)
        if code:
            taken.refused.append(RefusedLine(line, code))
    for village in {one.path: one for one in villages.values() if one}.values():
        stand = {door.id: door.area for door in village.doors}
        moves = {door: to for door, to in village.wanted.items() if stand[door] != to}
        taken.doors += move_doors(village.path, moves, stand, by, at).doors
    return taken


def _open(said: str, area: str, scope: Scope, by: Actor, at: datetime) -> _Village | None:
    """The village a line names, with its grids and doors; None where this person edits none of that name."""
    try:
        found = find_village(scope, said, within=area)
        path = village_in(scope, found.path if found else said).path
    except Refused:
        return None
    make_doors(village=path, scope=scope, by=by, at=at)
    doors = doors_of(EVERYTHING, path)
    grids = {one.name: one.path for one in children(EVERYTHING, path)}
    return _Village(path, grids, doors, {address_key(door.group, door.door): door for door in doors})


def _plan(line: GridLine, village: _Village | None, taken: GridsTaken, by: Actor, at: datetime) -> str:
    """Note where the doors of a line are wanted; returns the code it is refused with, else ""."""
    if village is None:
        return "place-unknown"
    if not line.grid:
        return "place-name-missing"
    choice = read_choice(line.doors)
    if choice is None:
        return "grid-line-empty"
    chosen = list(_chosen(village, choice))
    if not chosen:
        return "no-doors-chosen"
    if line.grid not in village.grids:
        village.grids[line.grid] = add_grid(village=village.path, name=line.grid[:40], by=by, at=at)
        taken.grids += 1
    to = village.grids[line.grid]
    taken.unchanged += all(village.wanted.get(door.id, door.area) == to for door in chosen)
    village.wanted |= {door.id: to for door in chosen}
    return ""


def _chosen(village: _Village, choice: object) -> Iterable[DoorRow]:
    if isinstance(choice, DoorChoice):
        return (door for door in village.doors if choice.takes(door.group, door.door))
    found = village.by_key.get(getattr(choice, "address_key", ""))
    return [found] if found else []
