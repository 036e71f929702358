"""Appointments and visits of the day as Today and To do show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shouwang.desk.reaching import Subject, subjects
from shouwang.journeys.day_errands import Errand, day_errands
from shouwang.kernel.scope import Scope
from shouwang.workforce.queries import worker_of_user


@dataclass(frozen=True, slots=True)
class Told:
    """One errand with whom it is to."""

    errand: Errand
    who: Subject | None
    is_late: bool


def errands(scope: Scope, user_id: UUID | str, at: datetime) -> list[Told]:
    """What the person behind a log-in may go to today; nothing for who goes to no doors."""
    sight = scope.only("reach.record")
    if not sight.grants:
        return []
    worker = worker_of_user(sight, user_id)
    rows = day_errands(sight, at, worker=worker.id if worker else None)
    who = subjects(sight, rows)
    return [Told(one, who.get(one.subject_id), one.due_at is not None and one.due_at < at) for one in rows]
