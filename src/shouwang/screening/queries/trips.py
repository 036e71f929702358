"""Journeys and exposures of a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.people.queries import homes_of
from shouwang.screening.models import Exposure, Trip

OWN = "of a person in scope"


@dataclass(frozen=True, slots=True)
class TripRow:
    """A journey as told. Superseded ones are shown struck."""

    id: UUID
    origin_text: str
    origin_code: str | None
    left_on: date | None
    returned_on: date | None
    returned_state: str
    returned_raw: str
    transport: str
    vehicle: str
    via: str
    contact_in_area: bool | None
    temperature: int | None
    symptoms: str
    corrects_id: UUID | None
    reason: str
    by_name: str
    recorded_at: datetime
    superseded_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExposureRow:
    """An exposure as told."""

    id: UUID
    kind: str
    case_ref: str
    first_on: date | None
    last_on: date | None
    corrects_id: UUID | None
    reason: str
    by_name: str
    recorded_at: datetime
    superseded_at: datetime | None


def trips_of(scope: Scope, person_id: UUID) -> list[TripRow]:
    """Every journey of a person in sight, newest first. Refuses `person-not-found`."""
    _must_see(scope, person_id)
    found = Trip.objects.unscoped(OWN).filter(person_id=person_id).order_by("-recorded_at", "-id")
    return [TripRow(*values) for values in found.values_list(*TripRow.__slots__)]


def exposures_of(scope: Scope, person_id: UUID) -> list[ExposureRow]:
    """Every exposure of a person in sight, newest first. Refuses `person-not-found`."""
    _must_see(scope, person_id)
    found = Exposure.objects.unscoped(OWN).filter(person_id=person_id).order_by("-recorded_at", "-id")
    return [ExposureRow(*values) for values in found.values_list(*ExposureRow.__slots__)]


def _must_see(scope: Scope, person_id: UUID) -> None:
    if not homes_of(scope, [person_id]):
        raise Refused("person-not-found")
