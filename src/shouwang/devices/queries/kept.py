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
    after_at, after_id = after or (None, None)
    params: dict[str, Any] = {"areas": _starts(scope), "at": at, "kind": kind, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_PAGE, params | {"after_at": after_at, "after_id": after_id})
        return [_row(row) for row in cursor.fetchall()]


def kept_counts(scope: Scope, at: datetime, *, most: int = 1000) -> dict[str, int]:
    """How many of each kind wait, counted up to `most` of each."""
    params: dict[str, Any] = {
        "areas": _starts(scope),
        "at": at,
        "kinds": list(KEPT_KINDS),
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, params)
        return dict(cursor.fetchall())


def kept_total(scope: Scope, at: datetime, *, most: int = 100) -> int:
    """How many wait for a decision, counted up to `most`. One query; none for whoever may decide nothing."""
    areas = _starts(scope)
    if not areas:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_TOTAL, {"areas": areas, "at": at, "most": most})
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


_COMMAND = """
select c.id, c.kept::text, c.id as command_id, c.device_id, c.area, c.seq, c.kind, c.actor, c.code, c.effect,
    c.occurred_at, c.zone, c.told_at, c.received_at
from devices_command c where c.kept <> '' and c.area like any(%(areas)s)"""
_CONFLICT = """
select x.id, 'conflict', x.command_id, x.device_id, x.area, x.seq, x.kind, x.actor, x.code, '{}'::jsonb,
    x.occurred_at, x.zone, x.told_at, x.received_at
from devices_conflict x where x.area like any(%(areas)s)"""
_WAITS = """
    and {t}.received_at <= %(at)s and not exists (select from devices_settlement s where s.id = {t}.id)"""
_NEXT = """
    and (%(after_at)s::timestamptz is null
        or ({t}.received_at, {t}.id) < (%(after_at)s::timestamptz, %(after_id)s::uuid))
order by {t}.received_at desc, {t}.id desc limit %(limit)s"""
_NAMED = """
select k.id, k.kept, k.command_id, k.device_id, d.name, d.user_id, coalesce(nullif(u.name, ''), u.username),
    k.area, k.seq, k.kind, k.actor, k.code, k.effect, k.occurred_at, k.zone, k.told_at, k.received_at
from ({rows}) k join devices_device d on d.id = k.device_id join accounts_user u on u.id = d.user_id"""
_WAITING = _COMMAND + _WAITS.format(t="c") + " union all " + _CONFLICT + _WAITS.format(t="x")

_PAGE = _NAMED.replace(
    "{rows}",
    f"({_COMMAND} and (%(kind)s = '' or c.kept = %(kind)s) {_WAITS.format(t='c')} {_NEXT.format(t='c')}) union all"
    f" ({_CONFLICT} and %(kind)s in ('', 'conflict') {_WAITS.format(t='x')} {_NEXT.format(t='x')})",
)
_PAGE += " order by k.received_at desc, k.id desc limit %(limit)s"
_ONE = _NAMED.replace("{rows}", f"{_COMMAND} and c.id = %(id)s union all {_CONFLICT} and x.id = %(id)s")
_TOTAL = f"select count(*) from (select from ({_WAITING}) w limit %(most)s) k"  # noqa: S608 - of this room's own text
_COUNTS = f"""
select k.kind, (select count(*) from (select from ({_WAITING}) w where w.kept = k.kind limit %(most)s) found)
from unnest(%(kinds)s::text[]) as k (kind)"""  # noqa: S608 - ditto


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
