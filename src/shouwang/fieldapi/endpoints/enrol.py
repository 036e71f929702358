"""入网 `POST enrol`: a phone becomes a device."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from shouwang.devices.actions import enrol_device
from shouwang.devices.keys import current_key
from shouwang.fieldapi.gate import FieldRequest, field_endpoint, must_be_new_enough, read_body
from shouwang.fieldapi.limits import is_locked, note_wrong
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused

SOMEBODY = Actor("phone", "a phone that is not enrolled")


class EnrolAsked(msgspec.Struct, frozen=True):
    """What a phone says to be enrolled."""

    code: Annotated[str, msgspec.Meta(max_length=40)]
    name: Annotated[str, msgspec.Meta(max_length=200)] = ""
    app: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)] = 0
    device: UUID | None = None
    """What the phone was before: a forgotten PIN, or a server that was restored to before it was enrolled."""


class ActorTold(msgspec.Struct, frozen=True):
    """Whose device it is."""

    id: str
    name: str


class KeyTold(msgspec.Struct, frozen=True):
    """The server's public key."""

    id: str
    public: str


class EnrolTold(msgspec.Struct, frozen=True):
    """What the new device is told; the token once."""

    device: str
    token: str
    actor: ActorTold
    server_key: KeyTold
    epoch: str
    server_time: datetime


@field_endpoint("POST", known=False)
def enrol(request: FieldRequest) -> EnrolTold:
    """Enrol by a one-time code. 403 `enrol-code-wrong`, 429 `enrol-too-often`, 426 `app-too-old`."""
    caller = str(request.META.get("REMOTE_ADDR", ""))
    if is_locked(caller):
        raise Refused("enrol-too-often")
    asked = read_body(request, EnrolAsked)
    app = must_be_new_enough(str(asked.app))
    try:
        new = enrol_device(
            code=asked.code, name=asked.name, app=app, device_id=asked.device, by=SOMEBODY, at=request.at
        )
    except Refused:
        note_wrong(caller)
        raise
    key = current_key()
    return EnrolTold(
        device=str(new.device_id),
        token=new.token,
        actor=ActorTold(new.actor.id, new.actor.name),
        server_key=KeyTold(**key.told()),
        epoch=new.epoch,
        server_time=request.at,
    )
