"""What was kept for a person: refused, quarantined, conflicts, and dates in doubt; newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from shouwang.devices.models import Command, Conflict, Settlement
from shouwang.devices.queries.listing import MANAGE
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope

KEPT_KINDS = ("refused", "quarantined", "conflict", "date")


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One thing of the field that somebody must look at. `id`: of the command, or of the conflict."""

    id: UUID
    kept: str
    """One of `KEPT_KINDS`."""
    command_id: UUID
    device_id: UUID
    device_name: str
    user_id: UUID
    user_name: str
    area: str
    seq: int
    kind: str
    """`check`, `visit`, `arrival`, or what an app unknown to us called it."""
    actor: str
    code: str
    effect: dict[str, Any]
    occurred_at: datetime | None
    zone: str
    told_at: datetime
    received_at: datetime

    @property
    def cursor(self) -> tuple[datetime, UUID]:
        """What the next page begins after."""
        return self.received_at, self.id


def kept_commands(
    scope: Scope,
    at: datetime,
    *,
    kind: str = "",
    after: tuple[datetime, UUID] | None = None,
    limit: int = 100,
) -> list[KeptRow]:
    """What waits for a decision where `device.manage` is held, received by `at`, newest first.

    `kind`: one of `KEPT_KINDS`, "" for all. `after`: the cursor of the last row shown.
    """
    params: dict[str, Any] = {
        "areas": _starts(scope),
        "at": at,
        "kind": kind,
        "after_at": after[0] if after else None,
        "after_id": after[1] if after else None,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, params)
        return [_row(row) for row in cursor.fetchall()]


def kept_counts(scope: Scope, at: datetime, *, most: int = 1000) -> dict[str, int]:
    """How many of each kind wait, counted up to `most` of each."""
    with connection.cursor() as cursor:
        found = {}
        for kind in KEPT_KINDS:
            params: dict[str, Any] = {
                "areas": _starts(scope),
                "at": at,
                "kind": kind,
                "after_at": None,
                "after_id": None,
            }
            cursor.execute(f"select count(*) from ({_KEPT}) as k", params | {"limit": most})  # noqa: S608
            found[kind] = cursor.fetchone()[0]
    return found


