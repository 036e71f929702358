"""A worker leaves or falls ill: households and files go to somebody else in one action, with a record (B2)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import hand_over
from shouwang.observation.queries.households import open_files_of_owner
from shouwang.workforce.actions import discharge_worker, hand_over_all
from shouwang.workforce.queries import workers_by_ids


@transaction.atomic
def replace_worker(
    *, worker_id: UUID, successor_id: UUID, reason: str, scope: Scope, by: Actor, at: datetime
) -> int:
    """Pass everything of one worker to another and end the first one's service. Returns how many files moved.

    Refuses `worker-not-found` (also out of scope), `worker-unknown` for the same person twice, `reason-missing`.
    """
    known = workers_by_ids(scope, [worker_id, successor_id])
    if worker_id not in known or successor_id not in known:
        raise Refused("worker-not-found")
    if worker_id == successor_id:
        raise Refused("worker-unknown")
    hand_over_all(from_worker=worker_id, to_worker=successor_id, reason=reason, by=by, at=at)
    files = open_files_of_owner(scope, worker_id)
    moved = (
        hand_over(file_ids=files, to_owner=successor_id, reason=reason, scope=scope, by=by, at=at)
        if files
        else 0
    )
    discharge_worker(worker_id=worker_id, reason=reason, by=by, at=at)
    return moved
