"""下行 `GET changes`: what this phone must know, as far as it does not hold it."""

from __future__ import annotations

from shouwang.fieldapi.gate import FieldRequest, field_endpoint
from shouwang.journeys.field_changes import Changes, pull_changes

LONGEST = 100


@field_endpoint("GET", revoked=False)
def changes(request: FieldRequest) -> Changes:
    """The difference to what the phone got under its cursor. 403 `device-revoked`."""
    cursor = str(request.GET.get("cursor", ""))[:LONGEST]
    return pull_changes(device=request.device, cursor=cursor, at=request.at)
