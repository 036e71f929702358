"""Committing an import: set-based, all or nothing, with progress and cancel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, nullcontext, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction

from shouwang.journal.actions import append_event, events_last
from shouwang.kernel.actor import Actor
from shouwang.kernel.areas import town_of
from shouwang.kernel.errors import Refused
from shouwang.people.actions import (
    add_identifiers,
    add_telephones,
    admit_people,
    count_register,
    replace_identifier,
)
from shouwang.places.actions import ensure_dwellings
from shouwang.screening.actions.intake import (
    counts_of,
    locked_batch,
    preview_import,
    reading_again,
    take_in,
)
from shouwang.screening.actions.newcomers import (
    doors_wanted,
    households_and_people,
    paper_of,
    settle,
    telephone_of,
    whole_households,
)
from shouwang.screening.actions.planning import Plan, Planned, Progress, make_plan, never, no_progress
from shouwang.screening.actions.rows import close_verify_items, write_rows, write_trips, write_verify_items
from shouwang.screening.models import ImportBatch
from shouwang.screening.reading import Problem, Reading
from shouwang.screening.reading.shapes import ImportKind
from shouwang.screening.rules import may_become

CHUNK = 2000
HELD = "hashtextextended('screening-import ' || %s, 0)"
"""The advisory lock of a batch, as SQL: whoever commits it holds it, and loses it when killed."""
OWN = "the batch is reached through the office that sent it"


class _Cancelled(Exception):
    """Raised between two chunks; rolls everything back."""


def commit_import(
    *,
    batch_id: UUID,
    by: Actor,
    at: datetime,
    progress: Progress = no_progress,
    cancelled: Callable[[], bool] = never,
) -> dict[str, Any]:
    """Write the people, journeys and to-verify items of a batch; returns its counts.

    All or nothing: cancelled between two chunks (or by `cancel_import` from elsewhere) or failed, nothing of
    it is there. A batch whose worker was killed may be committed again. Refuses `batch-not-found`,
    `batch-state`, `batch-held` (somebody is at it), `batch-cancelled`.
    """
    return _run(batch_id, None, by=by, at=at, progress=progress, cancelled=cancelled)


def _run(
    batch_id: UUID,
    reading: Reading | None,
    *,
    by: Actor,
    at: datetime,
    progress: Progress,
    cancelled: Callable[[], bool],
) -> dict[str, Any]:
    with closing(_Watch(batch_id, progress, cancelled)) as watch:
        with transaction.atomic():
            batch = locked_batch(batch_id)
            if batch.state != "running" and not may_become(batch.state, "running"):
                raise Refused("batch-state", state=batch.state)
            again = {"attempts": batch.attempts + 1, "failure": ""}
            _set(batch_id, state="running", started_at=at, done=0, **again)
        try:
            with transaction.atomic(), nullcontext(reading) if reading else reading_again(batch) as rows:
                _take_turn(batch)
                with events_last():
                    return _commit(batch, make_plan(batch, rows), by, at, watch)
        except _Cancelled as stop:
            _set(batch_id, state="cancelled", finished_at=at, content=None)
            raise Refused("batch-cancelled") from stop
        except Exception as error:
            code = error.code if isinstance(error, Refused) else type(error).__name__
            _set(batch_id, state="failed", finished_at=at, failure=code[:60], attempts=0)
            raise


def _take_turn(batch: ImportBatch) -> None:
    """One commit of a town at a time, to the end of the transaction: two that found the same newcomer would
    both bring them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended('screening-town ' || %s, 0))",
            [town_of(batch.area)],
        )


def import_file(
    *,
    kind: ImportKind,
    area: str,
    path: Path,
    file_name: str,
    by: Actor,
    at: datetime,
    dry_run: bool = False,
    progress: Progress = no_progress,
) -> dict[str, Any]:
    """Read and commit in one go (the command line). With `dry_run` only preview; the batch is cancelled."""
    batch_id, reading = take_in(kind=kind, area=area, path=path, file_name=file_name, by=by, at=at)
    with reading:
        if not dry_run:
            counts = _run(batch_id, reading, by=by, at=at, progress=progress, cancelled=never)
            return {"batch": str(batch_id), **counts}
    counts = preview_import(batch_id=batch_id, by=by, at=at)
    cancel_import(batch_id=batch_id, by=by, at=at)
    return {"batch": str(batch_id), **counts}


@transaction.atomic
def cancel_import(*, batch_id: UUID, by: Actor, at: datetime) -> None:
    """Cancel a batch that is not committed; one that runs stops before its next chunk.

    Refuses `batch-not-found`, `batch-state`.
    """
    mine = ImportBatch.objects.unscoped(OWN).filter(id=batch_id)
    batch = mine.first()
    if batch is None:
        raise Refused("batch-not-found")
    if not may_become(batch.state, "cancelled"):
        raise Refused("batch-state", state=batch.state)
    if batch.state == "running":
        mine.update(cancel_requested=True)
    else:
        mine.update(state="cancelled", finished_at=at, content=None, cancel_requested=True)
    append_event(
        verb="screening.import.cancelled", subject=("batch", batch_id), area=batch.area, by=by, at=at
    )


