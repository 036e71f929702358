"""Households with somebody under observation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Min

from shouwang.kernel.scope import Scope
from shouwang.observation.models import ObservationFile

OPEN = ObservationFile.State.OPEN


def open_households(scope: Scope, *, area: str = "") -> dict[UUID, str]:
    """Households with an open file in sight: id → area. One query."""
    rows = ObservationFile.objects.within(scope).filter(state=OPEN, area__startswith=area)
    pairs = rows.filter(household__isnull=False).order_by("household_id").values_list("household_id", "area")
    return dict(pairs.distinct())


def households_watched_since(scope: Scope, *, area: str = "") -> dict[UUID, tuple[str, datetime]]:
    """Households with an open file in sight: id → (area, when the first of those files was opened). One query."""
    rows = ObservationFile.objects.within(scope).filter(
        state=OPEN, area__startswith=area, household__isnull=False
    )
    found = rows.values_list("household_id", "area").annotate(first=Min("opened_at")).order_by("household_id")
    return {home: (where, first) for home, where, first in found if home is not None}


def open_files_by_household(scope: Scope, *, area: str = "") -> dict[UUID | None, list[UUID]]:
    """Open files in sight by household (None: without one). One query."""
    rows = ObservationFile.objects.within(scope).filter(state=OPEN, area__startswith=area).order_by("id")
    found: dict[UUID | None, list[UUID]] = {}
    for household, file_id in rows.values_list("household_id", "id"):
        found.setdefault(household, []).append(file_id)
    return found


def open_files_of_owner(scope: Scope, owner_id: UUID) -> list[UUID]:
    """Open files in sight that a worker answers for. One query."""
    rows = ObservationFile.objects.within(scope).filter(state=OPEN, owner_id=owner_id)
    return list(rows.order_by("id").values_list("id", flat=True))


@dataclass(frozen=True, slots=True)
class RestrictedHome:
    """A household in which somebody must stay: from when, until when, and who answers."""

    household_id: UUID
    area: str
    start: date
    last: date
    owner_id: UUID | None


def restricted_homes(scope: Scope, *, area: str = "") -> dict[UUID, RestrictedHome]:
    """Households with an open file in sight that restricts; the latest end of several holds. One query."""
    rows = ObservationFile.objects.within(scope).filter(
        state=OPEN, area__startswith=area, restricts=True, household__isnull=False
    )
    found: dict[UUID, RestrictedHome] = {}
    wanted = ("household_id", "area", "day_zero", "planned_last_day", "ordered_last_day", "owner_id")
    for household, place, zero, planned, ordered, owner in rows.order_by("id").values_list(*wanted):
        last = ordered or planned
        held = found.get(household)
        if held is None:
            found[household] = RestrictedHome(household, place, min(zero, last), last, owner)
        else:
            first, end = min(held.start, zero), max(held.last, last)
            found[household] = RestrictedHome(household, held.area, first, end, held.owner_id)
    return found
