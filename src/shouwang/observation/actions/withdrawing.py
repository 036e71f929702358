"""Taking back files that were opened by mistake and that nobody has touched; for undoing an import only."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.models import ObservationFile, TestDuty
from shouwang.observation.queries.touched import files_worked_on


@transaction.atomic
def withdraw_files(
    *, files: Collection[UUID], area: str, source: str, reason: str, by: Actor, at: datetime
) -> int:
    """Remove files as if they had never been opened; returns how many. The journal keeps that they were.

    `source` is what opened them (an import). They are locked first, so that a check made meanwhile is seen.
    Refuses `reason-missing`, `files-built-on` (with `files`): one bears what a person did.
    """
    if not reason.strip():
        raise Refused("reason-missing")
    rows = ObservationFile.objects.unscoped("opened by the import that is undone").filter(id__in=files)
    held = list(rows.select_for_update().order_by("id").values_list("id", flat=True))
    touched = files_worked_on(Scope.everything(), held)
    if touched:
        raise Refused("files-built-on", files=len(touched))
    if held:
        TestDuty.objects.unscoped("of files nobody has touched").filter(file_id__in=held).delete()
        rows.delete()
    append_event(
        verb="observation.files.withdrawn",
        subject=("source", source),
        area=area,
        by=by,
        at=at,
        payload={"count": len(held), "reason": reason},
    )
    return len(held)
