"""Writes of the observation room; each is atomic and leaves exactly one event in the journal."""

from shouwang.observation.actions.alerting import (
    answer_alert,
)
from shouwang.observation.actions.anchoring import (
    reanchor_file,
)
from shouwang.observation.actions.commands import (
    CheckCommand,
    CheckReceipt,
    PackOf,
)
from shouwang.observation.actions.correcting import (
    correct_check,
    countersign_check,
    sign_day,
)
from shouwang.observation.actions.discharging import (
    DischargeCommand,
    record_discharge,
)
from shouwang.observation.actions.dividing import follow_homes
from shouwang.observation.actions.ending import (
    ask_early_release,
    decide_early_release,
    end_file,
    release_file,
)
from shouwang.observation.actions.moving import (
    extend_file,
    hand_over,
    restart_file,
)
from shouwang.observation.actions.moving_on import (
    move_on,
    note_reopened,
)
from shouwang.observation.actions.opening import (
    NewFile,
    Opened,
    open_files,
)
from shouwang.observation.actions.recording import (
    record_check,
    record_checks,
)
from shouwang.observation.actions.relocating import (
    move_files,
)
from shouwang.observation.actions.requesting import (
    accept_hand_over,
    ask_hand_over,
    reject_hand_over,
)
from shouwang.observation.actions.resulting import (
    ResultCommand,
    correct_result,
    record_result,
    record_results,
)
from shouwang.observation.actions.sampling import (
    SampleCommand,
    TestReceipt,
    record_sample,
    send_samples,
)
from shouwang.observation.actions.sheets import (
    SheetLine,
    make_sheet,
    note_printed,
)
from shouwang.observation.actions.telling import (
    Climbed,
    Line,
    Owed,
    claim_alerts,
    claim_missed,
    note_missed,
    put_off,
    settle_tellings,
)
from shouwang.observation.actions.withdrawing import (
    withdraw_files,
)

__all__ = [
    "CheckCommand",
    "CheckReceipt",
    "Climbed",
    "DischargeCommand",
    "Line",
    "NewFile",
    "Opened",
    "Owed",
    "PackOf",
    "ResultCommand",
    "SampleCommand",
    "SheetLine",
    "TestReceipt",
    "accept_hand_over",
    "answer_alert",
    "ask_early_release",
    "ask_hand_over",
    "claim_alerts",
    "claim_missed",
    "climb_alerts",
    "correct_check",
    "correct_result",
    "countersign_check",
    "decide_early_release",
    "end_file",
    "extend_file",
    "follow_homes",
    "hand_over",
    "make_sheet",
    "move_files",
    "move_on",
    "note_missed",
    "note_printed",
    "note_reopened",
    "open_files",
    "put_off",
    "reanchor_file",
    "record_check",
    "record_checks",
    "record_discharge",
    "record_result",
    "record_results",
    "record_sample",
    "reject_hand_over",
    "release_file",
    "restart_file",
    "send_samples",
    "settle_tellings",
    "sign_day",
    "withdraw_files",
]
