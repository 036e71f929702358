"""How a batch is read: one bad command never makes the others unreadable. Unknown fields are ignored."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import DecodeError, Meta, Raw, Struct, ValidationError, field
from msgspec.json import Decoder

from shouwang.devices.rules.sealing import Seal

MOST_COMMANDS = 100
MOST_BYTES = 1_000_000
OLDEST_APP, NEWEST_APP = 1, 3
"""Releases of the app this server takes: the newest and the two before it (sync.md §6)."""
_MOST_SEQ = 2**53 - 1

Short = Annotated[str, Meta(max_length=60)]
Note = Annotated[str, Meta(max_length=2000)]
Small = Annotated[int, Meta(ge=-32768, le=32767)]


class Sent(Struct, frozen=True, kw_only=True):
    """命令: one command as it came. Instants stay text: the hash is over what the phone wrote."""

    id: UUID
    seq: Annotated[int, Meta(ge=1, le=_MOST_SEQ)]
    kind: Short
    v: Annotated[int, Meta(ge=0, le=32767)] = 1
    actor: Short
    revision: Short | None = None
    occurred_at: Short
    zone: Short
    recorded_at: Short
    hash: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    sealed: Seal


class BatchShape(Struct, frozen=True, kw_only=True):
    """A batch as the page describes it."""

    device_time: Short
    commands: list[Sent]
    epoch: Short | None = ""
    last_server_seq: Annotated[int, Meta(ge=0, le=2**62)] | None = 0


class _LooseBatch(Struct, frozen=True, kw_only=True):
    device_time: Short
    commands: list[Raw]
    epoch: Short | None = ""
    last_server_seq: Annotated[int, Meta(ge=0, le=2**62)] | None = 0


class _Id(Struct, frozen=True):
    id: UUID
    seq: Annotated[int, Meta(ge=1, le=_MOST_SEQ)]


class Broken(Struct, frozen=True):
    """A command of which only id and seq can be read; kept as it came."""

    id: UUID
    seq: int
    hash: str
    raw: str


class Batch(Struct, frozen=True):
    """A batch that was read."""

    device_time: datetime
    commands: list[Sent | Broken]
    epoch: str
    last_server_seq: int


class BatchUnreadable(Exception):
    """It is not a batch. `code`: `batch-unreadable` or `batch-too-large`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


_BATCH, _LOOSE = Decoder(BatchShape), Decoder(_LooseBatch)
_SENT, _ID = Decoder(Sent), Decoder(_Id)


def read_batch(body: bytes) -> Batch:
    """Read a batch. Raises `BatchUnreadable` where not even ids can be made out, or it holds too many."""
    try:
        try:
            told: BatchShape | _LooseBatch = _BATCH.decode(body)
            commands: list[Sent | Broken] = list(told.commands)  # type: ignore[arg-type]
        except ValidationError:
            told = _LOOSE.decode(body)
            commands = [_one(bytes(raw)) for raw in told.commands]
    except (DecodeError, UnicodeDecodeError) as wrong:
        raise BatchUnreadable("batch-unreadable") from wrong
    if len(commands) > MOST_COMMANDS:
        raise BatchUnreadable("batch-too-large")
    device_time = read_instant(told.device_time)
    if device_time is None:
        raise BatchUnreadable("batch-unreadable")
    return Batch(device_time, commands, told.epoch or "", told.last_server_seq or 0)


def _one(raw: bytes) -> Sent | Broken:
    try:
        return _SENT.decode(raw)
    except ValidationError:
        known = _ID.decode(raw)
        return Broken(known.id, known.seq, hashlib.sha256(raw).hexdigest(), raw.decode())


def read_instant(text: str) -> datetime | None:
    """An ISO instant with its offset; None where it is none. A phone whose battery was out believes it is 1970: that is
    a matter for the clock rules, not for a refusal (sync.md §5)."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo and 1900 <= read.year < 2200 else None


class CheckPayload(Struct, frozen=True, kw_only=True):
    """检查: as in the table of kinds; what does not apply is null, "" or []."""

    file: UUID
    channel: Short
    outcome: Short | None = "done"
    deci: Small | None = None
    symptoms: list[Short] | None = None
    seen: Short | None = ""
    roles: list[Short] | None = None
    note: Note | None = ""
    thermometer: Short | None = ""
    witness: Short | None = ""
    photo_seen: bool | None = None
    corrects: Short | None = None
    reason: Note | None = ""


class FoundPayload(Struct, frozen=True, kw_only=True):
    """Somebody at the door who stands on no register."""

    name: Short | None = ""
    id_no: Short | None = ""
    telephone: Short | None = ""
    sex: Short | None = ""
    relation: Short | None = ""
    note: Note | None = ""


class VisitPayload(Struct, frozen=True, kw_only=True):
    """入户: a visit to a door of a round."""

    sweep: UUID
    door: UUID
    outcome: Short
    people: Small | None = 0
    named: list[UUID] | None = None
    found: list[FoundPayload] | None = None
    note: Note | None = ""
    corrects: Short | None = None
    reason: Note | None = ""


class ArrivalPayload(Struct, frozen=True, kw_only=True):
    """到达: somebody who came through a post."""

    post: UUID
    area: Short
    name: Short | None = ""
    from_text: Short | None = field(name="from", default="")
    telephone: Short | None = ""
    plate: Short | None = ""
    address: Annotated[str, Meta(max_length=200)] | None = ""
    deci: Small | None = None
    symptoms: Note | None = ""
    corrects: Short | None = None
    reason: Note | None = ""


Payload = CheckPayload | VisitPayload | ArrivalPayload
KINDS: dict[str, type[Payload]] = {
    "check": CheckPayload,
    "visit": VisitPayload,
    "arrival": ArrivalPayload,
}
"""Kinds of commands, version 1 of each."""
_PAYLOADS: dict[str, Decoder[Payload]] = {kind: Decoder(shape) for kind, shape in KINDS.items()}


def read_payload(kind: str, plain: bytes) -> Payload | None:
    """The payload of a known kind; None where it is none. A character that no text may hold makes it none."""
    if b"\\u0000" in plain or b"\x00" in plain:
        return None
    try:
        return _PAYLOADS[kind].decode(plain)
    except (DecodeError, UnicodeDecodeError):
        return None
