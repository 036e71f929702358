"""Closing the day of a place: reasons for what is left, the closing itself, opening it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.canon import content_hash
from shouwang.kernel.days import day_start
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.oversight.models import CarriedItem, CloseOut
from shouwang.oversight.queries.closing import (
    CLOSE,
    carried_of,
    closed_days,
    look_at_day,
    moment_of,
)
from shouwang.oversight.queries.figures import evening_figures
from shouwang.oversight.queries.gaps import gap_rows
from shouwang.oversight.rules import BY_CODE, DayLook, GapRow, evening_of, frozen_day, look_hash
from shouwang.places.queries import zone_of
from shouwang.workforce.queries import workers_by_ids


@transaction.atomic
def explain_items(
    *,
    command: UUID,
    scope: Scope,
    area: str,
    day: date,
    kind: str,
    items: Sequence[str] | None,
    reason: str,
    note: str = "",
    to_worker: UUID | None = None,
    by: Actor,
    at: datetime,
) -> int:
    """Say why items of a kind were not done today and who takes them tomorrow; returns how many.

    `items` None: every one of the kind here that nobody explained yet. `to_worker` None: each its own owner,
    where it has one, else the duty desk. The same `command` sent twice is one fact. Refuses
    `place-not-found`, `gap-unknown`, `carry-reason-unknown`, `carry-note-missing`, `worker-unknown`,
    `nothing-to-explain`.
    """
    _may_close(scope, area)
    moment = moment_of(scope, area, day, at)
    if kind not in BY_CODE:
        raise Refused("gap-unknown", kind=kind)
    _check_reason(evening_of(moment.pack).reasons, reason, note)
    if sent := CarriedItem.objects.within(scope).filter(command=command).count():
        return sent
    told = carried_of(scope, area, day)
    rows = [
        row
        for row in gap_rows(scope, kind, moment, limit=None)
        if (row.key in items if items is not None else (kind, row.key) not in told)
    ]
    if not rows:
        raise Refused("nothing-to-explain", kind=kind)
    takers = _takers(scope, rows, to_worker)
    _store(command, day, rows, takers, (reason, note.strip()), by, at)
    append_event(
        verb="oversight.items.carried",
        subject=("area", area),
        area=area,
        by=by,
        at=at,
        payload={"day": day.isoformat(), "kind": kind, "items": len(rows), "reason": reason},
    )
    return len(rows)


@transaction.atomic
def close_day(
    *,
    scope: Scope,
    area: str,
    day: date,
    looked: str,
    without: str = "",
    reason: str = "",
    by: Actor,
    at: datetime,
) -> int:
    """Close the day of a place; returns the revision. A place closes only after it has looked.

    `looked` is the fingerprint (`look_hash`) of what was shown: what has changed since must be seen first.
    `without`: why it closes before places below it have. Refuses `place-not-found`, `report-day-not-begun`,
    `day-closed`, `close-out-changed`, `items-unexplained`, `places-not-closed`, `reason-missing`,
    `day-closed-meanwhile`.
    """
    _may_close(scope, area)
    if at < day_start(day, zone_of(area)):
        raise Refused("report-day-not-begun", day=day)
    last = next(iter(closed_days(scope, area, day)), None)
    if last is not None and last.state == CloseOut.State.CLOSED:
        raise Refused("day-closed", revision=last.revision)
    look = look_at_day(scope, area, day, at)
    _check_look(look, looked, without)
    if last is not None and not reason.strip():
        raise Refused("reason-missing")
    figures = evening_figures(scope, moment_of(scope, area, day, at))
    content = frozen_day(look, without=without.strip(), figures=figures)
    revision = last.revision + 1 if last else 1
    _append(look, day, revision, CloseOut.State.CLOSED, content, reason, by, at)
    append_event(
        verb="oversight.day.closed",
        subject=("area", area),
        area=area,
        by=by,
        at=at,
        payload={
            **{"day": day.isoformat(), "revision": revision, "hash": content_hash(content)},
            **{"left": look.total, "without": len(look.missing), "reason": reason},
        },
    )
    return revision


@transaction.atomic
def reopen_day(*, scope: Scope, area: str, day: date, reason: str, by: Actor, at: datetime) -> int:
    """Open a closed day again, with a reason; what it was stays readable. Returns the revision.

    Refuses `place-not-found`, `day-not-closed`, `reason-missing`, `day-closed-meanwhile`.
    """
    _may_close(scope, area)
    last = next(iter(closed_days(scope, area, day)), None)
    if last is None or last.state != CloseOut.State.CLOSED:
        raise Refused("day-not-closed", day=day)
    if not reason.strip():
        raise Refused("reason-missing")
    look = look_at_day(scope, area, day, at)
    content = dict(last.content)
    _append(look, day, last.revision + 1, CloseOut.State.REOPENED, content, reason, by, at)
    append_event(
        verb="oversight.day.reopened",
        subject=("area", area),
        area=area,
        by=by,
        at=at,
        payload={"day": day.isoformat(), "revision": last.revision + 1, "reason": reason},
    )
    return last.revision + 1


def _may_close(scope: Scope, area: str) -> None:
    if not area or not scope.allows(CLOSE, area):
        raise Refused("place-not-found", area=area)


def _check_reason(reasons: Sequence[object], code: str, note: str) -> None:
    known = {getattr(reason, "code", ""): getattr(reason, "needs_note", False) for reason in reasons}
    if code not in known:
        raise Refused("carry-reason-unknown", reason=code)
    if known[code] and not note.strip():
        raise Refused("carry-note-missing", reason=code)


def _check_look(look: DayLook, looked: str, without: str) -> None:
    if look_hash(look) != looked:
        raise Refused("close-out-changed")
    if look.unexplained:
        raise Refused("items-unexplained", number=len(look.unexplained))
    if look.missing and not without.strip():
        raise Refused("places-not-closed", number=len(look.missing))


def _takers(scope: Scope, rows: Sequence[GapRow], to_worker: UUID | None) -> list[tuple[UUID | None, str]]:
    """Who takes each item: the one named, else its owner, else nobody yet (the duty desk)."""
    wanted = {to_worker} if to_worker else {row.owner_id for row in rows if row.owner_id}
    known = workers_by_ids(scope, [one for one in wanted if one])
    if to_worker and to_worker not in known:
        raise Refused("worker-unknown")
    takers: list[tuple[UUID | None, str]] = []
    for row in rows:
        worker = known.get(to_worker or row.owner_id or UUID(int=0))
        takers.append((worker.id, worker.name) if worker else (None, ""))
    return takers


def _store(
    command: UUID,
    day: date,
    rows: Sequence[GapRow],
    takers: Sequence[tuple[UUID | None, str]],
    why: tuple[str, str],
    by: Actor,
    at: datetime,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into oversight_carrieditem
                (id, command, area, day, kind, item, reason, note, to_worker_id, to_name, by_id, by_name, at)
            select i.id, %s, i.area, %s, i.kind, i.item, %s, %s, i.worker, i.name, %s, %s, %s
            from unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::uuid[], %s::text[])
                as i (id, area, kind, item, worker, name)""",
            [
                *(command, day, *why, by.id, by.name, at, [uuid7() for _ in rows]),
                *([row.area for row in rows], [row.kind for row in rows], [row.key for row in rows]),
                *([worker for worker, _ in takers], [name for _, name in takers]),
            ],
        )


def _append(
    look: DayLook,
    day: date,
    revision: int,
    state: str,
    content: dict[str, object],
    reason: str,
    by: Actor,
    at: datetime,
) -> None:
    try:
        with transaction.atomic():
            CloseOut.objects.create(
                **{"area": look.state.area, "day": day, "revision": revision, "state": state},
                **{"level": look.state.level, "due_at": look.state.by, "content": content},
                **{"hash": content_hash(content), "reason": reason.strip()},
                **{"at": at, "by_id": by.id, "by_name": by.name},
            )
    except IntegrityError as clash:
        raise Refused("day-closed-meanwhile", day=day) from clash
