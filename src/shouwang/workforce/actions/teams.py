"""Enlisting, assigning, handing over. Nothing is overwritten: an assignment ends and another begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

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
    position: tuple[float, float] | None = None
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
    is_fixed: bool = False
    """Chosen by hand: no proposal moves it."""


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
            latitude=w.position[0] if w.position else None,
            longitude=w.position[1] if w.position else None,
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
    rows = [
        Assignment(
            area=a.area,
            worker_id=a.worker_id,
            role_set=a.role_set,
            role=a.role,
            target_kind=a.target_kind,
            target_id=a.target_id,
            is_fixed=a.is_fixed,
            since=at,
        )
        for a in assignments
    ]
    Assignment.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    made = Assignment.objects.unscoped(REACHED).filter(id__in=[row.id for row in rows]).count()
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
    _serving(to_worker)
    fresh = Assignment.objects.create(
        area=row.area,
        worker_id=to_worker,
        role_set=row.role_set,
        role=row.role,
        target_kind=row.target_kind,
        target_id=row.target_id,
        is_fixed=row.is_fixed,
        absence_id=row.absence_id,
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


@transaction.atomic
def hand_over_all(*, from_worker: UUID, to_worker: UUID, reason: str, by: Actor, at: datetime) -> int:
    """Hand everything a leaver carries to another worker, in one statement; each old row names the new.

    What the other carries already is only ended. Returns how many ended. Refuses `reason-missing`,
    `worker-not-found`, `hand-over-to-self`.
    """
    if not reason.strip():
        raise Refused("reason-missing")
    if from_worker == to_worker:
        raise Refused("hand-over-to-self")
    heir = _serving(to_worker)
    rows = Assignment.objects.unscoped(REACHED).select_for_update()
    old = list(rows.filter(worker_id=from_worker, until__isnull=True).values_list("id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            """with given as (select * from unnest(%s::uuid[], %s::uuid[]) as g (old, new)),
            written as (
                insert into workforce_assignment (id, area, worker_id, role_set, role, target_kind, target_id,
                    is_fixed, absence_id, since, ended_reason)
                select g.new, a.area, %s, a.role_set, a.role, a.target_kind, a.target_id,
                    a.is_fixed, a.absence_id, %s, ''
                from given g join workforce_assignment a on a.id = g.old
                on conflict do nothing returning id
            )
            update workforce_assignment a set until = greatest(%s, a.since), ended_reason = %s,
                handed_to_id = (select w.id from written w where w.id = g.new)
            from given g where a.id = g.old""",
            [old, [uuid7() for _ in old], to_worker, at, at, reason.strip()],
        )
    append_event(
        verb="workforce.worker.handed-over",
        subject=("worker", from_worker),
        area=heir.area,
        by=by,
        at=at,
        payload={"to": str(to_worker), "assignments": len(old), "reason": reason.strip()},
    )
    return len(old)


@transaction.atomic
def discharge_worker(*, worker_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Somebody stops serving. Refuses `reason-missing`, `worker-not-found`, and `assignments-open` while they
    are responsible for anything."""
    if not reason.strip():
        raise Refused("reason-missing")
    worker = _serving(worker_id)
    held = Assignment.objects.unscoped(REACHED).filter(worker_id=worker_id, until__isnull=True).count()
    if held:
        raise Refused("assignments-open", count=held)
    Worker.objects.unscoped(REACHED).filter(id=worker_id).update(until=at)
    append_event(
        verb="workforce.worker.discharged",
        subject=("worker", worker_id),
        area=worker.area,
        by=by,
        at=at,
        payload={"reason": reason.strip()},
    )


def _serving(worker_id: UUID) -> Worker:
    found = Worker.objects.unscoped(REACHED).filter(id=worker_id, until__isnull=True).first()
    if found is None:
        raise Refused("worker-not-found")
    return found


def _open(assignment_id: UUID, reason: str) -> Assignment:
    if not reason.strip():
        raise Refused("reason-missing")
    rows = Assignment.objects.unscoped(REACHED).select_for_update()
    row = rows.filter(id=assignment_id, until__isnull=True).first()
    if row is None:
        raise Refused("assignment-not-found")
    return row
