"""Asking for background work inside the transaction that needs it: queued if and only if that commits."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

RUN_IMPORT = "shouwang.run_import"


def import_later(batch_id: UUID, *, by_id: str, by_name: str) -> None:
    """Queue the commit of a previewed import; the worker takes it up within a second or so."""
    app.configure_task(name=RUN_IMPORT, queueing_lock=f"import-{batch_id}").defer(
        batch_id=str(batch_id), by_id=by_id, by_name=by_name
    )
