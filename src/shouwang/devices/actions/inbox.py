"""The inbox: the device is held, what came is stored with its receipts in one statement each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, transaction

from shouwang.devices.queries.epochs import STATE_COLUMNS, ServerState
from shouwang.devices.queries.inbox import gaps_of
from shouwang.devices.queries.listing import DeviceRow
from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.canon import content_hash
from shouwang.kernel.ids import uuid7

INGEST_LOCK = 0x696E626F78  # "inbox"
"""Held shared by every batch, alone by a backup while it notes how far it reaches."""


@dataclass(frozen=True, slots=True)
class Held:
    """The device as it stands, its row locked; and where the server stands."""

    revoked: bool
    floor_at: datetime
    contiguous: int
    highest: int
    state: ServerState


def hold_device(*, device_id: UUID) -> Held:
    """Lock a device until the end of the transaction, inside the caller's action: its batches wait for each other.

    A backup that notes how far it reaches waits for this transaction too.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, {"device": device_id, "lock": INGEST_LOCK})
        row = cursor.fetchone()
    _, revoked, active, floor_at, contiguous, highest, *state = row
    return Held(revoked or not active, floor_at, contiguous, highest, ServerState(*state))


_HOLD = f"""
select pg_advisory_xact_lock_shared(%(lock)s), d.revoked_at is not null,
    (select u.is_active from accounts_user u where u.id = d.user_id),
    d.floor_at, d.contiguous, d.highest, {STATE_COLUMNS}
from devices_device d where d.id = %(device)s for update of d
"""  # noqa: S608 - of this room's own text


@dataclass(frozen=True, slots=True)
class Stored:
    """A command with what became of it, ready for the inbox. `kept`: why a person must look, "" for not."""

    id: UUID
    seq: int
    kind: str
    v: int
    actor: str
    revision: str
    occurred_at: datetime | None
    zone: str
    recorded_at: datetime | None
    told_at: datetime
    hash: str
    status: str
    code: str = ""
    effect: dict[str, Any] = field(default_factory=dict)
    kept: str = ""
    sealed: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What the store says back: the server's numbers of what is new, and how far the device has come."""

    numbers: dict[UUID, int]
    contiguous: int
    highest: int
    gaps: list[tuple[int, int]]


@transaction.atomic(savepoint=False)
def store_commands(
    *,
    device: DeviceRow,
    held: Held,
    stored: Sequence[Stored],
    conflicts: Sequence[Stored],
    skew_seconds: float,
    app: int,
    by: Actor,
    at: datetime,
) -> Taken:
    """Store the new commands of a batch with their receipts, and how far the device has come.

    `conflicts`: what came under another's id, stored apart. A batch that brings nothing new leaves no event. An id
    that another device took meanwhile is missing from `numbers`.
    """
    context = {"device": device.id, "area": device.area, "skew": skew_seconds, "at": at}
    numbers = _store(stored, context) if stored else {}
    fresh = _store_conflicts(conflicts, context) if conflicts else 0
    contiguous, highest, gaps = _progress(device.id, held, [*stored, *conflicts])
    with connection.cursor() as cursor:
        cursor.execute(
            "update devices_device set contiguous = %s, highest = %s, skew_seconds = %s, last_seen_at = %s, app = %s,"
            " last_server_seq = greatest(last_server_seq, %s) where id = %s",
            [contiguous, highest, skew_seconds, at, app, max(numbers.values(), default=0), device.id],
        )
    if numbers or fresh:
        append_event(
            verb="devices.commands.taken",
            subject=("device", device.id),
            area=device.area,
            by=by,
            at=at,
            payload=_told(stored, numbers, fresh),
        )
    return Taken(numbers, contiguous, highest, gaps)


def _told(stored: Sequence[Stored], numbers: dict[UUID, int], conflicts: int) -> dict[str, object]:
    new = [one for one in stored if one.id in numbers]
    return {
        "commands": len(new),
        "refused": sum(one.status == "refused" for one in new),
        "quarantined": sum(one.status == "quarantined" for one in new),
        "conflicts": conflicts,
        "first": min(numbers.values(), default=None),
        "digest": content_hash([[one.id.hex, one.hash] for one in new]),
    }


