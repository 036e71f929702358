"""下行 A pull: what a phone must hold now, compared with what it holds (docs/reference/sync.md §3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction

from shouwang.accounts.queries import scope_of
from shouwang.devices.actions import hand_out
from shouwang.devices.queries import DeviceRow, server_state
from shouwang.devices.rules import digest_of
from shouwang.journeys.field_changes.documents import Documents, documents


class Told(msgspec.Struct, frozen=True):
    """One document under its key."""

    key: str
    doc: msgspec.Raw


class Cut(msgspec.Struct, frozen=True):
    """What of the patch stayed behind, because a phone holds so much at most."""

    households: int
    doors: int


class Changes(msgspec.Struct, frozen=True):
    """The answer to a pull."""

    epoch: str
    cursor: str
    full: bool
    docs: list[Told]
    gone: list[str]
    server_time: datetime
    backed_up_to: int
    cut: Cut


@transaction.atomic
def pull_changes(*, device: DeviceRow, cursor: str, at: datetime) -> Changes:
    """What the phone lacks of what it must hold. `device` was let in and is not revoked."""
    told = documents(scope_of(device.user_id, at), device.actor(), at)
    written = written_documents(told)
    handed = hand_out(
        device_id=device.id,
        cursor=cursor,
        now={key: digest_of(content) for key, content in written.items()},
        numbers=told.rung,
        area=device.area,
        by=device.actor(),
        at=at,
    )
    state = server_state()
    return Changes(
        epoch=state.epoch,
        cursor=handed.cursor,
        full=handed.difference.full,
        docs=[Told(key, msgspec.Raw(written[key])) for key in handed.difference.changed],
        gone=list(handed.difference.gone),
        server_time=at,
        backed_up_to=state.backed_up_to,
        cut=Cut(told.homes_left, told.doors_left),
    )


def written_documents(told: Documents) -> dict[str, bytes]:
    """The documents as they are sent: the same content is the same bytes."""
    encode: Any = msgspec.json.Encoder(order="sorted").encode
    return {key: encode(doc) for key, doc in told.docs.items()}
