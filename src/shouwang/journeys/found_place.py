"""Founding: an empty database becomes the installation of one place (issue 2 §1, `shouwang init`)."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from shouwang.accounts.actions import create_user, grant_role
from shouwang.accounts.queries import user_by_name
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.places.actions import load_divisions
from shouwang.places.queries import PlaceRow, children, place_by_code
from shouwang.policy.actions import adopt_builtin
from shouwang.policy.queries import revision_in_force
from shouwang.workforce.actions import ensure_duty_desk

ADMINISTRATOR = "admin"
COUNTY_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Founded:
    """What an installation starts with. `password` is empty when the administrator was there already."""

    place_code: str
    place_name: str
    pack_id: str
    pack_revision: str
    administrator: str
    password: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


@transaction.atomic
def found_place(*, place_code: str, pack_id: str, by: Actor, at: datetime) -> Founded:
    """Load the county's divisions, put a pack in force, make the duty desk and the first administrator.

    Doing it again changes nothing. Refuses `place-unknown`, `pack-unknown`.
    """
    place = _place(place_code, by, at)
    revision = revision_in_force(Scope.everything(), place.path, at)
    if revision is None:
        revision = adopt_builtin(pack_id=pack_id, area=place.path, by=by, at=at)
    ensure_duty_desk(area=place.path, name=f"{place.name}值班台", by=by, at=at)
    password = _administrator(place, by, at)
    return Founded(
        place.code or place.path, place.name, revision.pack_id, revision.revision, ADMINISTRATOR, password
    )


def _place(code: str, by: Actor, at: datetime) -> PlaceRow:
    everything = Scope.everything()
    found = place_by_code(everything, code)
    if found is None or _is_bare(found):
        if not code.isdigit() or len(code) < COUNTY_DIGITS:
            raise Refused("place-unknown", place=code)
        load_divisions(county=code[:COUNTY_DIGITS], by=by, at=at)
        found = place_by_code(everything, code)
    if found is None:
        raise Refused("place-unknown", place=code)
    return found


def _is_bare(place: PlaceRow) -> bool:
    """A county that came along when another was founded: every county is there, its towns and villages are not."""
    return len(place.path) == COUNTY_DIGITS and not children(Scope.everything(), place.path)


def _administrator(place: PlaceRow, by: Actor, at: datetime) -> str:
    if user_by_name(ADMINISTRATOR) is not None:
        return ""
    password = secrets.token_urlsafe(12)
    user = create_user(username=ADMINISTRATOR, name="管理员", password=password, by=by, at=at)
    grant_role(user_id=user.id, role="administrator", area=place.path, by=by, at=at)
    return password
