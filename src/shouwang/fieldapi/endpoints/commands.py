"""命令 `POST commands`: what a phone did, with a receipt for each."""

from __future__ import annotations

from shouwang.devices.rules import BatchUnreadable, read_batch
from shouwang.fieldapi.gate import FieldRequest, field_endpoint, raw_body
from shouwang.journeys.field_commands import Receipts, take_commands
from shouwang.kernel.errors import Refused


@field_endpoint("POST")
def commands(request: FieldRequest) -> Receipts:
    """Take a batch. 400 `batch-unreadable`, 413 `batch-too-large`; a receipt never turns the status."""
    try:
        batch = read_batch(raw_body(request))
    except BatchUnreadable as wrong:
        raise Refused(wrong.code) from wrong
    return take_commands(device=request.device, batch=batch, app=request.app, at=request.at)
