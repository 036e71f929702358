"""Enlisting, assigning, handing over. Nothing is overwritten: an assignment ends and another begins."""

from shouwang.workforce.actions.chain import Appointed, NewHead, appoint_heads
from shouwang.workforce.actions.teams import (
    REACHED,
    NewAssignment,
    NewWorker,
    assign_many,
    discharge_worker,
    end_assignment,
    enlist_workers,
    ensure_duty_desk,
    hand_over,
    hand_over_all,
    tie_user,
)

__all__ = [
    "REACHED",
    "Appointed",
    "NewAssignment",
    "NewHead",
    "NewWorker",
    "appoint_heads",
    "assign_many",
    "discharge_worker",
    "end_assignment",
    "enlist_workers",
    "ensure_duty_desk",
    "hand_over",
    "hand_over_all",
    "tie_user",
]
