"""From which day open files are counted, for asking whether better knowledge moves them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shouwang.kernel.scope import Scope
from shouwang.observation.models import ObservationFile
from shouwang.observation.queries.within import VIEW


@dataclass(frozen=True, slots=True)
class AnchoredFile:
    """An open file: of whom, under which protocol and revision, counted from when and how that is known."""

    id: UUID
    person_id: UUID
    protocol: str
    revision_id: UUID
    anchor_on: date
    anchor_known: str
    day_zero: date
    opened_at: datetime


def anchored_files(scope: Scope, people: Collection[UUID]) -> list[AnchoredFile]:
    """The open files of these people in sight."""
    rows = ObservationFile.objects.within(scope, VIEW).filter(
        person_id__in=people, state=ObservationFile.State.OPEN
    )
    return [AnchoredFile(*row) for row in rows.values_list(*AnchoredFile.__slots__)]
