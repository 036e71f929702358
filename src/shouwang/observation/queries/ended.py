"""Files that have ended, for asking whether a person has been watched over for this cause already."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shouwang.kernel.scope import Scope
from shouwang.observation.models import ObservationFile
from shouwang.observation.queries.within import VIEW


@dataclass(frozen=True, slots=True)
class EndedFile:
    """A file that is over: of whom, under which protocol, from which day 0, and how that day was known."""

    person_id: UUID
    protocol: str
    day_zero: date
    anchor_known: str


def ended_files(scope: Scope, people: Collection[UUID]) -> list[EndedFile]:
    """The ended files of these people in sight, however they ended."""
    rows = ObservationFile.objects.within(scope, VIEW).filter(person_id__in=people)
    rows = rows.exclude(state=ObservationFile.State.OPEN)
    return [EndedFile(*row) for row in rows.values_list("person_id", "protocol", "day_zero", "anchor_known")]
