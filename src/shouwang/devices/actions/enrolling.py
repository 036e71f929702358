"""A phone becomes a device of one log-in, begins shifts, and is revoked when it is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from shouwang.accounts.queries import log_in_of, scope_of
from shouwang.devices.actions.epochs import ensure_epoch
from shouwang.devices.models import Device, EnrolCode
from shouwang.devices.queries.epochs import server_state
from shouwang.devices.queries.listing import MANAGE
from shouwang.devices.rules import (
    CODE_LIVES,
    code_hash,
    home_area,
    new_code,
    new_share,
    new_token,
    token_hash,
)
from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope

UNKNOWN_FLOOR = timedelta(days=14)
"""How old the work of a phone may be that this database does not know any more."""


@dataclass(frozen=True, slots=True)
class Made:
    """A one-time code. Told once; the server keeps its hash."""

    code: str
    expires_at: datetime


@transaction.atomic
def make_enrol_code(*, user_id: UUID, scope: Scope, by: Actor, at: datetime) -> Made:
    """Make a code with which one phone becomes a device of this log-in, within 24 hours. An earlier one lapses.

    Refuses `user-not-found`, `not-permitted` (also where the log-in works outside the places of `scope`).
    """
    who = log_in_of(user_id)
    areas = scope_of(user_id, at).areas
    if who is None or not who.is_active or not areas:
        raise Refused("user-not-found")
    area = home_area(areas)
    if not scope.allows(MANAGE, area):
        raise Refused("not-permitted", permission=MANAGE)
    code, until = new_code(), at + CODE_LIVES
    waiting = EnrolCode.objects.unscoped("of one log-in in scope").filter(
        user_id=user_id, used_at__isnull=True
    )
    waiting.filter(expires_at__gt=at, made_at__lte=at).update(expires_at=at)
    row = EnrolCode.objects.create(
        area=area,
        user_id=user_id,
        hash=code_hash(code),
        made_by=by.id,
        made_by_name=by.name,
        made_at=at,
        expires_at=until,
    )
    append_event(
        verb="devices.code.made", subject=("user", user_id), area=area, by=by, at=at, payload={"code": row.id}
    )
    return Made(code, until)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A new device. `token` is told once."""

    device_id: UUID
    token: str
    actor: Actor
    epoch: str


@transaction.atomic
def enrol_device(
    *, code: str, name: str, app: int, by: Actor, at: datetime, device_id: UUID | None = None
) -> Enrolled:
    """Make a phone the device of the log-in the code was made for. Refuses `enrol-code-wrong`, whatever is wrong.

    `by`: who asks is not known before the code is; the event bears the log-in the code names. `device_id`: what
    the phone says it was. It is that device again, with another token, if it was this log-in's and not revoked, or
    if nobody here knows it (a backup older than its enrolment was restored): so what it still holds is not lost.
    """
    rows = EnrolCode.objects.unscoped("whoever has the code").select_for_update()
    row = rows.filter(hash=code_hash(code), used_at__isnull=True, expires_at__gt=at).first()
    who = log_in_of(row.user_id) if row else None
    if row is None or who is None or not who.is_active:
        raise Refused("enrol-code-wrong")
    token, actor = new_token(), Actor(str(who.id), who.name)
    owned = Device.objects.unscoped("of whoever has the code").select_for_update()
    known = owned.filter(id=device_id).first() if device_id else None
    is_own = known is not None and known.user_id == who.id and known.revoked_at is None
    device = known if known is not None and is_own else Device(id=uuid7() if known else device_id or uuid7())
    if not is_own:
        device.user_id, device.enrolled_at = who.id, at
        device.floor_at = at if known or not device_id else at - UNKNOWN_FLOOR
    device.area = home_area(scope_of(who.id, at).areas) or row.area
    device.name, device.app = name.strip()[:60] or who.name, app
    device.token_hash = token_hash(token)
    device.enrolled_by, device.enrolled_by_name = row.made_by, row.made_by_name
    device.save(force_insert=not is_own)
    row.used_at, row.device = at, device
    row.save(update_fields=["used_at", "device"])
    epoch = ensure_epoch(at=at)
    append_event(
        verb="devices.device.enrolled",
        subject=("device", device.id),
        area=device.area,
        by=actor,
        at=at,
        payload={"user": who.id, "app": app, "through": by.id, "code": row.id, "again": is_own},
    )
    return Enrolled(device.id, token, actor, epoch)


@dataclass(frozen=True, slots=True)
class Share:
    """The server's share of the key of a list; told once, kept nowhere here."""

    share: str
    since: datetime
    until: datetime


@transaction.atomic
def begin_shift(*, device_id: UUID, hours: int, app: int, by: Actor, at: datetime) -> Share:
    """Begin a shift: a fresh share for so many hours. Refuses `device-revoked`.

    The device's place follows its log-in. Where everything it may still offer is inside a proved backup, nothing
    older than its last shift can come any more.
    """
    row = Device.objects.unscoped("a device for itself").select_for_update().get(id=device_id)
    if row.revoked_at is not None:
        raise Refused("device-revoked")
    is_safe = row.highest == row.contiguous and row.last_server_seq <= server_state().backed_up_to
    if is_safe and row.shift_from is not None:
        row.floor_at = max(row.floor_at, row.shift_from)
    row.area = home_area(scope_of(row.user_id, at).areas) or row.area
    row.shift_from, row.shift_until = at, at + timedelta(hours=hours)
    row.last_seen_at, row.app = at, app
    row.save(update_fields=["floor_at", "area", "shift_from", "shift_until", "last_seen_at", "app"])
    append_event(
        verb="devices.shift.begun",
        subject=("device", device_id),
        area=row.area,
        by=by,
        at=at,
        payload={"until": row.shift_until},
    )
    return Share(new_share(), at, row.shift_until)


@transaction.atomic
def revoke_device(*, device_id: UUID, reason: str, scope: Scope, by: Actor, at: datetime) -> None:
    """Revoke a phone: it deletes its list at its next word, and what it still sends is kept for a person.

    Refuses `device-not-found` (also out of scope), `reason-missing`. Doing it twice changes nothing.
    """
    if not reason.strip():
        raise Refused("reason-missing")
    rows = Device.objects.within(scope, MANAGE).select_for_update()
    row = rows.filter(id=device_id).first()
    if row is None:
        raise Refused("device-not-found")
    if row.revoked_at is not None:
        return
    row.revoked_at, row.revoked_by, row.revoked_by_name = at, by.id, by.name
    row.revoke_reason = reason.strip()
    row.save(update_fields=["revoked_at", "revoked_by", "revoked_by_name", "revoke_reason"])
    append_event(
        verb="devices.device.revoked",
        subject=("device", device_id),
        area=row.area,
        by=by,
        at=at,
        payload={"reason": row.revoke_reason},
    )
