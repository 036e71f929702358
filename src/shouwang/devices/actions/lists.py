"""名单 Handing out what a phone must hold, and remembering what it was given."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import connection, transaction

from shouwang.devices.rules import Difference, Digests, difference
from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.ids import uuid7


@dataclass(frozen=True, slots=True)
class HandedOut:
    """The difference to be sent, and the cursor under which the phone will hold it."""

    cursor: str
    difference: Difference


@transaction.atomic
def hand_out(
    *,
    device_id: UUID,
    cursor: str,
    now: Digests,
    numbers: Collection[str] = (),
    area: str,
    by: Actor,
    at: datetime,
) -> HandedOut:
    """Work out what a phone that holds what it got under `cursor` lacks of `now`, and remember `now`.

    `numbers`: keys of documents that bear a telephone number in full; handing some out is one event with the
    count, a pull that hands out none leaves no event. Where nothing changed nothing is written.
    """
    before = _held(device_id, cursor)
    found = difference(before, now)
    if found.is_empty:
        return HandedOut(cursor, found)
    given = uuid7()
    with connection.cursor() as sql:
        sql.execute(
            _REMEMBER,
            {
                "id": given,
                "device": device_id,
                "docs": msgspec.json.encode(dict(now)).decode(),
                "base": UUID(cursor) if before is not None else None,
                "at": at,
            },
        )
    told = len(set(numbers).intersection(found.changed))
    if told:
        append_event(
            verb="devices.numbers.handed-out",
            subject=("device", device_id),
            area=area,
            by=by,
            at=at,
            payload={"numbers": told},
        )
    return HandedOut(str(given), found)


def _held(device_id: UUID, cursor: str) -> dict[str, str] | None:
    """What the phone got under its cursor; None where nobody knows it, or another phone got it."""
    try:
        wanted = UUID(cursor)
    except ValueError:
        return None
    with connection.cursor() as sql:
        sql.execute(
            "select docs::text from devices_heldlist where id = %s and device_id = %s", [wanted, device_id]
        )
        row = sql.fetchone()
    return None if row is None else msgspec.json.decode(row[0], type=dict[str, str])


_REMEMBER = """
with kept as (
    select id from devices_heldlist where device_id = %(device)s
    order by (id = %(base)s) desc nulls last, at desc, id desc limit 1
), old as (
    delete from devices_heldlist h where h.device_id = %(device)s and h.id not in (select id from kept)
), seen as (
    update devices_device set last_seen_at = %(at)s where id = %(device)s
        and (last_seen_at is null or last_seen_at < %(at)s)
)
insert into devices_heldlist (id, device_id, docs, at) values (%(id)s, %(device)s, %(docs)s::jsonb, %(at)s)
"""
"""Kept beside the new one: what the phone said it holds, else the newest."""
