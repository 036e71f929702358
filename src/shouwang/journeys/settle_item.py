"""A value was made sure: written down as a fact, and everything that hangs on it follows.

Crosses screening, people, classification and observation: a return date that was verified classifies the person
again, opens the file that was missing, or counts the open one from the right day.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shouwang.journeys.take_in import classify_and_watch
from shouwang.journeys.watch_over import Watched
from shouwang.kernel.actor import Actor
from shouwang.kernel.days import local_day
from shouwang.kernel.errors import Refused
from shouwang.kernel.masking import mask_id, mask_telephone
from shouwang.kernel.national_id import check_national_id
from shouwang.kernel.scope import Scope
from shouwang.kernel.telephone import read_telephones
from shouwang.people.actions import NewIdentifier, NewTelephone, replace_identifier, replace_telephone
from shouwang.people.queries import paper_holders
from shouwang.places.queries import zone_of
from shouwang.screening.actions import record_trip, resolve_verify_item
from shouwang.screening.queries import VerifyRow, trips_of, verify_item

FIELDS = ("returned_on", "id_no", "phone")
"""Fields whose right value can be written where the item is settled."""


@transaction.atomic
def settle_item(
    *,
    item_id: UUID,
    how: str,
    value: str = "",
    note: str = "",
    scope: Scope,
    by: Actor,
    at: datetime,
) -> Watched:
    """Settle a to-verify item. With `how` = `corrected` the right `value` is written for a return date
    (ISO day), an identity number or a telephone number; other fields are put right by their own action.

    Returns what it did to the watching. Refuses `verify-item-not-found`, `not-permitted`, `value-missing`,
    `value-not-a-day`, `returned-in-future`, `value-still-wrong` (with the problem), `id-of-somebody-else`,
    `trip-not-found`.
    """
    item = verify_item(scope, item_id)
    if not scope.allows("verify.resolve", item.area):
        raise Refused("not-permitted", permission="verify.resolve")
    watched = Watched()
    if how == "corrected" and item.field in FIELDS:
        if not value.strip():
            raise Refused("value-missing", field=item.field)
        watched = _WRITE[item.field](item, value.strip(), note.strip() or "verified", scope, by, at)
    if any(row.id == item.id for row in _still_open(scope, item)):
        resolve_verify_item(item_id=item.id, how=how, note=note, by=by, at=at)
    return watched


def _still_open(scope: Scope, item: VerifyRow) -> list[VerifyRow]:
    """The item, unless writing the value has closed it already."""
    try:
        return [verify_item(scope, item.id)]
    except Refused:
        return []


def _write_return(item: VerifyRow, value: str, reason: str, scope: Scope, by: Actor, at: datetime) -> Watched:
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise Refused("value-not-a-day", field=item.field) from error
    if day > local_day(at, zone_of(item.area)):
        raise Refused("returned-in-future", day=day.isoformat())
    told = [trip for trip in trips_of(scope, item.person_id) if trip.superseded_at is None]
    unclear = [trip for trip in told if trip.returned_state != "clear"] or told
    if not unclear:
        raise Refused("trip-not-found")
    trip = unclear[0]
    record_trip(
        person_id=item.person_id,
        area=item.area,
        origin_text=trip.origin_text,
        origin_code=trip.origin_code,
        returned_on=day,
        returned_raw=trip.returned_raw,
        left_on=trip.left_on,
        transport=trip.transport,
        via=trip.via,
        contact_in_area=trip.contact_in_area,
        corrects=trip.id,
        reason=reason,
        by=by,
        at=at,
    )
    return classify_and_watch(people=[item.person_id], area=item.area, by=by, at=at)[1]


def _write_paper(item: VerifyRow, value: str, reason: str, scope: Scope, by: Actor, at: datetime) -> Watched:
    del scope
    read = check_national_id(value, on=local_day(at, zone_of(item.area)))
    if read.problems or not read.value:
        raise Refused("value-still-wrong", problem=(read.problems or ("id-missing",))[0])
    if paper_holders(read.value) - {item.person_id}:
        raise Refused("id-of-somebody-else")
    paper = NewIdentifier(read.kind, read.value, mask_id(read.value)[:24])
    replace_identifier(person_id=item.person_id, paper=paper, reason=reason, by=by, at=at)
    return Watched()


def _write_telephone(
    item: VerifyRow, value: str, reason: str, scope: Scope, by: Actor, at: datetime
) -> Watched:
    del scope
    read = read_telephones(value)
    if not read.numbers or read.problems:
        raise Refused("value-still-wrong", problem="phone-invalid")
    for number in read.numbers:
        telephone = NewTelephone(number, mask_telephone(number)[:24])
        replace_telephone(person_id=item.person_id, number=telephone, reason=reason, by=by, at=at)
    return Watched()


_WRITE: dict[str, Callable[[VerifyRow, str, str, Scope, Actor, datetime], Watched]] = {
    "returned_on": _write_return,
    "id_no": _write_paper,
    "phone": _write_telephone,
}
