"""Single facts: a journey, an exposure, an answer to a to-verify item."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.screening.actions.rows import write_verify_items
from shouwang.screening.models import Exposure, Trip, VerifyItem
from shouwang.screening.reading.shapes import Problem
from shouwang.screening.rules import vehicle_in

OWN = "the row is reached through scope by the caller"
HOWS = ("confirmed", "corrected", "unknowable")


@transaction.atomic
def resolve_verify_item(*, item_id: UUID, how: str, note: str = "", by: Actor, at: datetime) -> None:
    """Answer a to-verify item: `confirmed` (right as it is), `corrected` (put right by its own action),
    `unknowable` (asked, cannot be known).

    Refuses `verify-item-not-found`, `verify-item-resolved`, `verify-how`.
    """
    if how not in HOWS:
        raise Refused("verify-how", how=how)
    item = VerifyItem.objects.unscoped(OWN).select_for_update().filter(id=item_id).first()
    if item is None:
        raise Refused("verify-item-not-found")
    if item.resolved_at is not None:
        raise Refused("verify-item-resolved")
    told = f"{how}: {note.strip()}" if note.strip() else how
    VerifyItem.objects.unscoped(OWN).filter(id=item_id).update(
        resolved_at=at, resolved_by_id=by.id, resolved_by_name=by.name, how=told
    )
    append_event(
        verb="screening.verify.resolved",
        subject=("person", item.person_id),
        area=item.area,
        by=by,
        at=at,
        payload={"code": item.code, "field": item.field, "how": how},
    )


@transaction.atomic
def put_to_verify(
    *, person_id: UUID, area: str, field: str, code: str, raw: str, by: Actor, at: datetime
) -> None:
    """Put something that was told on the to-verify list; what is open there already stays as it is."""
    write_verify_items([(person_id, area, None, Problem(code, field, raw))], at)
    append_event(
        verb="screening.verify.asked",
        subject=("person", person_id),
        area=area,
        by=by,
        at=at,
        payload={"code": code, "field": field},
    )


@transaction.atomic
def record_trip(
    *,
    person_id: UUID,
    area: str,
    origin_text: str,
    origin_code: str | None,
    returned_on: date | None,
    by: Actor,
    at: datetime,
    trip_id: UUID | None = None,
    returned_state: str = "",
    returned_raw: str = "",
    left_on: date | None = None,
    transport: str = "",
    via: str = "",
    contact_in_area: bool | None = None,
    corrects: UUID | None = None,
    reason: str = "",
) -> UUID:
    """Append a journey; with `corrects` it takes the place of an earlier one, and needs a reason.

    The same `trip_id` with the same content is one fact. Refuses `reason-missing`, `trip-not-found`,
    `fact-differs` (same id, other content).
    """
    own = trip_id or uuid7()
    values = {
        "person_id": person_id, "area": area, "origin_text": origin_text, "origin_code": origin_code,
        "left_on": left_on, "returned_on": returned_on,
        "returned_state": returned_state or ("clear" if returned_on else "missing"),
        "returned_raw": returned_raw, "transport": transport, "vehicle": vehicle_in(transport), "via": via,
        "contact_in_area": contact_in_area, "corrects_id": corrects, "reason": reason,
    }  # fmt: skip
    known = Trip.objects.unscoped(OWN).filter(id=own).first()
    if known is not None:
        if any(getattr(known, name) != value for name, value in values.items()):
            raise Refused("fact-differs", id=str(own))
        return own
    if corrects is not None:
        if not reason.strip():
            raise Refused("reason-missing")
        before = Trip.objects.unscoped(OWN).filter(
            id=corrects, person_id=person_id, superseded_at__isnull=True
        )
        if not before.update(superseded_at=at):
            raise Refused("trip-not-found")
    Trip.objects.create(id=own, by_id=by.id, by_name=by.name, recorded_at=at, **values)
    if returned_on is not None:
        _close(person_id, "returned_on", by, at)
    append_event(
        verb="screening.trip.corrected" if corrects else "screening.trip.recorded",
        subject=("person", person_id),
        area=area,
        by=by,
        at=at,
        payload={"trip": str(own), "origin": origin_code, "reason": reason},
    )
    return own


@transaction.atomic
def record_exposure(
    *,
    person_id: UUID,
    area: str,
    kind: str,
    by: Actor,
    at: datetime,
    exposure_id: UUID | None = None,
    case_ref: str = "",
    first_on: date | None = None,
    last_on: date | None = None,
    corrects: UUID | None = None,
    reason: str = "",
) -> UUID:
    """Append an exposure; with `corrects` it takes the place of an earlier one, and needs a reason.

    The same `exposure_id` with the same content is one fact. Refuses `reason-missing`,
    `exposure-not-found`, `exposure-order`, `fact-differs`.
    """
    if first_on and last_on and last_on < first_on:
        raise Refused("exposure-order", field="last_on")
    own = exposure_id or uuid7()
    values = {
        "person_id": person_id, "area": area, "kind": kind, "case_ref": case_ref, "first_on": first_on,
        "last_on": last_on, "corrects_id": corrects, "reason": reason,
    }  # fmt: skip
    known = Exposure.objects.unscoped(OWN).filter(id=own).first()
    if known is not None:
        if any(getattr(known, name) != value for name, value in values.items()):
            raise Refused("fact-differs", id=str(own))
        return own
    if corrects is not None:
        if not reason.strip():
            raise Refused("reason-missing")
        before = Exposure.objects.unscoped(OWN).filter(
            id=corrects, person_id=person_id, superseded_at__isnull=True
        )
        if not before.update(superseded_at=at):
            raise Refused("exposure-not-found")
    Exposure.objects.create(id=own, by_id=by.id, by_name=by.name, recorded_at=at, **values)
    append_event(
        verb="screening.exposure.corrected" if corrects else "screening.exposure.recorded",
        subject=("person", person_id),
        area=area,
        by=by,
        at=at,
        payload={"exposure": str(own), "kind": kind, "reason": reason},
    )
    return own


def _close(person_id: UUID, field: str, by: Actor, at: datetime) -> None:
    open_items = VerifyItem.objects.unscoped(OWN).filter(
        person_id=person_id, field=field, resolved_at__isnull=True
    )
    open_items.update(resolved_at=at, resolved_by_id=by.id, resolved_by_name=by.name, how="corrected")
