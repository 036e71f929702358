"""Reads of the devices room."""

from shouwang.devices.queries.epochs import ServerState, backups, epoch_now, server_state
from shouwang.devices.queries.inbox import Known, gaps_of, known_commands
from shouwang.devices.queries.kept import (
    KEPT_KINDS,
    KeptRow,
    SealedCommand,
    kept_commands,
    kept_counts,
    sealed_command,
)
from shouwang.devices.queries.listing import DeviceRow, device, device_by_token, devices

__all__ = [
    "KEPT_KINDS",
    "DeviceRow",
    "KeptRow",
    "Known",
    "SealedCommand",
    "ServerState",
    "backups",
    "device",
    "device_by_token",
    "devices",
    "epoch_now",
    "gaps_of",
    "kept_commands",
    "kept_counts",
    "known_commands",
    "sealed_command",
    "server_state",
]
