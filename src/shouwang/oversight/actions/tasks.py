"""Writing tasks for tomorrow, and what became of them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.canon import content_hash
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.oversight.models import DayTask, TaskMark
from shouwang.oversight.queries.closing import CLOSE
from shouwang.workforce.queries import workers_by_ids

MOST = 500
"""Characters of a task."""


@transaction.atomic
def write_task(
    *,
    id: UUID,
    scope: Scope,
    area: str,
    day: date,
    text: str,
    owner: UUID | None,
    due_at: datetime,
    by: Actor,
    at: datetime,
) -> UUID:
    """Write a task decided on the evening of `day`. The same id with the same content is the same task.

    Refuses `place-not-found`, `task-empty`, `worker-unknown`, `task-due-past`, `task-conflict`.
    """
    if not area or not scope.allows(CLOSE, area):
        raise Refused("place-not-found", area=area)
    told = text.strip()[:MOST]
    if not told:
        raise Refused("task-empty")
    if due_at <= at:
        raise Refused("task-due-past")
    worker = workers_by_ids(scope, [owner]).get(owner) if owner else None
    if owner and worker is None:
        raise Refused("worker-unknown")
    fingerprint = content_hash([area, day, told, str(owner or ""), due_at])
    held = DayTask.objects.unscoped("the same fact sent twice").filter(id=id).first()
    if held is not None:
        if held.fingerprint != fingerprint:
            raise Refused("task-conflict")
        return held.id
    DayTask.objects.create(
        **{"id": id, "area": area, "day": day, "text": told, "owner_id": owner, "due_at": due_at},
        **{"owner_name": worker.name if worker else "", "fingerprint": fingerprint},
        **{"by_id": by.id, "by_name": by.name, "at": at},
    )
    append_event(
        verb="oversight.task.written",
        subject=("task", id),
        area=area,
        by=by,
        at=at,
        payload={"day": day.isoformat(), "owner": str(owner or ""), "due_at": due_at},
    )
    return id


@transaction.atomic
def mark_task(*, task_id: UUID, scope: Scope, outcome: str, note: str = "", by: Actor, at: datetime) -> None:
    """Say that a task was done, or dropped and why. Refuses `task-not-found`, `task-outcome-unknown`,
    `reason-missing`, `task-marked`."""
    task = DayTask.objects.within(scope, CLOSE).select_for_update().filter(id=task_id).first()
    if task is None:
        raise Refused("task-not-found")
    if outcome not in TaskMark.Outcome.values:
        raise Refused("task-outcome-unknown", outcome=outcome)
    if outcome == TaskMark.Outcome.DROPPED and not note.strip():
        raise Refused("reason-missing")
    if TaskMark.objects.within(scope).filter(task_id=task_id).exists():
        raise Refused("task-marked")
    TaskMark.objects.create(
        **{"task_id": task_id, "area": task.area, "outcome": outcome, "note": note.strip()[:MOST]},
        **{"by_id": by.id, "by_name": by.name, "at": at},
    )
    append_event(
        verb="oversight.task.marked",
        subject=("task", task_id),
        area=task.area,
        by=by,
        at=at,
        payload={"outcome": outcome},
    )
