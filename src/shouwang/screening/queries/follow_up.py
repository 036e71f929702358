"""What imports still owe: a commit that a kill cut off, and that everyone found is classified and watched over."""

from __future__ import annotations

from uuid import UUID

from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.screening.models import ImportBatch, ImportRow
from shouwang.screening.queries.imports import COLUMNS, BatchRow


def people_of_batch(scope: Scope, batch_id: UUID) -> list[UUID]:
    """Everyone a batch found, new or known, as far as they are in sight."""
    rows = ImportRow.objects.within(scope).filter(batch_id=batch_id, state="accepted", person__isnull=False)
    return list(rows.order_by("person_id").values_list("person_id", flat=True).distinct())


def held_batch(scope: Scope, batch_id: UUID) -> BatchRow:
    """One batch, locked to the end of the transaction, so that two who would follow it up, or one who would and
    one who undoes it, take turns. Out of scope does not exist: `batch-not-found`."""
    rows = ImportBatch.objects.within(scope).select_for_update().filter(id=batch_id)
    values = rows.values_list(*COLUMNS).first()
    if values is None:
        raise Refused("batch-not-found")
    return BatchRow(*values)


def running_batches(scope: Scope) -> list[BatchRow]:
    """Batches that say they are being committed, oldest first; whether anybody still is, the lock says."""
    rows = ImportBatch.objects.within(scope).filter(state="running").order_by("id")
    return [BatchRow(*values) for values in rows.values_list(*COLUMNS)]


def unfollowed_batches(scope: Scope) -> list[BatchRow]:
    """Committed batches nobody has followed up, oldest first."""
    rows = ImportBatch.objects.within(scope).filter(state="committed", followed_up_at__isnull=True)
    return [BatchRow(*values) for values in rows.order_by("id").values_list(*COLUMNS)]
