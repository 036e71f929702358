"""Discharges from hospital: facts from which convalescence is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.days import local_day
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions.sampling import digest
from shouwang.observation.models import Discharge

MANAGE = "observation.manage"


@dataclass(frozen=True, slots=True)
class DischargeCommand:
    """Somebody left `hospital` as cured; `id` is the client's. `document`: number of the certificate."""

    id: UUID
    person_id: UUID
    hospital: str
    discharged_on: date
    document: str = ""

    def digest(self) -> UUID:
        """The hash of the content."""
        return digest(self.person_id, self.hospital, self.discharged_on.isoformat(), self.document)


@transaction.atomic
def record_discharge(
    *,
    item: DischargeCommand,
    area: str,
    zone: str,
    scope: Scope,
    by: Actor,
    at: datetime,
    corrects: UUID | None = None,
    reason: str = "",
) -> str:
    """Record a discharge of a person who lives in `area`; with `corrects` in the place of an earlier record.

    Returns `recorded`, or `replayed` where it is there already. Refuses `hospital-missing`, `not-permitted`,
    `discharge-in-future`, `id-conflict`, `reason-missing`, `discharge-not-found`.
    """
    if not scope.allows(MANAGE, area):
        raise Refused("not-permitted", permission=MANAGE)
    if not item.hospital.strip():
        raise Refused("hospital-missing")
    if item.discharged_on > local_day(at, zone):
        raise Refused("discharge-in-future", on=item.discharged_on.isoformat())
    rows = Discharge.objects.unscoped("of a person in scope")
    there = rows.filter(id=item.id).first()
    if there is not None:
        if there.payload_hash != item.digest():
            raise Refused("id-conflict", check=str(item.id))
        return "replayed"
    if corrects is not None:
        if not reason.strip():
            raise Refused("reason-missing")
        if not rows.filter(id=corrects, person_id=item.person_id).exists():
            raise Refused("discharge-not-found")
    Discharge.objects.create(
        id=item.id,
        person_id=item.person_id,
        area=area,
        hospital=item.hospital.strip(),
        discharged_on=item.discharged_on,
        document=item.document.strip(),
        recorded_at=at,
        recorded_by=by.id,
        recorded_by_name=by.name,
        payload_hash=item.digest(),
        corrects_id=corrects,
        correct_reason=reason.strip(),
    )
    append_event(
        verb="observation.discharge.recorded",
        subject=("person", item.person_id),
        area=area,
        by=by,
        at=at,
        payload={"discharge": item.id, "corrects": corrects},
    )
    return "recorded"
