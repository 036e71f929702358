"""What a person told of journeys and contacts, as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from shouwang.desk.packwords import language
from shouwang.kernel.scope import Scope
from shouwang.packs.schema import Pack
from shouwang.screening.queries import ExposureRow, TripRow, exposures_of, trips_of


@dataclass(slots=True)
class Told:
    """Newest first, with what was put right since; `open_…`: what still holds."""

    trips: list[TripRow] = field(default_factory=list)
    contacts: list[tuple[ExposureRow, str]] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def open_trips(self) -> list[TripRow]:
        return [trip for trip in self.trips if trip.superseded_at is None]

    @property
    def open_contacts(self) -> list[ExposureRow]:
        return [contact for contact, _ in self.contacts if contact.superseded_at is None]


def told_of(scope: Scope, person_id: UUID, pack: Pack | None) -> Told:
    """The journeys and contacts of a person in sight; kinds of contact in the words of the pack."""
    kinds = {kind.code: kind.title.text(language()) for kind in pack.exposure_kinds} if pack else {}
    contacts = [(row, kinds.get(row.kind, row.kind)) for row in exposures_of(scope, person_id)]
    return Told(trips_of(scope, person_id), contacts, kinds)
