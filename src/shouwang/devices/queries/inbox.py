"""What is here of a device: receipts by id, and the numbers that are missing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

MOST_GAPS = 50
"""Gaps told at most; what lies beyond is told when these are filled."""


@dataclass(frozen=True, slots=True)
class Known:
    """A command that is here, with its receipt."""

    hash: str
    status: str
    code: str
    server_seq: int
    effect: dict[str, Any]


def known_commands(ids: Collection[UUID]) -> dict[UUID, Known]:
    """The commands that are here under these ids. Unscoped: receipts for whoever knows id and hash."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, hash, status, code, server_seq, effect from devices_command where id = any(%s)",
            [list(ids)],
        )
        return {
            key: Known(hash, status, code, server_seq, _plain(effect))
            for key, hash, status, code, server_seq, effect in cursor.fetchall()
        }


@dataclass(frozen=True, slots=True)
class ByPhone:
    """A fact that came from a phone: when it arrived, and what was wrong with the clock it was told by."""

    received_at: datetime
    flags: tuple[str, ...]


def came_by_phone(ids: Collection[UUID]) -> dict[UUID, ByPhone]:
    """Which of these facts came from phones. One query. Unscoped: for facts that were reached through a scope."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("select id, received_at, effect from devices_command where id = any(%s)", [list(ids)])
        return {row[0]: ByPhone(row[1], tuple(_plain(row[2]).get("flags", ()))) for row in cursor.fetchall()}


def _plain(effect: Any) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(effect) if isinstance(effect, str | bytes) else effect
    return found


def gaps_of(device_id: UUID, contiguous: int) -> tuple[int, int, list[tuple[int, int]]]:
    """(contiguous, highest, gaps) of a device whose numbers up to `contiguous` are known to be here.

    Unscoped: for the device itself, or for a row that was reached through a scope.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ISLANDS, {"device": device_id, "from": contiguous, "most": MOST_GAPS + 1})
        islands = cursor.fetchall()
        if not islands:
            return contiguous, contiguous, []
        cursor.execute(_HIGHEST, {"device": device_id})
        (highest,) = cursor.fetchone()
    if islands[0][0] == contiguous + 1:
        contiguous = islands[0][1]
        islands = islands[1:]
    gaps, before = [], contiguous
    for first, last in islands[:MOST_GAPS]:
        gaps.append((before + 1, first - 1))
        before = last
    return contiguous, highest, gaps


_ISLANDS = """
with here as (
    select seq from devices_command where device_id = %(device)s and seq > %(from)s
    union select seq from devices_conflict where device_id = %(device)s and seq > %(from)s
), marked as (select seq, seq - row_number() over (order by seq) as island from here)
select min(seq), max(seq) from marked group by island order by 1 limit %(most)s
"""

_HIGHEST = """
select greatest(
    (select max(seq) from devices_command where device_id = %(device)s),
    (select max(seq) from devices_conflict where device_id = %(device)s))
"""


def done_pages(kind: str, size: int = 5000) -> Iterator[list[UUID]]:
    """The ids of what was acknowledged as done, page by page in the server's order. Unscoped: for `verify`."""
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "select id, server_seq from devices_command where kind = %s and status = 'done' and server_seq > %s"
                " order by server_seq limit %s",
                [kind, last, size],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        last = rows[-1][1]
        yield [row[0] for row in rows]
