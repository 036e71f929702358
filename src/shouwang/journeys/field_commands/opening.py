"""Opening what a phone sealed: whose it is, whether it is whole, when it counts as done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shouwang.devices.keys import key_of
from shouwang.devices.rules import (
    KINDS,
    ClockLimits,
    Payload,
    SealBroken,
    Sent,
    Told,
    command_hash,
    open_seal,
    read_instant,
    read_payload,
    told_time,
)
from shouwang.devices.rules.sealing import Seal, recanonised
from shouwang.kernel.scope import Scope
from shouwang.packs.schema.field import FieldWork
from shouwang.policy.queries import pack_if_any

VERSION = 1


def field_limits(area: str, at: datetime) -> FieldWork:
    """What the pack in force at a place says of phones; the defaults where none is in force."""
    pack = pack_if_any(Scope.everything(), area, at)
    return pack.field if pack else FieldWork()


def clock_limits(field: FieldWork) -> ClockLimits:
    """The pack's numbers as the clock rules take them."""
    return ClockLimits(
        timedelta(minutes=field.clock_flag_minutes), timedelta(minutes=field.clock_quarantine_minutes)
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """A command that was opened, ready for its room. `told_at` is the fact's time."""

    id: UUID
    kind: str
    payload: Payload
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """How the time of one batch is told."""

    received_at: datetime
    skew: timedelta
    floor_at: datetime
    limits: ClockLimits

    def tell(self, text: str) -> tuple[datetime | None, Told]:
        """What the phone wrote, and the instant it stands for."""
        read = read_instant(text)
        if read is None:
            return None, Told(self.received_at)
        told = told_time(
            read, skew=self.skew, received_at=self.received_at, floor_at=self.floor_at, limits=self.limits
        )
        return read, told


def open_command(sent: Sent, *, device: UUID, user: UUID) -> Payload | str:
    """The payload of a command, or the code for which it is kept unread."""
    if sent.kind not in KINDS or sent.v != VERSION:
        return "kind-unknown"
    if sent.actor != str(user):
        return "actor-differs"
    key = key_of(sent.sealed.key)
    if key is None:
        return "key-unknown"
    plain = _plain(sent.sealed, device, sent.id, sent.seq, sent.kind)
    if plain is None or not is_dated(sent):
        return "unreadable"
    if not _is_whole(sent, device, plain):
        return "hash-differs"
    return read_payload(sent.kind, plain) or "unreadable"


def reopen(sealed: Seal, *, device: UUID, id: UUID, seq: int, kind: str) -> Payload | None:
    """The payload of a command that was kept; None where it cannot be read."""
    plain = _plain(sealed, device, id, seq, kind) if kind in KINDS else None
    return read_payload(kind, plain) if plain is not None else None


def is_dated(sent: Sent) -> bool:
    """Whether both instants can be read."""
    return read_instant(sent.occurred_at) is not None and read_instant(sent.recorded_at) is not None


def _plain(sealed: Seal, device: UUID, id: UUID, seq: int, kind: str) -> bytes | None:
    key = key_of(sealed.key)
    if key is None:
        return None
    try:
        return open_seal(sealed, key=key.private, public=key.public, device=device, id=id, seq=seq, kind=kind)
    except SealBroken:
        return None


def _is_whole(sent: Sent, device: UUID, plain: bytes) -> bool:
    fields: dict[str, object] = {
        "actor": sent.actor,
        "device": str(device),
        "id": str(sent.id),
        "kind": sent.kind,
        "occurred_at": sent.occurred_at,
        "recorded_at": sent.recorded_at,
        "revision": sent.revision,
        "seq": sent.seq,
        "v": sent.v,
        "zone": sent.zone,
    }
    try:
        payload = plain.decode()
        return sent.hash == command_hash(fields, payload) or sent.hash == command_hash(
            fields, recanonised(plain)
        )
    except ValueError:
        return False
