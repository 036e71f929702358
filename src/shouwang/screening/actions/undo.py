"""Undoing a whole import while nothing was built on it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.people.actions import withdraw_people
from shouwang.screening.actions.intake import locked_batch
from shouwang.screening.models import ImportBatch, ImportRow
from shouwang.screening.rules import may_become

OWN = "the batch is reached through the office that sent it"


@transaction.atomic
def undo_import(
    *,
    batch_id: UUID,
    built_on: Callable[[Collection[UUID]], Collection[UUID]],
    reason: str,
    by: Actor,
    at: datetime,
) -> int:
    """Take back everything a batch brought; returns how many persons left the books.

    `built_on` is given the persons the batch touched and answers with those on whom higher rooms have built
    (an observation file, a check, a visit). Refuses `batch-not-found`, `batch-state`, `reason-missing`,
    `batch-built-on` (with `people`).
    """
    batch = locked_batch(batch_id)
    if not may_become(batch.state, "undone"):
        raise Refused("batch-state", state=batch.state)
    if not reason.strip():
        raise Refused("reason-missing")
    rows = ImportRow.objects.unscoped(OWN).filter(batch_id=batch_id, person__isnull=False)
    touched = set(rows.values_list("person_id", flat=True))
    brought = set(rows.filter(is_new=True, state="accepted").values_list("person_id", flat=True))
    held = set(built_on(touched)) | _held_here(batch, brought) | _continued(batch)
    if held:
        raise Refused("batch-built-on", people=len(held))
    _remove(batch_id, brought)
    withdraw_people(
        people=sorted(brought), area=batch.area, source=str(batch_id), reason=reason, by=by, at=at
    )
    ImportBatch.objects.unscoped(OWN).filter(id=batch_id).update(state="undone", finished_at=at)
    append_event(
        verb="screening.import.undone",
        subject=("batch", batch_id),
        area=batch.area,
        by=by,
        at=at,
        payload={"people": len(brought), "reason": reason},
    )
    return len(brought)


def _held_here(batch: ImportBatch, brought: set[UUID]) -> set[UUID]:
    """Persons this batch brought whom another import or a typed journey has touched since."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select r.person_id from screening_importrow r join screening_importbatch b on b.id = r.batch_id
            where r.person_id = any(%(people)s) and r.batch_id <> %(batch)s and b.state = 'committed'
            union select t.person_id from screening_trip t
            left join screening_importrow r on r.id = t.row_id
            where t.person_id = any(%(people)s) and (r.batch_id is null or r.batch_id <> %(batch)s)
            union select e.person_id from screening_exposure e
            left join screening_importrow r on r.id = e.row_id
            where e.person_id = any(%(people)s) and (r.batch_id is null or r.batch_id <> %(batch)s)
            union select person_id from screening_statement where person_id = any(%(people)s)
            union select person_id from screening_awayworker where person_id = any(%(people)s)
            union select person_id from screening_arrivalmeeting where person_id = any(%(people)s)
            union select subject_id from screening_reachattempt
            where subject_kind = 'person' and subject_id = any(%(people)s)""",
            {"people": list(brought), "batch": batch.id},
        )
        return {row[0] for row in cursor.fetchall()}


def _continued(batch: ImportBatch) -> set[UUID]:
    """Persons, known before or not, of whose journeys in this batch somebody corrected one since, or looked
    into an item that the batch put on the to-verify list."""
    with connection.cursor() as cursor:
        cursor.execute(
            """with mine as (select id from screening_importrow where batch_id = %(batch)s)
            select later.person_id from screening_trip later join screening_trip t on t.id = later.corrects_id
            where t.row_id in (select id from mine)
                and (later.row_id is null or later.row_id not in (select id from mine))
            union select later.person_id from screening_exposure later
            join screening_exposure e on e.id = later.corrects_id
            where e.row_id in (select id from mine)
                and (later.row_id is null or later.row_id not in (select id from mine))
            union select v.person_id from screening_verifyitem v
            where v.row_id in (select id from mine) and v.resolved_at > %(committed)s""",
            {"batch": batch.id, "committed": batch.finished_at},
        )
        return {row[0] for row in cursor.fetchall()}


def _remove(batch_id: UUID, brought: set[UUID]) -> None:
    """Journeys, exposures and items of the batch; what its corrections superseded holds again."""
    mine = "select id from screening_importrow where batch_id = %s"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""update screening_trip set superseded_at = null where id in
            (select corrects_id from screening_trip where corrects_id is not null and row_id in ({mine}))""",  # noqa: S608
            [batch_id],
        )
        for table in ("verifyitem", "exposure", "trip"):
            cursor.execute(f"delete from screening_{table} where row_id in ({mine})", [batch_id])  # noqa: S608
        cursor.execute(
            "delete from screening_verifyitem where person_id = any(%s) and row_id is null", [list(brought)]
        )
        cursor.execute(
            "update screening_importrow set person_id = null where person_id = any(%s)", [list(brought)]
        )
