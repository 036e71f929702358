"""Ladders: who was told of an alert or a missed check, when, and who came to know first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from shouwang.journal.scoped import ScopedQuerySet, within_areas
from shouwang.kernel.scope import Scope
from shouwang.observation.models import MissedCheck, Telling
from shouwang.observation.queries.within import VIEW


@dataclass(frozen=True, slots=True)
class TellingRow:
    """One line of a ladder."""

    id: UUID
    about_kind: str
    about_id: UUID
    file_id: UUID
    area: str
    step: int
    line: int
    due_at: datetime
    at: datetime
    outcome: str
    level: str
    role: str
    worker_id: UUID | None
    worker_name: str
    user_id: UUID | None
    """The log-in of whoever was told, so that they find their own first."""


def ladders(scope: Scope, about_ids: Iterable[UUID]) -> dict[UUID, list[TellingRow]]:
    """The ladders of these alerts and missed checks in sight, in the order of telling. One query."""
    rows = _seen(scope).filter(about_id__in=list(about_ids)).select_related("worker")
    found: dict[UUID, list[TellingRow]] = {}
    for row in rows.order_by("about_id", "step", "line"):
        found.setdefault(row.about_id, []).append(_row(row))
    return found


def tellings_of_files(scope: Scope, file_ids: Iterable[UUID]) -> dict[UUID, list[TellingRow]]:
    """Everything that was told about these files in sight, in the order of telling. One query."""
    rows = _seen(scope).filter(file_id__in=list(file_ids)).select_related("worker")
    found: dict[UUID, list[TellingRow]] = {}
    for row in rows.order_by("at", "about_id", "step", "line"):
        found.setdefault(row.file_id, []).append(_row(row))
    return found


def told_before(about_ids: Iterable[UUID]) -> dict[UUID, list[TellingRow]]:
    """The lines already written about what a tick has claimed. Unscoped: the caller holds their rows locked."""
    rows = (
        Telling.objects.unscoped("claimed by the caller")
        .filter(about_id__in=list(about_ids))
        .select_related("worker")
    )
    found: dict[UUID, list[TellingRow]] = {}
    for row in rows.order_by("about_id", "step", "line"):
        found.setdefault(row.about_id, []).append(_row(row))
    return found


@dataclass(frozen=True, slots=True)
class MissedRow:
    """A missed check somebody was told of."""

    id: UUID
    file_id: UUID
    area: str
    due_at: datetime
    told_steps: int
    next_at: datetime | None
    is_open: bool


def missed_of_files(scope: Scope, file_ids: Iterable[UUID]) -> list[MissedRow]:
    """Missed checks of these files in sight that the pack's clock has taken up, newest first."""
    rows = MissedCheck.objects.unscoped("of files in sight, by the next condition").filter(
        within_areas(scope.areas_for(VIEW), "file__area"), file_id__in=list(file_ids)
    )
    return [
        MissedRow(r.id, r.file_id, r.area, r.due_at, r.told_steps, r.next_at, r.state == "open")
        for r in rows.order_by("-due_at", "-id")
    ]


def revisions_with_open_files() -> list[UUID]:
    """The policy revisions under which somebody is watched over now. Unscoped: ids of public rules."""
    with connection.cursor() as cursor:
        cursor.execute(_REVISIONS)
        return [row[0] for row in cursor.fetchall()]


def _seen(scope: Scope) -> ScopedQuerySet[Telling]:
    """Tellings about files in sight: where the file is now, not where it was when somebody was told."""
    rows = Telling.objects.unscoped("of files in sight, by the next condition")
    return rows.filter(within_areas(scope.areas_for(VIEW), "file__area"))


def _row(row: Telling) -> TellingRow:
    own = [name for name in TellingRow.__slots__ if name != "user_id"]
    return TellingRow(
        **{name: getattr(row, name) for name in own}, user_id=row.worker.user_id if row.worker else None
    )


_REVISIONS = """
with recursive found as (
    (select revision_id from observation_file where state = 'open' order by revision_id limit 1)
    union all
    select (select f.revision_id from observation_file f where f.state = 'open' and f.revision_id > found.revision_id
        order by f.revision_id limit 1)
    from found where found.revision_id is not null
)
select revision_id from found where revision_id is not null
"""
"""From one revision to the next by the index: asked at every alarm, and a district has 300,000 files of three."""
