"""Enlisting, assigning, handing over. Nothing is overwritten: an assignment ends and another begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.workforce.models import Assignment, Worker
from shouwang.workforce.queries import DESK

REACHED = "reached through scope by the caller"


@dataclass(slots=True)
class NewWorker:
    """Somebody to enlist."""

    area: str
    name: str
    kinds: tuple[str, ...]
    telephone: str = ""
    unit: str = ""
    user_id: UUID | None = None
    id: UUID = field(default_factory=uuid7)


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """One slot to fill."""

    area: str
    worker_id: UUID
    role_set: str
    role: str
    target_kind: str
    target_id: str


@transaction.atomic
def enlist_workers(*, workers: Sequence[NewWorker], area: str, by: Actor, at: datetime) -> None:
    """Enlist many workers at once."""
    Worker.objects.bulk_create(
        Worker(
            id=w.id,
            area=w.area,
            name=w.name,
            telephone=w.telephone,
            unit=w.unit,
            kinds=list(w.kinds),
            user_id=w.user_id,
            since=at,
        )
        for w in workers
    )
    append_event(
        verb="workforce.workers.enlisted",
        subject=("area", area),
        area=area,
        by=by,
        at=at,
        payload={"workers": len(workers)},
    )


@transaction.atomic
def ensure_duty_desk(*, area: str, name: str, by: Actor, at: datetime) -> UUID:
    """The worker that stands for a place's duty desk, made if it is not there.

    Whoever has nobody is the desk's: nobody under observation is ever without an owner (C4).
    """
    desks = Worker.objects.unscoped("a desk stands for its place").filter(area=area, kinds__contains=[DESK])
    held = desks.filter(until__isnull=True).first()
    if held is not None:
        return held.id
    desk = NewWorker(area=area, name=name, kinds=(DESK,))
    enlist_workers(workers=[desk], area=area, by=by, at=at)
    return desk.id


@transaction.atomic
def tie_user(*, worker_id: UUID, user_id: UUID, by: Actor, at: datetime) -> None:
    """Say which log-in a worker is, so that their own list is theirs. Refuses `worker-not-found`."""
    rows = Worker.objects.unscoped(REACHED).filter(id=worker_id, until__isnull=True)
    worker = rows.first()
    if worker is None:
        raise Refused("worker-not-found")
    rows.update(user_id=user_id)
    append_event(
        verb="workforce.worker.tied",
        subject=("worker", worker_id),
        area=worker.area,
        by=by,
        at=at,
        payload={"user": str(user_id)},
    )


@transaction.atomic
def assign_many(*, assignments: Sequence[NewAssignment], area: str, by: Actor, at: datetime) -> int:
    """Fill many slots at once; a slot the same worker fills already is left. Returns how many were new."""
    before = Assignment.objects.unscoped(REACHED).filter(until__isnull=True).count()
    Assignment.objects.bulk_create(
        [
            Assignment(
                area=a.area,
                worker_id=a.worker_id,
                role_set=a.role_set,
                role=a.role,
                target_kind=a.target_kind,
                target_id=a.target_id,
                since=at,
            )
            for a in assignments
        ],
        ignore_conflicts=True,
        batch_size=2000,
    )
    made = Assignment.objects.unscoped(REACHED).filter(until__isnull=True).count() - before
    append_event(
        verb="workforce.assigned",
        subject=("area", area),
        area=area,
        by=by,
        at=at,
        payload={"assignments": made},
    )
    return made


@transaction.atomic
def end_assignment(*, assignment_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """End one assignment with a reason. Refuses `assignment-not-found`, `reason-missing`."""
    row = _open(assignment_id, reason)
    row.until, row.ended_reason = at, reason.strip()
    row.save(update_fields=["until", "ended_reason"])
    append_event(
        verb="workforce.assignment.ended",
        subject=("assignment", row.id),
        area=row.area,
        by=by,
        at=at,
        payload={"role": row.role, "reason": reason.strip()},
    )


@transaction.atomic
def hand_over(*, assignment_id: UUID, to_worker: UUID, reason: str, by: Actor, at: datetime) -> UUID:
    """End an assignment and begin the same for another worker, with a record. Returns the new one.

    Refuses `assignment-not-found`, `reason-missing`, `worker-not-found`.
    """
    row = _open(assignment_id, reason)
    if not Worker.objects.unscoped(REACHED).filter(id=to_worker, until__isnull=True).exists():
        raise Refused("worker-not-found")
    fresh = Assignment.objects.create(
        area=row.area,
        worker_id=to_worker,
        role_set=row.role_set,
        role=row.role,
        target_kind=row.target_kind,
        target_id=row.target_id,
        since=at,
    )
    row.until, row.ended_reason, row.handed_to_id = at, reason.strip(), fresh.id
    row.save(update_fields=["until", "ended_reason", "handed_to"])
    append_event(
        verb="workforce.assignment.handed-over",
        subject=("assignment", row.id),
        area=row.area,
        by=by,
        at=at,
        payload={"to": str(fresh.id), "reason": reason.strip()},
    )
    return fresh.id


def _open(assignment_id: UUID, reason: str) -> Assignment:
    if not reason.strip():
        raise Refused("reason-missing")
    rows = Assignment.objects.unscoped(REACHED).select_for_update()
    row = rows.filter(id=assignment_id, until__isnull=True).first()
    if row is None:
        raise Refused("assignment-not-found")
    return row
