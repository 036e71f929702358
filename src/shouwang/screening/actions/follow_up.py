"""Noting that a committed import was followed up."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.screening.models import ImportBatch

OWN = "the batch is reached through the office that sent it"


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
