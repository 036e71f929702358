"""Households with somebody under observation."""

from __future__ import annotations

from datetime import datetime
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
