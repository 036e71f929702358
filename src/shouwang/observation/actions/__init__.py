"""Writes of the observation room; each is atomic and leaves exactly one event in the journal."""

from shouwang.observation.actions.alerting import answer_alert, climb_alerts
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
from shouwang.observation.actions.withdrawing import withdraw_files

__all__ = [
    "CheckCommand",
    "CheckReceipt",
    "NewFile",
    "Opened",
    "PackOf",
    "answer_alert",
    "ask_early_release",
    "climb_alerts",
    "correct_check",
    "countersign_check",
    "decide_early_release",
    "end_file",
    "extend_file",
    "hand_over",
    "move_files",
    "open_files",
    "reanchor_file",
    "record_check",
    "record_checks",
    "release_file",
    "restart_file",
    "sign_day",
    "withdraw_files",
]