def _progress(device_id: UUID, held: Held, came: Sequence[Stored]) -> tuple[int, int, list[tuple[int, int]]]:
    """How far the device has come. The usual case, the next numbers in a row, needs no question."""
    expected = held.contiguous
    if held.highest == held.contiguous:
        for seq in sorted({one.seq for one in came if one.seq > expected}):
            if seq != expected + 1:
                break
            expected = seq
        else:
            return expected, expected, []
    contiguous, highest, gaps = gaps_of(device_id, held.contiguous)
    return contiguous, max(highest, held.highest), gaps


def _store(stored: Sequence[Stored], context: dict[str, Any]) -> dict[UUID, int]:
    columns: dict[str, Any] = {
        "ids": [one.id for one in stored],
        "seqs": [one.seq for one in stored],
        "kinds": [_clean(one.kind) for one in stored],
        "vs": [one.v for one in stored],
        "actors": [_clean(one.actor) for one in stored],
        "revisions": [_clean(one.revision) for one in stored],
        "occurred": [one.occurred_at for one in stored],
        "zones": [_clean(one.zone) for one in stored],
        "recorded": [one.recorded_at for one in stored],
        "told": [one.told_at for one in stored],
        "hashes": [one.hash for one in stored],
        "statuses": [one.status for one in stored],
        "codes": [one.code for one in stored],
        "effects": [_json(one.effect) for one in stored],
        "kept": [one.kept for one in stored],
        "sealed": [_json(one.sealed) if one.kept and one.sealed is not None else None for one in stored],
    }
    with connection.cursor() as cursor:
        cursor.execute(_STORE, columns | context)
        return dict(cursor.fetchall())


def _store_conflicts(conflicts: Sequence[Stored], context: dict[str, Any]) -> int:
    rows = [
        (
            *(uuid7(), one.id, context["device"], context["area"], one.seq, _clean(one.kind)),
            *(_clean(one.actor), one.occurred_at, one.recorded_at, context["at"], one.told_at),
            *(_clean(one.zone), one.v, one.hash, one.code, _json(one.sealed)),
        )
        for one in conflicts
    ]
    with connection.cursor() as cursor:
        new = 0
        for row in rows:
            cursor.execute(_STORE_CONFLICT, row)
            new += cursor.rowcount
    return new


def _json(value: object) -> str:
    return _clean(msgspec.json.encode(value).decode()).replace("\\u0000", "")


def _clean(text: str) -> str:
    return text.replace("\x00", "")


_STORE = """
insert into devices_command (id, device_id, area, seq, server_seq, kind, v, actor, revision, occurred_at, zone,
    recorded_at, skew_seconds, received_at, told_at, hash, status, code, effect, kept, sealed)
select i.id, %(device)s, %(area)s, i.seq, nextval('devices_server_seq'), i.kind, i.v, i.actor, i.revision,
    i.occurred_at, i.zone, i.recorded_at, %(skew)s, %(at)s, i.told_at, i.hash, i.status, i.code, i.effect::jsonb,
    i.kept, i.sealed::jsonb
from unnest(%(ids)s::uuid[], %(seqs)s::bigint[], %(kinds)s::text[], %(vs)s::int[], %(actors)s::text[],
    %(revisions)s::text[], %(occurred)s::timestamptz[], %(zones)s::text[], %(recorded)s::timestamptz[],
    %(told)s::timestamptz[], %(hashes)s::text[], %(statuses)s::text[], %(codes)s::text[], %(effects)s::text[],
    %(kept)s::text[], %(sealed)s::text[])
    as i (id, seq, kind, v, actor, revision, occurred_at, zone, recorded_at, told_at, hash, status, code, effect,
    kept, sealed)
on conflict (id) do nothing
returning id, server_seq
"""

_STORE_CONFLICT = """
insert into devices_conflict (id, command_id, device_id, area, seq, kind, actor, occurred_at, recorded_at,
    received_at, told_at, zone, v, hash, code, sealed)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb)
on conflict do nothing
"""
