"""Lives of the database, and backups that were proved."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection, transaction

from shouwang.devices.models import Backup, Epoch
from shouwang.devices.queries.epochs import epoch_now
from shouwang.journal.actions import append_event
from shouwang.kernel.actor import SYSTEM, Actor
from shouwang.kernel.ids import uuid7

_LOCK = 0x65706F6368  # "epoch"
STEP = 1_000_000
"""How far the numbers jump at a restore: none is ever given twice, and nobody can mistake old for new."""
MOST_JUMP = 1_000_000_000
"""A phone's word moves the numbers by this much at most."""


def ensure_epoch(*, at: datetime) -> str:
    """The epoch of this database, begun if it is the first, inside the caller's action."""
    found = epoch_now()
    if found:
        return found
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
    return epoch_now() or _begun("first", SYSTEM, at)


@transaction.atomic
def begin_epoch(
    *, reason: str, instead_of: str | None = None, beyond: int = 0, by: Actor, at: datetime
) -> str:
    """Begin another life of the database: phones offer again what is not inside a proved backup. Returns its id.

    `instead_of`: begin it only if this one still holds (two phones notice the same restore). `beyond`: the highest
    number somebody remembers; those given from now on lie above it.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        now = epoch_now()
        if instead_of is not None and now != instead_of:
            return now
        cursor.execute(
            "select setval('devices_server_seq', greatest(last_value, least(%s, last_value + %s)) + %s)"
            " from devices_server_seq",
            [beyond, MOST_JUMP, STEP],
        )
    begun = _begun(reason, by, at)
    append_event(
        verb="devices.epoch.begun",
        subject=("epoch", begun),
        area="",
        by=by,
        at=at,
        payload={"reason": reason, "instead_of": now},
    )
    return begun


def _begun(reason: str, by: Actor, at: datetime) -> str:
    last = Epoch.objects.order_by("-number").values_list("number", flat=True).first() or 0
    row = Epoch.objects.create(
        id=uuid4(), number=last + 1, begun_at=at, reason=reason, by_id=by.id, by_name=by.name
    )
    return str(row.id)


@transaction.atomic
def mark_verified_backup(
    *,
    server_seq: int,
    file: str,
    size: int,
    rows: int,
    events: int,
    taken_at: datetime,
    by: Actor,
    at: datetime,
) -> UUID:
    """Note a backup that was restored in a trial and agreed: phones may forget what is inside."""
    row = Backup.objects.create(
        id=uuid7(),
        server_seq=server_seq,
        file=file,
        size=size,
        rows=rows,
        events=events,
        taken_at=taken_at,
        verified_at=at,
        by_id=by.id,
        by_name=by.name,
    )
    append_event(
        verb="devices.backup.verified",
        subject=("backup", row.id),
        area="",
        by=by,
        at=at,
        payload={"server_seq": server_seq, "rows": rows, "events": events, "size": size},
    )
    return row.id
