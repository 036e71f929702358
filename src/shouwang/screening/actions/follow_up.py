"""Holding a batch while it is followed up, and noting that it was."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.screening.actions.intake import locked_batch
from shouwang.screening.models import ImportBatch

OWN = "the batch is reached through the office that sent it"


def hold_batch(*, batch_id: UUID) -> tuple[str, datetime | None]:
    """Lock a batch to the end of the transaction; returns its state and when it was followed up.

    Two that would follow it up, or one that would and one that undoes it, take turns. Refuses `batch-not-found`.
    """
    batch = locked_batch(batch_id)
    return batch.state, batch.followed_up_at


@transaction.atomic
def mark_followed_up(*, batch_id: UUID, by: Actor, at: datetime) -> None:
    """Note that everyone of a committed batch is classified and watched over. Refuses `batch-not-found`."""
    batch = ImportBatch.objects.unscoped(OWN).filter(id=batch_id).first()
    if batch is None:
        raise Refused("batch-not-found")
    ImportBatch.objects.unscoped(OWN).filter(id=batch_id).update(followed_up_at=at)
    append_event(
        verb="screening.import.followed-up", subject=("batch", batch_id), area=batch.area, by=by, at=at
    )
