"""Every document a person must hold now (docs/reference/sync.md §3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shouwang.journeys.field_changes.doors import door_documents, post_documents
from shouwang.journeys.field_changes.homes import round_documents
from shouwang.journeys.field_changes.pack import pack_document
from shouwang.journeys.field_changes.patch import Patch, patch_of, role_titles
from shouwang.journeys.field_changes.texts import Doc, own_titles
from shouwang.kernel.actor import Actor
from shouwang.kernel.scope import Scope
from shouwang.places.queries import spoken_names


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents by key, and how much of the patch stayed behind the cap."""

    docs: dict[str, Doc]
    rung: frozenset[str]
    """The homes among them whose telephone number is there in full."""
    area: str
    homes_left: int
    doors_left: int


def documents(scope: Scope, actor: Actor, at: datetime) -> Documents:
    """What the log-in `actor` is must hold at `at`. A fixed number of queries, however large the patch."""
    patch = patch_of(scope, actor, at)
    homes = round_documents(patch)
    doors = door_documents(patch)
    docs: dict[str, Doc] = homes.docs | doors.docs | post_documents(patch)
    pack = pack_document(patch, homes.households)
    if pack is not None:
        docs["pack"] = pack
    docs["me"] = _me(patch, docs)
    return Documents(docs, homes.rung, patch.area, patch.held.homes_left, doors.left)


def _me(patch: Patch, docs: dict[str, Doc]) -> Doc:
    kinds = [key.partition("/")[0] for key in docs]
    field = patch.field
    return {
        "actor": {"id": patch.actor.id, "name": patch.actor.name},
        "roles": [own_titles(title) for title in role_titles(patch.scope)],
        "place": spoken_names([patch.area]).get(patch.area, ""),
        "area": patch.area,
        "zone": patch.zone,
        "day": patch.day.isoformat(),
        "permissions": sorted({one for grant in patch.scope.grants for one in grant.permissions}),
        "field": {
            "shift_hours": field.shift_hours,
            "households_most": field.households_most,
            "days": field.days,
            "undo_seconds": field.undo_seconds,
            "pin_tries": field.pin_tries,
        },
        "counts": {
            "households": kinds.count("home"),
            "people": kinds.count("file"),
            "doors": kinds.count("door"),
        },
    }
