"""A village is divided into grids: doors, and everything that stands where its door stands, go along.

Crosses places, people, workforce, screening, observation and outreach, in one transaction and with one event: at no
moment does a household stand in a grid and its file, its team or its telephone call in another place. What has
happened stays where it happened: visits, checks, signatures, papers, closed files, the list of doors of a round
that is open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import follow_homes as files_follow
from shouwang.outreach.actions import follow_homes as groups_follow
from shouwang.people.actions import follow_doors, give_dwellings
from shouwang.people.queries import DoorlessHousehold, doorless_households
from shouwang.places.actions import DwellingDraft, add_place, ensure_dwellings, put_doors, rename_place
from shouwang.places.queries import PlaceRow, doors_of, place_by_path
from shouwang.places.rules import DoorChoice, read_address
from shouwang.screening.actions import follow_homes as reaches_follow
from shouwang.workforce.actions import follow_homes as teams_follow

EDIT = "place.edit"
KINDS = ("grid", "compound", "building")
EVERYTHING = Scope.everything()


@dataclass(frozen=True, slots=True)
class Divided:
    """How much went into another place of its village."""

    doors: int
    households: int = 0
    people: int = 0
    files: int = 0
    came_from: tuple[tuple[str, int], ...] = ()
    """(place, doors) where they stood before, the village itself for those in no grid."""


@transaction.atomic
def add_below(
    *, village: str, parent: str, name: str, kind: str, scope: Scope, by: Actor, at: datetime
) -> str:
    """Add a grid, compound or building in a village and return its path; the same name there again is the same.

    Refuses `place-not-found` (also where this person edits no places), `place-name-missing`, `place-kind`.
    """
    home = village_in(scope, village)
    above = parent or home.path
    if kind not in KINDS or (above != home.path and not above.startswith(f"{home.path}-")):
        raise Refused("place-kind", kind=kind)
    return add_place(parent=above, name=name[:40], kind=kind, by=by, at=at)


@transaction.atomic
def rename_below(*, village: str, path: str, name: str, scope: Scope, by: Actor, at: datetime) -> None:
    """Call a grid another name.

    Refuses `place-not-found`, `place-unknown`, `place-name-missing`, `place-name-taken`.
    """
    home = village_in(scope, village)
    if not path.startswith(f"{home.path}-"):
        raise Refused("place-unknown", place=path)
    rename_place(path=path, name=name[:40], by=by, at=at)


@transaction.atomic
def make_doors(*, village: str, scope: Scope, by: Actor, at: datetime) -> int:
    """Put the addresses of households that no door of the list holds on the list; returns how many households
    have their door now. Refuses `place-not-found`."""
    home = village_in(scope, village)
    lone = doorless_households(EVERYTHING, home.path)
    drafts = {one.id: _door(one) for one in lone}
    if not drafts:
        return 0
    doors = ensure_dwellings(drafts=drafts.values(), by=by, at=at)
    give_dwellings({home: doors[draft.area, draft.address_key] for home, draft in drafts.items()})
    return len(lone)


def _door(one: DoorlessHousehold) -> DwellingDraft:
    """The door that an address tells of; where it cannot be read, as it is written."""
    read = read_address(one.address, {})
    return DwellingDraft(one.area, read.group, read.door or one.address, read.address_key or one.address_key)


@transaction.atomic
def divide_by_choice(
    *,
    village: str,
    to: str,
    choice: DoorChoice,
    loose_only: bool,
    scope: Scope,
    by: Actor,
    at: datetime,
) -> Divided:
    """Put the doors of a group or a range of numbers into a grid, or back into none (`to` the village).

    `loose_only`: doors that stand in a grid already stay there. Refuses `place-not-found`, `place-unknown`,
    `no-doors-chosen`.
    """
    home = village_in(scope, village)
    make_doors(village=home.path, scope=scope, by=by, at=at)
    chosen = {
        door.id: to
        for door in doors_of(EVERYTHING, home.path)
        if choice.takes(door.group, door.door) and not (loose_only and door.area != home.path)
    }
    return _divide(home.path, chosen, by, at)


@transaction.atomic
def divide_by_doors(
    *, village: str, to: str, doors: Sequence[UUID], scope: Scope, by: Actor, at: datetime
) -> Divided:
    """Put these doors of a village into a grid, or back into none (`to` the village).

    A door of elsewhere is passed over. Refuses `place-not-found`, `place-unknown`, `no-doors-chosen`.
    """
    home = village_in(scope, village)
    wanted = set(doors)
    chosen = {door.id: to for door in doors_of(EVERYTHING, home.path) if door.id in wanted}
    return _divide(home.path, chosen, by, at)


def village_in(scope: Scope, path: str) -> PlaceRow:
    """A village whose places this person edits. Out of reach does not exist: `place-not-found`."""
    found = place_by_path(scope, path)
    if found is None or found.level != "village" or not scope.allows(EDIT, found.path):
        raise Refused("place-not-found")
    return found


def _divide(village: str, chosen: Mapping[UUID, str], by: Actor, at: datetime) -> Divided:
    """Put doors where they are wanted, with everything that follows, inside the caller's action."""
    if not chosen:
        raise Refused("no-doors-chosen")
    for to in set(chosen.values()):
        if to != village and not to.startswith(f"{village}-"):
            raise Refused("place-unknown", place=to)
    stand = {door.id: door.area for door in doors_of(EVERYTHING, village)}
    moves = {door: to for door, to in chosen.items() if stand[door] != to}
    return move_doors(village, moves, stand, by, at)


def move_doors(
    village: str, moves: Mapping[UUID, str], stand: Mapping[UUID, str], by: Actor, at: datetime
) -> Divided:
    """Move doors (door → place) out of where they `stand`, and what stands there with them, inside the
    caller's action, which has asked whether it may. One event, however many doors."""
    if not moves:
        return Divided(0)
    homes, people = follow_doors(moves, at=at)
    teams = teams_follow(homes, at=at)
    reaches = reaches_follow(homes, moves, village=village)
    files = files_follow(homes, reason="划分网格", by=by, at=at)
    groups = groups_follow(homes)
    followed = {"households": len(homes), "people": people, "files": files}
    more = {"teams": teams, "reaches": reaches, "groups": groups}
    put_doors(moves=moves, village=village, followed=followed | more, by=by, at=at)
    came: dict[str, int] = {}
    for door in moves:
        came[stand[door]] = came.get(stand[door], 0) + 1
    return Divided(len(moves), len(homes), people, files, tuple(sorted(came.items())))
