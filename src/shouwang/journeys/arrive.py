"""到达 Somebody comes through a post and is met where they went: then they are a person, with a journey, classified.

Crosses screening, people, policy, classification, observation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.journeys.record_away import due_within
from shouwang.journeys.take_in import classify_and_watch
from shouwang.kernel.actor import Actor
from shouwang.kernel.areas import VILLAGE_DIGITS
from shouwang.kernel.days import local_day
from shouwang.kernel.errors import Refused
from shouwang.kernel.masking import mask_telephone
from shouwang.kernel.names import initials, sort_key
from shouwang.kernel.scope import Scope
from shouwang.people.actions import NewHousehold, NewPerson, NewTelephone, admit_people
from shouwang.people.queries import person
from shouwang.places.queries import zone_of
from shouwang.places.rules import address_key
from shouwang.policy.queries import pack_in_force
from shouwang.screening.actions import NewArrival, mark_met, record_trip, register_arrivals
from shouwang.screening.queries import ArrivalRow, arrival, arrival_telephone, post
from shouwang.screening.rules import fact_id

EVERYTHING = Scope.everything()


@dataclass(frozen=True, slots=True)
class Met:
    """Who it was, whether they were new to the books, and what followed."""

    person_id: UUID
    is_new: bool
    changed: int
    opened: tuple[UUID, ...]


@transaction.atomic
def arrive(*, arrivals: Sequence[NewArrival], scope: Scope, by: Actor, at: datetime) -> int:
    """Register people at a post; they come on the lists of the places they go to. How many were new.

    Refuses what `register_arrivals` refuses, `no-pack-in-force` (at the post).
    """
    if not arrivals:
        return 0
    _, pack = pack_in_force(EVERYTHING, post(scope, arrivals[0].post_id).area, at)
    due_at = due_within(pack, "arrival-met-within-hours", at)
    return register_arrivals(arrivals=arrivals, due_at=due_at, scope=scope, by=by, at=at)


@transaction.atomic
def meet_arrival(
    *,
    arrival_id: UUID,
    person_id: UUID | None,
    area: str,
    address: str,
    scope: Scope,
    by: Actor,
    at: datetime,
) -> Met:
    """Somebody who arrived was met: as a person of the books, or new to them at `address` in the village `area`.

    Their journey is recorded and they are classified. Refuses `arrival-not-found` (also out of scope),
    `arrival-met`, `person-not-found`, `not-permitted`, `place-unknown`, `name-missing`.
    """
    row = arrival(scope, arrival_id)
    if row.person_id is not None:
        raise Refused("arrival-met")
    if row.is_corrected:
        raise Refused("arrival-not-found")
    is_new = person_id is None
    who = _admitted(row, area, address, scope, by, at) if person_id is None else person(scope, person_id).id
    home = person(EVERYTHING, who)
    trip = record_trip(
        person_id=who,
        area=home.area,
        origin_text=row.from_text,
        origin_code=row.from_code,
        returned_on=local_day(row.arrived_at, zone_of(home.area)),
        transport=row.plate,
        by=by,
        at=at,
        trip_id=fact_id(arrival_id, "trip"),
    )
    mark_met(arrival_id=arrival_id, person_id=who, trip_id=trip, scope=scope, by=by, at=at)
    changed, watched = classify_and_watch(people=[who], area=home.area, by=by, at=at)
    return Met(who, is_new, changed, watched.opened)


def _admitted(row: ArrivalRow, area: str, address: str, scope: Scope, by: Actor, at: datetime) -> UUID:
    """A person nobody knew, behind a door of their own until somebody knows better."""
    if not row.name:
        raise Refused("name-missing")
    if len(area) < VILLAGE_DIGITS or not scope.allows("reach.record", area):
        raise Refused("place-unknown", place=area)
    door = address.strip() or row.address
    home = NewHousehold(area=area, address=door, address_key=address_key("", door), head_name=row.name)
    number = arrival_telephone(EVERYTHING, row.id)
    new = NewPerson(
        area=area,
        name=row.name,
        sort_key=sort_key(row.name),
        initials=initials(row.name),
        household_id=home.id,
        telephones=[NewTelephone(number, mask_telephone(number))] if number else [],
    )
    admit_people(households=[home], people=[new], area=area, source=f"arrival {row.id}", by=by, at=at)
    return new.id
