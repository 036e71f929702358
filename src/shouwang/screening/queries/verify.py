"""The to-verify list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.people.queries import people_by_ids
from shouwang.people.sealed import unseal
from shouwang.screening.models import VerifyItem


@dataclass(frozen=True, slots=True)
class VerifyRow:
    """One value to look into. `raw` is the cell as it was written."""

    id: UUID
    area: str
    person_id: UUID
    person_name: str
    address: str
    field: str
    code: str
    raw: str
    recorded_at: datetime
    row_id: UUID | None


def verify_items(
    scope: Scope,
    *,
    code: str | None = None,
    person_id: UUID | None = None,
    limit: int = 50,
    after: UUID | None = None,
) -> list[VerifyRow]:
    """Open items in sight, oldest first; `code` keeps one kind; `after` pages on."""
    found = VerifyItem.objects.within(scope).filter(resolved_at__isnull=True)
    if code is not None:
        found = found.filter(code=code)
    if person_id is not None:
        found = found.filter(person_id=person_id)
    if after is not None:
        found = found.filter(id__gt=after)
    items = list(found.order_by("id")[:limit])
    people = {one.id: one for one in people_by_ids(scope, [item.person_id for item in items])}
    return [
        VerifyRow(
            id=item.id,
            area=item.area,
            person_id=item.person_id,
            person_name=people[item.person_id].name if item.person_id in people else "",
            address=people[item.person_id].address if item.person_id in people else "",
            field=item.field,
            code=item.code,
            raw=unseal(item.raw, table="screening_verifyitem", row=item.id, field="raw"),
            recorded_at=item.recorded_at,
            row_id=item.row_id,
        )
        for item in items
    ]


def verify_item(scope: Scope, item_id: UUID) -> VerifyRow:
    """One open item. Out of scope does not exist: `verify-item-not-found`."""
    item = VerifyItem.objects.within(scope).filter(id=item_id, resolved_at__isnull=True).first()
    if item is None:
        raise Refused("verify-item-not-found")
    raw = unseal(item.raw, table="screening_verifyitem", row=item.id, field="raw")
    return VerifyRow(
        *(
            item.id,
            item.area,
            item.person_id,
            "",
            "",
            item.field,
            item.code,
            raw,
            item.recorded_at,
            item.row_id,
        )
    )


def verify_counts(scope: Scope) -> dict[str, int]:
    """Open items in sight by code."""
    found = VerifyItem.objects.within(scope).filter(resolved_at__isnull=True)
    return dict(found.values_list("code").annotate(n=Count("id")).order_by("code"))