def kept_total(scope: Scope, at: datetime, *, most: int = 100) -> int:
    """How many wait for a decision, counted up to `most`. One query; none for whoever may decide nothing."""
    areas = _starts(scope)
    if not areas:
        return 0
    params: dict[str, Any] = {
        "areas": areas,
        "at": at,
        "kind": "",
        "after_at": None,
        "after_id": None,
        "limit": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from ({_KEPT}) as k", params)  # noqa: S608
        found: int = cursor.fetchone()[0]
    return found


def kept_entry(scope: Scope, entry_id: UUID) -> KeptRow:
    """One entry that was kept, decided or not. Out of scope does not exist: `command-not-found`."""
    params: dict[str, Any] = {"areas": _starts(scope), "id": entry_id}
    with connection.cursor() as cursor:
        cursor.execute(_ONE, params)
        row = cursor.fetchone()
    if row is None:
        raise Refused("command-not-found")
    return _row(row)


@dataclass(frozen=True, slots=True)
class Settled:
    """What somebody decided about an entry."""

    verdict: str
    reason: str
    by_name: str
    at: datetime


def settled(scope: Scope, entry_id: UUID) -> Settled | None:
    """The decision about an entry in sight, if there is one."""
    rows = Settlement.objects.within(scope, MANAGE).filter(id=entry_id)
    found = rows.values_list("verdict", "reason", "by_name", "at").first()
    return Settled(*found) if found else None


def _starts(scope: Scope) -> list[str]:
    return [area.replace("%", "") + "%" for area in scope.areas_for(MANAGE)]


def _row(row: Sequence[Any]) -> KeptRow:
    values = list(row)
    if isinstance(values[12], str | bytes):
        values[12] = msgspec.json.decode(values[12])
    return KeptRow(*values)


_KEPT = """
select k.id, k.kept, k.command_id, k.device_id, d.name, d.user_id,
    coalesce(nullif(u.name, ''), u.username), k.area, k.seq, k.kind, k.actor, k.code, k.effect, k.occurred_at,
    k.zone, k.told_at, k.received_at
from (
    select * from (
        select c.id, c.kept::text, c.id as command_id, c.device_id, c.area, c.seq, c.kind, c.actor, c.code,
            c.effect, c.occurred_at, c.zone, c.told_at, c.received_at
        from devices_command c
        where c.kept <> '' and (%(kind)s = '' or c.kept = %(kind)s) and c.area like any(%(areas)s)
            and c.received_at <= %(at)s and not exists (select from devices_settlement s where s.id = c.id)
            and (%(after_at)s::timestamptz is null
                or (c.received_at, c.id) < (%(after_at)s::timestamptz, %(after_id)s::uuid))
        order by c.received_at desc, c.id desc limit %(limit)s) commands
    union all
    select * from (
        select x.id, 'conflict', x.command_id, x.device_id, x.area, x.seq, x.kind, x.actor, x.code,
            '{}'::jsonb, x.occurred_at, x.zone, x.told_at, x.received_at
        from devices_conflict x
        where %(kind)s in ('', 'conflict') and x.area like any(%(areas)s) and x.received_at <= %(at)s
            and not exists (select from devices_settlement s where s.id = x.id)
            and (%(after_at)s::timestamptz is null
                or (x.received_at, x.id) < (%(after_at)s::timestamptz, %(after_id)s::uuid))
        order by x.received_at desc, x.id desc limit %(limit)s) conflicts
) k join devices_device d on d.id = k.device_id join accounts_user u on u.id = d.user_id
order by k.received_at desc, k.id desc limit %(limit)s
"""


_ONE = """
select k.id, k.kept, k.command_id, k.device_id, d.name, d.user_id,
    coalesce(nullif(u.name, ''), u.username), k.area, k.seq, k.kind, k.actor, k.code, k.effect, k.occurred_at,
    k.zone, k.told_at, k.received_at
from (
    select c.id, c.kept::text, c.id as command_id, c.device_id, c.area, c.seq, c.kind, c.actor, c.code,
        c.effect, c.occurred_at, c.zone, c.told_at, c.received_at
    from devices_command c where c.id = %(id)s and c.kept <> '' and c.area like any(%(areas)s)
    union all
    select x.id, 'conflict', x.command_id, x.device_id, x.area, x.seq, x.kind, x.actor, x.code,
        '{}'::jsonb, x.occurred_at, x.zone, x.told_at, x.received_at
    from devices_conflict x where x.id = %(id)s and x.area like any(%(areas)s)
) k join devices_device d on d.id = k.device_id join accounts_user u on u.id = d.user_id
"""


@dataclass(frozen=True, slots=True)
class SealedCommand:
    """A kept command as it came, to be opened once more."""

    id: UUID
    device_id: UUID
    user_id: UUID
    area: str
    seq: int
    kind: str
    v: int
    actor: str
    revision: str
    kept: str
    code: str
    hash: str
    zone: str
    told_at: datetime
    received_at: datetime
    sealed: dict[str, Any] | None


def sealed_command(scope: Scope, command_id: UUID) -> SealedCommand:
    """One kept command. Out of scope does not exist: `command-not-found`."""
    rows = Command.objects.within(scope, MANAGE).select_related("device").exclude(kept="")
    c = rows.filter(id=command_id).first()
    if c is None:
        raise Refused("command-not-found")
    return SealedCommand(
        id=c.id,
        device_id=c.device_id,
        user_id=c.device.user_id,
        area=c.area,
        seq=c.seq,
        kind=c.kind,
        v=c.v,
        actor=c.actor,
        revision=c.revision,
        kept=c.kept,
        code=c.code,
        hash=c.hash,
        zone=c.zone,
        told_at=c.told_at,
        received_at=c.received_at,
        sealed=c.sealed,
    )


def sealed_conflict(scope: Scope, conflict_id: UUID) -> SealedCommand:
    """What came under the number of another, under its own id. Out of scope does not exist: `command-not-found`."""
    rows = Conflict.objects.within(scope, MANAGE).select_related("device")
    x = rows.filter(id=conflict_id).first()
    if x is None:
        raise Refused("command-not-found")
    return SealedCommand(
        id=x.command_id,
        device_id=x.device_id,
        user_id=x.device.user_id,
        area=x.area,
        seq=x.seq,
        kind=x.kind,
        v=x.v,
        actor=x.actor,
        revision="",
        kept="conflict",
        code=x.code,
        hash=x.hash,
        zone=x.zone,
        told_at=x.told_at,
        received_at=x.received_at,
        sealed=x.sealed,
    )
