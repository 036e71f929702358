"""Asking for background work inside the transaction that needs it: queued if and only if that commits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

RUN_IMPORT = "shouwang.run_import"
IMPORTS = "imports"
TICK = "shouwang.tick"
TICKS = "tick"
SEND = "shouwang.send"
SENDING = "send"


def import_later(batch_id: UUID, *, by_id: str, by_name: str, at: datetime | None = None) -> bool:
    """Queue the commit of a previewed import; the worker takes it up within a second or so.

    `at`: the instant at which it counts as done; without one, that of the installation's clock when it is
    done. False when it was queued already and not begun; then there is one job, as there should be.
    """
    task = app.configure_task(
        name=RUN_IMPORT, queue=IMPORTS, queueing_lock=f"import-{batch_id}", allow_unknown=True
    )
    try:
        with transaction.atomic():  # a savepoint, so that a job already there does no harm to the caller
            task.defer(
                batch_id=str(batch_id), by_id=by_id, by_name=by_name, at=at.isoformat() if at else None
            )
    except AlreadyEnqueued:
        return False
    return True


def tick_now() -> bool:
    """Ask for a tick at once, as when the server starts after a kill. False when one waits already."""
    task = app.configure_task(name=TICK, queue=TICKS, queueing_lock=TICK, allow_unknown=True)
    try:
        with transaction.atomic():
            task.defer(timestamp=0)
    except AlreadyEnqueued:
        return False
    return True


def send_soon() -> bool:
    """Ask, inside the transaction that queued messages, that they be sent at once and not at the next minute.

    False when that is asked for already.
    """
    task = app.configure_task(name=SEND, queue=SENDING, queueing_lock=SEND, allow_unknown=True)
    try:
        with transaction.atomic():
            task.defer(timestamp=0)
    except AlreadyEnqueued:
        return False
    return True
