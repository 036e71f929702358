"""What a committed import still owes: that everyone it found is classified and watched over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.screening.models import ImportBatch, ImportRow


@dataclass(frozen=True, slots=True)
class FollowRow:
    """An import as journeys need it: where it stands, and when it was committed and followed up."""

    id: UUID
    area: str
    kind: str
    state: str
    by_id: str
    by_name: str
    started_at: datetime | None
    finished_at: datetime | None
    followed_up_at: datetime | None


def follow_row(scope: Scope, batch_id: UUID) -> FollowRow:
    """One import. Out of scope does not exist: `batch-not-found`."""
    row = ImportBatch.objects.within(scope).filter(id=batch_id).first()
    if row is None:
        raise Refused("batch-not-found")
    return _row(row)


def running_batches(scope: Scope) -> list[FollowRow]:
    """Batches that say they are being committed, oldest first; whether anybody still is, the lock says."""
    rows = ImportBatch.objects.within(scope).filter(state="running").defer("content", "reading")
    return [_row(row) for row in rows.order_by("id")]


def _row(row: ImportBatch) -> FollowRow:
    return FollowRow(*(getattr(row, name) for name in FollowRow.__slots__))


def people_of_batch(scope: Scope, batch_id: UUID) -> list[UUID]:
    """Everyone a batch found, new or known, as far as they are in sight."""
    rows = ImportRow.objects.within(scope).filter(batch_id=batch_id, state="accepted", person__isnull=False)
    return list(rows.order_by("person_id").values_list("person_id", flat=True).distinct())


def unfollowed_batches(scope: Scope) -> list[FollowRow]:
    """Committed batches nobody has followed up, oldest first."""
    rows = ImportBatch.objects.within(scope).filter(state="committed", followed_up_at__isnull=True)
    return [_row(row) for row in rows.defer("content", "reading").order_by("id")]
