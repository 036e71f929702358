"""Writes of the devices room; each is atomic and leaves exactly one event in the journal."""

from shouwang.devices.actions.enrolling import (
    Enrolled,
    Made,
    Share,
    begin_shift,
    enrol_device,
    make_enrol_code,
    revoke_device,
)
from shouwang.devices.actions.epochs import (
    begin_epoch,
    mark_verified_backup,
)
from shouwang.devices.actions.inbox import (
    INGEST_LOCK,
    Held,
    Stored,
    Taken,
    hold_device,
    store_commands,
)
from shouwang.devices.actions.lists import (
    HandedOut,
    hand_out,
)
from shouwang.devices.actions.settling import (
    confirm_date,
    dismiss_command,
    note_opened,
    settle_accepted,
)

__all__ = [
    "INGEST_LOCK",
    "Enrolled",
    "HandedOut",
    "Held",
    "Made",
    "Share",
    "Stored",
    "Taken",
    "begin_epoch",
    "begin_shift",
    "confirm_date",
    "dismiss_command",
    "enrol_device",
    "hand_out",
    "hold_device",
    "make_enrol_code",
    "mark_verified_backup",
    "note_opened",
    "revoke_device",
    "settle_accepted",
    "store_commands",
]
