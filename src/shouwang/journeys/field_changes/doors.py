"""Rounds over doors and posts on a telephone: the doors of one's patch, and where somebody who arrives may go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from shouwang.journeys.field_changes.patch import SWEEP, Patch
from shouwang.journeys.field_changes.texts import Doc, clock
from shouwang.kernel.areas import town_of
from shouwang.kernel.scope import Scope
from shouwang.people.queries import names_behind
from shouwang.places.queries import places_below, spoken_names
from shouwang.places.rules import village_name
from shouwang.screening.queries import (
    HeldDoor,
    SweepRow,
    held_doors,
    held_posts,
    leaves_owned,
    open_rounds,
    round_leaves,
)

PER_LEAF = 100_000
"""More doors than a grid or village has numbers: keeps the order of doors one integer."""

Leaves = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Doors:
    """`sweep/…` and `door/…`, and how many doors of the patch stayed behind."""

    docs: dict[str, Doc]
    left: int


def door_documents(patch: Patch) -> Doors:
    """The doors of open rounds that this person answers for; where they answer for none, those in sight."""
    near = patch.scope.only(SWEEP)
    if not near.grants:
        return Doors({}, 0)
    rounds = open_rounds(near)
    leaves = _own(near, patch, rounds)
    doors = held_doors(near, leaves, most=patch.field.households_most)
    names = names_behind(near, [home for door in doors for home in door.households])
    places = spoken_names(door.area for door in doors)
    ranks = {leaf: n for n, leaf in enumerate(sorted({leaf for own in leaves.values() for leaf in own}))}
    zones = {one.id: one.zone for one in rounds}
    docs = {f"sweep/{one.id}": _sweep_doc(one, leaves[one.id]) for one in rounds if leaves[one.id]}
    for door in doors:
        order = ranks[door.area] * PER_LEAF + door.number
        docs[f"door/{door.id}"] = _door_doc(door, names, places, zones[door.sweep_id], order)
    total = sum(count for own in leaves.values() for count, _ in own.values())
    return Doors(docs, max(0, total - len(doors)))


def post_documents(patch: Patch) -> dict[str, Doc]:
    """`post/…` and the villages of the towns around them, `place/…`. Nothing without a post."""
    posts = held_posts(patch.scope)
    docs: dict[str, Doc] = {
        f"post/{one.id}": {"id": str(one.id), "name": one.name, "kind": one.kind, "area": one.area}
        for one in posts
    }
    towns = sorted({town_of(one.area) for one in posts})
    if not towns:
        return docs
    names = spoken_names(towns)
    for place in places_below(towns, "village"):
        name = village_name(place.name)
        full = f"{names.get(town_of(place.path), '')}{name}"
        docs[f"place/{place.path}"] = {"path": place.path, "name": name, "full": full}
    return docs


def _own(near: Scope, patch: Patch, rounds: list[SweepRow]) -> dict[UUID, Leaves]:
    held = round_leaves(near, [one.id for one in rounds])
    if patch.worker_id is None:
        return held
    asked = {one.id: (one.role_set, held[one.id]) for one in rounds if one.role_set}
    owned = leaves_owned(near, asked, patch.worker_id)
    return {
        one: {leaf: told for leaf, told in own.items() if not owned.get(one) or leaf in owned[one]}
        for one, own in held.items()
    }


def _sweep_doc(one: SweepRow, leaves: Leaves) -> Doc:
    return {
        "id": str(one.id),
        "name": one.name,
        "ordinal": one.ordinal,
        "area": one.area,
        "due_on": one.due_on.isoformat(),
        "doors": sum(doors for doors, _ in leaves.values()),
        "done": sum(done for _, done in leaves.values()),
    }


def _door_doc(
    door: HeldDoor,
    names: Mapping[UUID, list[tuple[UUID, str]]],
    places: Mapping[str, str],
    zone: str,
    order: int,
) -> Doc:
    known = [pair for home in door.households for pair in names.get(home, ())]
    return {
        "id": str(door.id),
        "sweep": str(door.sweep_id),
        "number": door.number,
        "address": door.address,
        "head": door.head_name,
        "place": places.get(door.area, ""),
        "area": door.area,
        "known": len(known),
        "named": [{"person": str(person), "name": name} for person, name in known],
        "outcome": door.outcome or None,
        "visited_at": clock(door.last_visit_at, zone) if door.last_visit_at else None,
        "order": order,
    }
