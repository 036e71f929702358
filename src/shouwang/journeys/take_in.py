"""A spreadsheet comes in, and the same evening everyone in it is watched over (issue 2, first paragraph).

Crosses screening, classification, observation. The import itself commits first and alone: should anything
above it fail, the people are found and kept, and the tick classifies and watches over them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from shouwang.classification.actions import classify_people
from shouwang.journeys.later import import_later
from shouwang.journeys.watch_over import Watched, watch_over
from shouwang.kernel.actor import SYSTEM, Actor
from shouwang.kernel.scope import Scope
from shouwang.policy.queries import pack_in_force, revision_in_force
from shouwang.screening.actions import (
    commit_import,
    import_file,
    mark_followed_up,
    settle_interrupted_import,
)
from shouwang.screening.actions.planning import Progress, no_progress
from shouwang.screening.queries import batch as batch_row
from shouwang.screening.queries import held_batch, people_of_batch, running_batches, unfollowed_batches
from shouwang.screening.reading.shapes import ImportKind


@dataclass(frozen=True, slots=True)
class TakenIn:
    """The receipt of an import and what followed from it."""

    counts: dict[str, Any]
    changed: int = 0
    watched: Watched = field(default_factory=Watched)


@dataclass(frozen=True, slots=True)
class Resumed:
    """How many interrupted commits were queued again, and how many committed batches were followed up."""

    queued: int
    followed_up: int


def take_in_file(
    *,
    kind: ImportKind,
    area: str,
    path: Path,
    file_name: str,
    by: Actor,
    at: datetime,
    dry_run: bool = False,
    progress: Progress = no_progress,
) -> TakenIn:
    """Read, commit, classify, watch over. With `dry_run` nothing is kept but the receipt.

    Refuses what the reading and the commit refuse; then nothing of the file is there.
    """
    counts = import_file(
        kind=kind,
        area=area,
        path=path,
        file_name=file_name,
        by=by,
        at=at,
        dry_run=dry_run,
        progress=progress,
    )
    if dry_run:
        return TakenIn(counts)
    return _follow_up(UUID(counts["batch"]), counts, area, by, at)


def commit_and_watch(*, batch_id: UUID, by: Actor, at: datetime, progress: Progress = no_progress) -> TakenIn:
    """The same for a batch that was previewed on the page; run by the worker.

    Doing it again is harmless: what was committed is only followed up, what was followed up is left alone.
    Refuses what `commit_import` refuses.
    """
    batch = batch_row(Scope.everything(), batch_id)
    if batch.state == "committed":
        return _follow_up(batch_id, {}, batch.area, by, batch.finished_at or at)
    counts = commit_import(batch_id=batch_id, by=by, at=at, progress=progress)
    return _follow_up(batch_id, counts, batch.area, by, at)


def resume_interrupted(*, at: datetime) -> Resumed:
    """Take up what a kill cut off; for the tick and for the start of the server.

    A batch that says it is running while nobody holds it is queued again, for the instant at which it was
    begun, until somebody takes it up (a job may be lost, the row is not); whom a committed one found is
    classified and watched over, as of its commit. While
    somebody still holds a batch it is left alone.
    """
    everything = Scope.everything()
    queued = 0
    for batch in running_batches(everything):
        if settle_interrupted_import(batch_id=batch.id, by=SYSTEM, at=at) == "running":
            queued += import_later(batch.id, by_id=batch.by_id, by_name=batch.by_name, at=batch.started_at)
    left = unfollowed_batches(everything)
    for batch in left:
        _follow_up(batch.id, {}, batch.area, Actor(batch.by_id, batch.by_name), batch.finished_at or at)
    return Resumed(queued, len(left))


@transaction.atomic
def _follow_up(batch_id: UUID, counts: dict[str, Any], area: str, by: Actor, at: datetime) -> TakenIn:
    batch = held_batch(Scope.everything(), batch_id)
    if batch.state != "committed" or batch.followed_up_at is not None:
        return TakenIn(counts)
    people = people_of_batch(Scope.everything(), batch_id)
    changed, watched = classify_and_watch(people=people, area=area, by=by, at=at)
    mark_followed_up(batch_id=batch_id, by=by, at=at)
    return TakenIn(counts, changed, watched)


@transaction.atomic
def classify_and_watch(*, people: Sequence[UUID], area: str, by: Actor, at: datetime) -> tuple[int, Watched]:
    """Classify these people by the pack in force at their place and watch over whom it finds.

    Returns how many changed, and who is watched over. Before a pack is in force nobody is anything yet.
    """
    everything = Scope.everything()
    if revision_in_force(everything, area, at) is None:
        return 0, Watched()
    revision, pack = pack_in_force(everything, area, at)
    outcome = classify_people(ids=people, area=area, pack=pack, revision_id=revision.id, by=by, at=at)
    return outcome.changed, watch_over(people=people, area=area, by=by, at=at)
