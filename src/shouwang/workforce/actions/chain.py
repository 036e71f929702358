"""Naming who answers for a place: one or a whole list, replacing whoever did so before without a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from os.path import commonprefix
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.workforce.actions.teams import REACHED
from shouwang.workforce.models import Assignment, Worker


@dataclass(frozen=True, slots=True)
class NewHead:
    """Somebody to answer for a place from now on. `area` is the place's path."""

    area: str
    role_set: str
    role: str
    worker_id: UUID


@dataclass(frozen=True, slots=True)
class Appointed:
    """How many were named where nobody was, how many took over from somebody, how many had it already."""

    fresh: int
    replaced: int
    unchanged: int


@transaction.atomic
def appoint_heads(*, heads: Sequence[NewHead], reason: str, by: Actor, at: datetime) -> Appointed:
    """Name who answers for places. Whoever answered there in that role hands over in the same moment, with a record,
    so that the chain has no gap. Three statements however many.

    Refuses `reason-missing` where somebody is replaced, `worker-not-found`, `head-twice`.
    """
    wanted = {(head.area, head.role_set, head.role): head for head in heads}
    if len(wanted) < len(heads):
        raise Refused("head-twice")
    _all_serving({head.worker_id for head in heads})
    standing: dict[tuple[str, str, str], list[Assignment]] = {}
    for row in _standing({head.area for head in heads}):
        standing.setdefault((row.target_id, row.role_set, row.role), []).append(row)
    fresh: list[Assignment] = []
    ended: list[Assignment] = []
    unchanged = replaced = 0
    for key, head in wanted.items():
        before = standing.get(key, [])
        if any(row.worker_id == head.worker_id for row in before):
            unchanged += 1
            continue
        made = _assignment(head, at)
        fresh.append(made)
        replaced += bool(before)
        for row in before:
            row.until, row.ended_reason, row.handed_to_id = max(at, row.since), reason.strip(), made.id
            ended.append(row)
    if ended and not reason.strip():
        raise Refused("reason-missing")
    Assignment.objects.bulk_create(fresh, batch_size=2000)
    standing_rows = Assignment.objects.unscoped(REACHED)
    standing_rows.bulk_update(ended, ["until", "ended_reason", "handed_to"], batch_size=500)
    append_event(
        verb="workforce.heads.appointed",
        subject=("area", commonprefix(sorted(head.area for head in heads))),  # noqa: RUF071 - of codes
        area=commonprefix(sorted(head.area for head in heads)),  # noqa: RUF071 - of codes
        by=by,
        at=at,
        payload={"named": len(fresh), "replaced": replaced, "reason": reason.strip()},
    )
    return Appointed(len(fresh) - replaced, replaced, unchanged)


def _assignment(head: NewHead, at: datetime) -> Assignment:
    return Assignment(
        area=head.area,
        worker_id=head.worker_id,
        role_set=head.role_set,
        role=head.role,
        target_kind="place",
        target_id=head.area,
        since=at,
    )


def _standing(areas: set[str]) -> list[Assignment]:
    rows = Assignment.objects.unscoped(REACHED).select_for_update()
    return list(rows.filter(target_kind="place", target_id__in=areas, until__isnull=True).order_by("id"))


def _all_serving(workers: set[UUID]) -> None:
    serving = Worker.objects.unscoped(REACHED).filter(id__in=workers, until__isnull=True).count()
    if serving != len(workers):
        raise Refused("worker-not-found")
