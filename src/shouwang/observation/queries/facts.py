"""One check by its id, for whoever was told the id: a link to where it stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shouwang.kernel.scope import Scope
from shouwang.observation.models import DailyCheck
from shouwang.observation.queries.within import VIEW


@dataclass(frozen=True, slots=True)
class CheckPlace:
    """Where a check stands and what it says."""

    id: UUID
    file_id: UUID
    person_id: UUID
    taken_at: datetime
    recorded_at: datetime
    outcome: str
    deci: int | None


def checks_by_ids(scope: Scope, ids: Collection[UUID]) -> dict[UUID, CheckPlace]:
    """These checks as far as they are in sight. One query."""
    rows = DailyCheck.objects.within(scope, VIEW).filter(id__in=ids)
    columns = ("id", "file_id", "file__person_id", "taken_at", "recorded_at", "outcome", "deci")
    return {row[0]: CheckPlace(*row) for row in rows.values_list(*columns)}
