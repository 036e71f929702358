"""Reads of the devices room."""

from shouwang.devices.queries.epochs import ServerState, backups, epoch_now, server_state
from shouwang.devices.queries.inbox import ByPhone, Known, came_by_phone, done_pages, gaps_of, known_commands
from shouwang.devices.queries.kept import (
    KEPT_KINDS,
    KeptRow,
    SealedCommand,
    Settled,
    kept_commands,
    kept_counts,
    kept_entry,
    kept_total,
    sealed_command,
    sealed_conflict,
    settled,
)
from shouwang.devices.queries.listing import DeviceRow, device, device_by_token, devices

__all__ = [
    "KEPT_KINDS",
    "ByPhone",
    "DeviceRow",
    "KeptRow",
    "Known",
    "SealedCommand",
    "ServerState",
    "Settled",
    "backups",
    "came_by_phone",
    "device",
    "device_by_token",
    "devices",
    "done_pages",
    "epoch_now",
    "gaps_of",
    "kept_commands",
    "kept_counts",
    "kept_entry",
    "kept_total",
    "known_commands",
    "sealed_command",
    "sealed_conflict",
    "server_state",
    "settled",
]
