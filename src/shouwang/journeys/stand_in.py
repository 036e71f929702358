"""A worker falls ill: somebody stands in for households, files and shifts, and hands back when they return (B2)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import hand_over
from shouwang.observation.queries.households import open_files_by_household, open_files_of_owner
from shouwang.workforce.actions import StoodIn, begin_absence, end_absence
from shouwang.workforce.queries import charges_of, owners_for, workers_by_ids


@transaction.atomic
def stand_in(
    *, worker_id: UUID, stand_in_id: UUID, kind: str, reason: str, scope: Scope, by: Actor, at: datetime
) -> tuple[StoodIn, int]:
    """Put somebody in the place of who is ill or away. Returns what passed, and how many files.

    Refuses `worker-not-found` (also out of scope), `not-permitted`, and what `begin_absence` refuses.
    """
    _both(scope, worker_id, stand_in_id)
    done = begin_absence(worker_id=worker_id, stand_in_id=stand_in_id, kind=kind, reason=reason, by=by, at=at)
    files = open_files_of_owner(scope, worker_id)
    if files:
        hand_over(file_ids=files, to_owner=stand_in_id, reason=kind, scope=scope, by=by, at=at)
    return done, len(files)


@transaction.atomic
def come_back(*, worker_id: UUID, scope: Scope, by: Actor, at: datetime) -> tuple[StoodIn, int]:
    """They are back: what was held in their place returns, with the files of those households.

    Refuses `worker-not-found`, `not-permitted`, `absence-not-found`.
    """
    _both(scope, worker_id, worker_id)
    done = end_absence(worker_id=worker_id, by=by, at=at)
    charges = charges_of(scope, worker_id)
    homes = [UUID(c.target_id) for c in charges if c.target_kind == "household" and c.since == at]
    if not homes:
        return done, 0
    files = open_files_by_household(scope)
    area = min((c.area for c in charges), key=len)
    owners = owners_for(scope, homes, area=area)
    mine = [file for home in homes if owners[home] == worker_id for file in files.get(home, ())]
    if mine:
        hand_over(file_ids=mine, to_owner=worker_id, reason="back", scope=scope, by=by, at=at)
    return done, len(mine)


def _both(scope: Scope, *ids: UUID) -> None:
    known = workers_by_ids(scope, ids)
    if set(ids) - set(known):
        raise Refused("worker-not-found")
    if not all(scope.allows("team.assign", worker.area) for worker in known.values()):
        raise Refused("not-permitted", permission="team.assign")
