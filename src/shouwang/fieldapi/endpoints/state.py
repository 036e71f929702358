"""状态 `GET state`: where the server stands with this device."""

from __future__ import annotations

from datetime import datetime

import msgspec

from shouwang.devices.queries import gaps_of, server_state
from shouwang.devices.rules import NEWEST_APP, OLDEST_APP
from shouwang.fieldapi.gate import FieldRequest, field_endpoint


class StateTold(msgspec.Struct, frozen=True):
    """What is here of the device, and what is inside a proved backup."""

    epoch: str
    server_time: datetime
    contiguous: int
    gaps: list[tuple[int, int]]
    backed_up_to: int
    oldest_app: int
    newest_app: int
    revoked: bool


@field_endpoint("GET")
def state(request: FieldRequest) -> StateTold:
    """Where this device stands; also for one that was revoked."""
    device, server = request.device, server_state()
    behind = device.highest > device.contiguous
    return StateTold(
        epoch=server.epoch,
        server_time=request.at,
        contiguous=device.contiguous,
        gaps=gaps_of(device.id, device.contiguous)[2] if behind else [],
        backed_up_to=server.backed_up_to,
        oldest_app=OLDEST_APP,
        newest_app=NEWEST_APP,
        revoked=device.is_revoked,
    )
