"""Devices, for themselves and for the desk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import F, Q

from shouwang.devices.models import Device
from shouwang.devices.queries.inbox import gaps_of
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope

MANAGE = "device.manage"


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device as others read it. `gaps`: missing numbers below the highest seen, filled in by `devices`."""

    id: UUID
    area: str
    user_id: UUID
    user_name: str
    is_active: bool
    """Whether the log-in may still be used."""
    name: str
    app: int
    enrolled_at: datetime
    enrolled_by_name: str
    revoked_at: datetime | None
    revoked_by_name: str
    revoke_reason: str
    shift_from: datetime | None
    shift_until: datetime | None
    last_seen_at: datetime | None
    skew_seconds: float
    contiguous: int
    highest: int
    last_server_seq: int
    gaps: tuple[tuple[int, int], ...] = field(default=())

    @property
    def is_revoked(self) -> bool:
        """Revoked at the desk, or its log-in was closed."""
        return self.revoked_at is not None or not self.is_active

    def actor(self) -> Actor:
        """Whoever the device is bound to."""
        return Actor(str(self.user_id), self.user_name)


def device_by_token(token_hash: str) -> DeviceRow | None:
    """The device that shows this token, revoked or not. Unscoped: this is how a device says who it is."""
    with connection.cursor() as cursor:  # asked with every request: as text, without building a query first
        cursor.execute(_SHOWN_BY, [token_hash])
        found = cursor.fetchone()
    return DeviceRow(*found) if found else None


_SHOWN_BY = """
select d.id, d.area, d.user_id, coalesce(nullif(u.name, ''), u.username), u.is_active, d.name, d.app, d.enrolled_at,
    d.enrolled_by_name, d.revoked_at, d.revoked_by_name, d.revoke_reason, d.shift_from, d.shift_until, d.last_seen_at,
    d.skew_seconds, d.contiguous, d.highest, d.last_server_seq
from devices_device d join accounts_user u on u.id = d.user_id where d.token_hash = %s
"""


def device(scope: Scope, device_id: UUID) -> DeviceRow:
    """One device with its gaps. Out of scope does not exist: `device-not-found`."""
    found = Device.objects.within(scope, MANAGE).select_related("user").filter(id=device_id).first()
    if found is None:
        raise Refused("device-not-found")
    return _row(found, _gaps(found))


def devices(
    scope: Scope,
    *,
    users: Iterable[UUID] | None = None,
    revoked: bool | None = None,
    unseen_since: datetime | None = None,
    skewed_by: float | None = None,
    with_gaps: bool | None = None,
    after: tuple[str, UUID] | None = None,
    limit: int = 100,
) -> list[DeviceRow]:
    """Devices of the places where `device.manage` is held, by place, then by age.

    `unseen_since`: not heard from since; `skewed_by`: clock off by more seconds; `with_gaps`: numbers missing;
    `after`: (area, id) of the last row shown. Gaps are told for rows that have any.
    """
    rows = Device.objects.within(scope, MANAGE).select_related("user")
    if users is not None:
        rows = rows.filter(user_id__in=list(users))
    if revoked is not None:
        rows = rows.filter(revoked_at__isnull=not revoked)
    if unseen_since is not None:
        rows = rows.filter(Q(last_seen_at__isnull=True) | Q(last_seen_at__lt=unseen_since))
    if skewed_by is not None:
        rows = rows.filter(Q(skew_seconds__gt=skewed_by) | Q(skew_seconds__lt=-skewed_by))
    if with_gaps is not None:
        apart = Q(highest__gt=0) & ~Q(highest=F("contiguous"))
        rows = rows.filter(apart if with_gaps else ~apart)
    if after is not None:
        rows = rows.filter(Q(area__gt=after[0]) | Q(area=after[0], id__gt=after[1]))
    found = list(rows.order_by("area", "id")[:limit])
    apart_ids = gaps_of_many([(d.id, d.contiguous) for d in found if d.highest > d.contiguous])
    return [_row(d, apart_ids.get(d.id, ())) for d in found]


def gaps_of_many(rows: list[tuple[UUID, int]]) -> dict[UUID, tuple[tuple[int, int], ...]]:
    """The gaps of devices of a page in one statement. Unscoped: the rows were reached through a scope."""
    if not rows:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_GAPS, {"ids": [row[0] for row in rows], "froms": [row[1] for row in rows]})
        found: dict[UUID, list[tuple[int, int]]] = {}
        for device_id, first, last in cursor.fetchall():
            found.setdefault(device_id, []).append((first, last))
    return {key: tuple(value) for key, value in found.items()}


_GAPS = """
with asked as (select * from unnest(%(ids)s::uuid[], %(froms)s::bigint[]) as a (device_id, start)),
here as (
    select c.device_id, c.seq from devices_command c join asked a using (device_id) where c.seq > a.start
    union
    select c.device_id, c.seq from devices_conflict c join asked a using (device_id) where c.seq > a.start
    union select device_id, start from asked
), stepped as (
    select device_id, seq, lag(seq) over (partition by device_id order by seq) as before from here
)
select device_id, before + 1, seq - 1 from stepped where seq > before + 1 order by device_id, seq limit 2000
"""


def _gaps(found: Device) -> tuple[tuple[int, int], ...]:
    if found.highest <= found.contiguous:
        return ()
    return tuple(gaps_of(found.id, found.contiguous)[2])


def _row(d: Device, gaps: tuple[tuple[int, int], ...] = ()) -> DeviceRow:
    return DeviceRow(
        id=d.id,
        area=d.area,
        user_id=d.user_id,
        user_name=d.user.name or d.user.username,
        is_active=d.user.is_active,
        name=d.name,
        app=d.app,
        enrolled_at=d.enrolled_at,
        enrolled_by_name=d.enrolled_by_name,
        revoked_at=d.revoked_at,
        revoked_by_name=d.revoked_by_name,
        revoke_reason=d.revoke_reason,
        shift_from=d.shift_from,
        shift_until=d.shift_until,
        last_seen_at=d.last_seen_at,
        skew_seconds=d.skew_seconds,
        contiguous=d.contiguous,
        highest=d.highest,
        last_server_seq=d.last_server_seq,
        gaps=gaps,
    )
