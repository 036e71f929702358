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
from shouwang.journeys.watch_over import Watched, watch_over
from shouwang.kernel.actor import SYSTEM, Actor
from shouwang.kernel.scope import Scope
from shouwang.policy.queries import pack_in_force, revision_in_force
from shouwang.screening.actions import commit_import, import_file
from shouwang.screening.actions.follow_up import mark_followed_up
from shouwang.screening.actions.planning import Progress, no_progress
from shouwang.screening.queries.follow_up import people_of_batch, unfollowed_batches
from shouwang.screening.reading.shapes import ImportKind


@dataclass(frozen=True, slots=True)
class TakenIn:
    """The receipt of an import and what followed from it."""

    counts: dict[str, Any]
    changed: int = 0
    watched: Watched = field(default_factory=Watched)


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


def commit_and_watch(*, batch_id: UUID, area: str, by: Actor, at: datetime) -> TakenIn:
    """The same for a batch that was previewed on the page."""
    return _follow_up(batch_id, commit_import(batch_id=batch_id, by=by, at=at), area, by, at)


def resume_interrupted(*, at: datetime) -> int:
    """Classify and watch over whom a committed import found before a kill cut in; how many batches."""
    left = unfollowed_batches(Scope.everything())
    for batch_id, area in left:
        _follow_up(batch_id, {}, area, SYSTEM, at)
    return len(left)


@transaction.atomic
def _follow_up(batch_id: UUID, counts: dict[str, Any], area: str, by: Actor, at: datetime) -> TakenIn:
    everything = Scope.everything()
    people: Sequence[UUID] = people_of_batch(everything, batch_id)
    changed, watched = 0, Watched()
    if revision_in_force(everything, area, at) is not None:
        revision, pack = pack_in_force(everything, area, at)
        outcome = classify_people(ids=people, area=area, pack=pack, revision_id=revision.id, by=by, at=at)
        changed = outcome.changed
        watched = watch_over(people=people, area=area, by=by, at=at)
    mark_followed_up(batch_id=batch_id, by=by, at=at)
    return TakenIn(counts, changed, watched)