def _commit(batch: ImportBatch, plan: Plan, by: Actor, at: datetime, watch: _Watch) -> dict[str, Any]:
    watch.step(0, len(plan.rows))
    newcomers = [one for one in plan.rows if one.state == "accepted" and one.is_new]
    doors = settle(newcomers, plan, ensure_dwellings(drafts=doors_wanted(newcomers), by=by, at=at))
    done = 0
    for chunk in whole_households(newcomers):
        households, people = households_and_people(chunk, plan, doors)
        admit_people(
            households=households, people=people, area=batch.area, source=str(batch.id), by=by, at=at
        )
        done += len(chunk)
        watch.step(done, len(plan.rows))
    if len(newcomers) > CHUNK:
        count_register()
    accepted = [one for one in plan.rows if one.state == "accepted"]
    _add_to_known(accepted, at)
    _correct(accepted, by, at)
    write_rows(batch, plan, linked=True)
    watch.step(len(plan.rows), len(plan.rows))
    write_trips(accepted, by, at)
    write_verify_items(_to_verify(plan, accepted), at)
    counts = counts_of(plan)
    _set(batch.id, state="committed", counts=counts, finished_at=at, content=None, total=len(plan.rows))
    append_event(
        verb="screening.import.committed",
        subject=("batch", batch.id),
        area=batch.area,
        by=by,
        at=at,
        payload={key: value for key, value in counts.items() if isinstance(value, int)},
    )
    return counts


def _add_to_known(accepted: Sequence[Planned], at: datetime) -> None:
    """Papers and telephones that known persons did not have yet."""
    papers = []
    telephones = []
    for one in accepted:
        if one.is_new or one.person_id is None:
            continue
        if one.new_papers and not one.corrects_row:
            papers.append((one.person_id, paper_of(one)))
        telephones += [(one.person_id, telephone_of(number)) for number in one.new_telephones]
    add_identifiers(papers, at=at)
    add_telephones(telephones, at=at)


def _correct(accepted: Sequence[Planned], by: Actor, at: datetime) -> None:
    """Rows from a correction spreadsheet: verified papers take the old ones' place, items close."""
    closed: list[tuple[UUID, str]] = []
    for one in accepted:
        if one.corrects_row is None or one.is_new or one.person_id is None:
            continue
        wrong = {problem.field for problem in one.problems}
        if one.who.id_ok and "id_no" not in wrong:
            replace_identifier(
                person_id=one.person_id, paper=paper_of(one), reason="correction-import", by=by, at=at
            )
            closed.append((one.person_id, "id_no"))
        if one.trip is not None and one.trip.returned_on is not None:
            closed.append((one.person_id, "returned_on"))
        if one.trip is not None and one.origin_code is not None:
            closed.append((one.person_id, "origin"))
        if one.who.telephones and "phone" not in wrong:
            closed.append((one.person_id, "phone"))
    close_verify_items(closed, by, at, "correction-import")


def _to_verify(plan: Plan, accepted: Sequence[Planned]) -> Iterator[tuple[UUID, str, UUID | None, Problem]]:
    for one in accepted:
        for problem in one.problems:
            if one.person_id is not None:
                yield one.person_id, one.area, one.id, problem
    for person, area in plan.claimed.items():
        yield person, area, None, Problem("id-conflict", "id_no")


class _Watch:
    """Holds a batch; tells how far its commit is, and asks whether to stop, outside of its transaction."""

    def __init__(self, batch_id: UUID, progress: Progress, cancelled: Callable[[], bool]) -> None:
        self._batch_id = batch_id
        self._progress = progress
        self._cancelled = cancelled
        self._beside: Any = connection.copy()
        with self._beside.cursor() as cursor:
            cursor.execute(f"select pg_try_advisory_lock({HELD})", [str(batch_id)])
            held = cursor.fetchone()[0]
        if not held:
            self.close()
            raise Refused("batch-held")

    def step(self, done: int, total: int) -> None:
        """Between two chunks. Raises when somebody cancelled."""
        self._progress(done, total)
        row = None
        with suppress(OperationalError), self._beside.cursor() as cursor:  # a locked row is told of next time
            cursor.execute("set lock_timeout = '200ms'")
            cursor.execute(
                "update screening_importbatch set done = %s, total = %s where id = %s"
                " returning cancel_requested",
                [done, total, self._batch_id],
            )
            row = cursor.fetchone()
        if self._cancelled() or (row is not None and row[0]):
            raise _Cancelled

    def close(self) -> None:
        """Let go of the batch and of the connection."""
        self._beside.close()


def _set(batch_id: UUID, **changes: object) -> None:
    ImportBatch.objects.unscoped(OWN).filter(id=batch_id).update(**changes)
