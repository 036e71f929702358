"""An import that a kill interrupted. It was one transaction, so nothing of it is there; it is taken up again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.screening.actions.commit import HELD
from shouwang.screening.actions.intake import locked_batch
from shouwang.screening.models import ImportBatch
from shouwang.screening.rules import after_interruption

OWN = "the batch is reached through the office that sent it"
FAILURE = "import-interrupted"


@transaction.atomic
def settle_interrupted_import(*, batch_id: UUID, by: Actor, at: datetime) -> str | None:
    """Settle a batch that says it is running while nobody holds it; returns its state now.

    `running`: it is to be begun again; nothing is written. `failed` (with the failure `import-interrupted`): it
    was tried too often, or its content is gone. `cancelled`: somebody had asked for that. None: it is held, or
    not running at all. Refuses `batch-not-found`.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"select pg_try_advisory_xact_lock({HELD})", [str(batch_id)])
        if not cursor.fetchone()[0]:
            return None
    batch = locked_batch(batch_id)
    if batch.state != "running":
        return None
    state = after_interruption(
        attempts=batch.attempts, has_content=batch.content is not None, cancelled=batch.cancel_requested
    )
    if state == "running":
        return state
    changes: dict[str, object] = {"state": state, "done": 0}
    if state == "failed":
        changes |= {"failure": FAILURE, "finished_at": at, "attempts": 0}
    if state == "cancelled":
        changes |= {"content": None, "finished_at": at}
    ImportBatch.objects.unscoped(OWN).filter(id=batch_id).update(**changes)
    append_event(
        verb="screening.import.interrupted",
        subject=("batch", batch_id),
        area=batch.area,
        by=by,
        at=at,
        payload={"state": state, "attempts": batch.attempts},
    )
    return state
