"""A journey or a contact was told: written down as a fact, the person classified again and watched over.

Crosses screening, classification and observation. A fact is never changed: a correction names the earlier one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shouwang.journeys.take_in import classify_and_watch
from shouwang.journeys.watch_over import Watched
from shouwang.kernel.actor import Actor
from shouwang.kernel.days import local_day
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.people.queries import person
from shouwang.places.gazetteer import resolve
from shouwang.places.queries import zone_of
from shouwang.policy.queries import pack_in_force
from shouwang.screening.actions import record_exposure, record_trip

PERMISSION = "observation.manage"


@dataclass(frozen=True, slots=True)
class Journey:
    """A journey as it was told: where from (any wording), when back, by what; days are local."""

    origin: str
    returned_on: date | None
    left_on: date | None = None
    transport: str = ""
    via: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact as it was told: of which kind of the pack, from when to when, with which case."""

    kind: str
    last_on: date | None
    first_on: date | None = None
    case_ref: str = ""


@transaction.atomic
def tell_journey(
    *,
    person_id: UUID,
    journey: Journey,
    scope: Scope,
    by: Actor,
    at: datetime,
    corrects: UUID | None = None,
    reason: str = "",
) -> Watched:
    """Write a journey down. Refuses `person-not-found`, `not-permitted`, `origin-missing`, `returned-in-future`,
    and what `record_trip` refuses."""
    area = _area(scope, person_id)
    if not journey.origin.strip():
        raise Refused("origin-missing")
    _not_ahead((journey.returned_on, journey.left_on), area, at)
    record_trip(
        person_id=person_id,
        area=area,
        origin_text=journey.origin.strip(),
        origin_code=resolve(journey.origin, near=area).code,
        returned_on=journey.returned_on,
        left_on=journey.left_on,
        transport=journey.transport.strip(),
        via=journey.via.strip(),
        corrects=corrects,
        reason=reason,
        by=by,
        at=at,
    )
    return classify_and_watch(people=[person_id], area=area, by=by, at=at)[1]


@transaction.atomic
def tell_contact(
    *,
    person_id: UUID,
    contact: Contact,
    scope: Scope,
    by: Actor,
    at: datetime,
    corrects: UUID | None = None,
    reason: str = "",
) -> Watched:
    """Write a contact down. Refuses `person-not-found`, `not-permitted`, `exposure-kind-unknown`,
    `returned-in-future`, `no-pack-in-force`, and what `record_exposure` refuses."""
    area = _area(scope, person_id)
    _, pack = pack_in_force(Scope.everything(), area, at)
    if contact.kind not in {kind.code for kind in pack.exposure_kinds}:
        raise Refused("exposure-kind-unknown", kind=contact.kind)
    _not_ahead((contact.last_on, contact.first_on), area, at)
    record_exposure(
        person_id=person_id,
        area=area,
        kind=contact.kind,
        case_ref=contact.case_ref.strip(),
        first_on=contact.first_on,
        last_on=contact.last_on,
        corrects=corrects,
        reason=reason,
        by=by,
        at=at,
    )
    return classify_and_watch(people=[person_id], area=area, by=by, at=at)[1]


def _area(scope: Scope, person_id: UUID) -> str:
    area = person(scope, person_id).area
    if not scope.allows(PERMISSION, area):
        raise Refused("not-permitted", permission=PERMISSION)
    return area


def _not_ahead(days: tuple[date | None, ...], area: str, at: datetime) -> None:
    today = local_day(at, zone_of(area))
    for day in days:
        if day is not None and day > today:
            raise Refused("returned-in-future", day=day.isoformat())
