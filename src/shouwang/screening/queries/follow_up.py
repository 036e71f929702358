"""What a committed import still owes: that everyone it found is classified and watched over."""

from __future__ import annotations

from uuid import UUID

from shouwang.kernel.scope import Scope
from shouwang.screening.models import ImportBatch, ImportRow


def people_of_batch(scope: Scope, batch_id: UUID) -> list[UUID]:
    """Everyone a batch found, new or known, as far as they are in sight."""
    rows = ImportRow.objects.within(scope).filter(batch_id=batch_id, state="accepted", person__isnull=False)
    return list(rows.order_by("person_id").values_list("person_id", flat=True).distinct())


def unfollowed_batches(scope: Scope) -> list[tuple[UUID, str]]:
    """Committed batches (id, area) nobody has followed up, oldest first."""
    rows = ImportBatch.objects.within(scope).filter(state="committed", followed_up_at__isnull=True)
    return list(rows.order_by("id").values_list("id", "area"))
