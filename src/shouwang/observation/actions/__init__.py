"""Writes of the observation room; each is atomic and leaves exactly one event in the journal."""

from shouwang.observation.actions.alerting import answer_alert
from shouwang.observation.actions.anchoring import reanchor_file
from shouwang.observation.actions.commands import CheckCommand, CheckReceipt, PackOf
from shouwang.observation.actions.correcting import correct_check, countersign_check, sign_day
from shouwang.observation.actions.ending import (
    ask_early_release,
    decide_early_release,
    end_file,
    release_file,
)
from shouwang.observation.actions.moving import extend_file, hand_over, restart_file
from shouwang.observation.actions.opening import NewFile, Opened, open_files
from shouwang.observation.actions.recording import record_check, record_checks
from shouwang.observation.actions.relocating import move_files
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
from shouwang.observation.actions.withdrawing import withdraw_files

__all__ = [
    "CheckCommand",
    "CheckReceipt",
    "Climbed",
    "Line",
    "NewFile",
    "Opened",
    "Owed",
    "PackOf",
    "answer_alert",
    "ask_early_release",
    "claim_alerts",
    "claim_missed",
    "correct_check",
    "countersign_check",
    "decide_early_release",
    "end_file",
    "extend_file",
    "hand_over",
    "move_files",
    "note_missed",
    "open_files",
    "put_off",
    "reanchor_file",
    "record_check",
    "record_checks",
    "release_file",
    "restart_file",
    "settle_tellings",
    "sign_day",
    "withdraw_files",
]
