"""排查登记表: the doors of a round on paper, 25 a page with boxes to tick; back-entry reads it in this order."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction

from shouwang.kernel.actor import Actor
from shouwang.kernel.areas import town_of, village_of
from shouwang.kernel.days import local_time
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.outreach.rules import chinese_day
from shouwang.outreach.typeset import compile_pdf
from shouwang.places.queries import names_of
from shouwang.places.rules import village_name
from shouwang.screening.actions import note_sheet_printed
from shouwang.screening.queries import DoorRow, SweepRow, owners_of, sheet_doors, sweep
from shouwang.workforce.queries import Member

TEMPLATES = Path(__file__).resolve().parent / "typst"
PER_PAGE = 25
MOST = 3000
"""Doors in one print: 120 pages, a stack one person still sorts."""
BOXES = ("见到", "不在家", "拒绝", "空置", "找不到", "迁出")
"""In the order of `screening.rules.DOOR_OUTCOMES`, as the keys of back-entry."""
CARRIED = {
    "unvisited": "上轮未到",
    "not-home": "上轮不在",
    "refused": "上轮拒绝",
    "cannot-locate": "上轮未找到",
}


@transaction.atomic
def print_sheets(*, sweep_id: UUID, area: str, missed: bool, scope: Scope, by: Actor, at: datetime) -> bytes:
    """The sheets of a place as PDF, each grid on pages of its own; with `missed` only doors still to do.

    Refuses `sweep-not-found`, `sweep-no-doors`, `sweep-sheet-too-long`, `font-missing`.
    """
    row = sweep(scope, sweep_id)
    doors = sheet_doors(scope, sweep_id, area=area or row.area, missed=missed, limit=MOST + 1)
    if not doors:
        raise Refused("sweep-no-doors")
    if len(doors) > MOST:
        raise Refused("sweep-sheet-too-long", doors=f"{MOST}+")
    leaves: dict[str, list[DoorRow]] = {}
    for door in doors:
        leaves.setdefault(door.area, []).append(door)
    owners = owners_of(scope, row, leaves)
    places = names_of(
        [*leaves, *{village_of(leaf) for leaf in leaves}, *{town_of(leaf) for leaf in leaves}, row.area]
    )
    values: dict[str, object] = {
        "title": _title(row),
        "boxes": list(BOXES),
        "per-page": PER_PAGE,
        "due": chinese_day(row.due_on),
        "printed": f"{local_time(at, row.zone):%Y-%m-%d %H:%M} {by.name}",
        "leaves": [_leaf(leaf, held, owners[leaf], places) for leaf, held in leaves.items()],
    }
    made = compile_pdf(TEMPLATES, "sweep_sheet.typ", values, at=at)
    note_sheet_printed(sweep_id=sweep_id, area=area or row.area, doors=len(doors), by=by, at=at)
    return made


def _title(row: SweepRow) -> str:
    told = f"第{row.ordinal}轮入户排查登记表"
    return f"{told}（{row.name}）" if row.name else told


def _leaf(leaf: str, doors: list[DoorRow], team: list[Member], places: dict[str, str]) -> dict[str, object]:
    told = [
        village_name(places[path])
        for path in dict.fromkeys((town_of(leaf), village_of(leaf), leaf))
        if path in places
    ]
    return {
        "place": " ".join(told),
        "owner": "、".join(f"{m.worker.name} {m.worker.telephone}".strip() for m in team),
        "doors": [
            {
                "number": door.number,
                "address": door.address,
                "head": door.head_name,
                "known": str(door.known or ""),
                "carried": CARRIED.get(door.carried, ""),
            }
            for door in doors
        ],
    }
