"""班次 `POST shift`: a fresh share of the list's key for the hours the pack says."""

from __future__ import annotations

from datetime import datetime

import msgspec

from shouwang.devices.actions import begin_shift
from shouwang.fieldapi.gate import FieldRequest, field_endpoint
from shouwang.journeys.field_commands import field_limits


class ShiftTold(msgspec.Struct, frozen=True):
    """The share, and from when until when it holds."""

    share: str
    since: datetime = msgspec.field(name="from")
    until: datetime


@field_endpoint("POST", revoked=False)
def shift(request: FieldRequest) -> ShiftTold:
    """Begin a shift. 403 `device-revoked`."""
    device = request.device
    begun = begin_shift(
        device_id=device.id,
        hours=field_limits(device.area, request.at).shift_hours,
        app=request.app,
        by=device.actor(),
        at=request.at,
    )
    return ShiftTold(begun.share, begun.since, begun.until)
