"""What most commands need: the place by its code, the pack in force there."""

from __future__ import annotations

from datetime import date, datetime

from shouwang.kernel.days import local_day
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.packs.schema import Pack
from shouwang.places.queries import PlaceRow, place_by_code
from shouwang.policy.queries import RevisionRow, pack_in_force

EVERYTHING = Scope.everything("command-line")


def place_at(code: str) -> PlaceRow:
    """The place with this division code. Refuses `place-unknown` (was `shouwang init` run?)."""
    found = place_by_code(EVERYTHING, code)
    if found is None:
        raise Refused("place-unknown", place=code)
    return found


def policy_at(place: PlaceRow, at: datetime) -> tuple[RevisionRow, Pack, date]:
    """The revision and pack in force at a place, and the local day there."""
    revision, pack = pack_in_force(EVERYTHING, place.path, at)
    return revision, pack, local_day(at, place.zone)
