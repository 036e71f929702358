"""The life this database is in, how far its numbers have come, and what is inside a backup that was proved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from shouwang.devices.models import Backup, Epoch


@dataclass(frozen=True, slots=True)
class ServerState:
    """`epoch`: "" before the first device. `last_server_seq`: the newest number given out."""

    epoch: str
    backed_up_to: int
    last_server_seq: int


STATE_COLUMNS = """
    coalesce((select id::text from devices_epoch order by number desc limit 1), ''),
    coalesce((select max(server_seq) from devices_backup), 0),
    (select case when is_called then last_value else 0 end from devices_server_seq)"""


def server_state() -> ServerState:
    """Where this server stands. Unscoped: it tells nothing about anybody."""
    with connection.cursor() as cursor:
        cursor.execute("select" + STATE_COLUMNS)
        return ServerState(*cursor.fetchone())


def epoch_now() -> str:
    """The id of this life of the database, "" before the first. Unscoped: it tells nothing about anybody."""
    found = Epoch.objects.order_by("-number").values_list("id", flat=True).first()
    return str(found) if found else ""


@dataclass(frozen=True, slots=True)
class BackupRow:
    """A backup that was proved by a trial."""

    file: str
    size: int
    server_seq: int
    rows: int
    events: int
    taken_at: datetime
    verified_at: datetime


def backups(limit: int = 20) -> list[BackupRow]:
    """Backups that were proved, newest first. Unscoped: an installation's, not a place's."""
    rows = Backup.objects.order_by("-server_seq", "-verified_at")[:limit]
    return [
        BackupRow(b.file, b.size, b.server_seq, b.rows, b.events, b.taken_at, b.verified_at) for b in rows
    ]
