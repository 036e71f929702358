"""Enlisting, assigning, handing over. Nothing is overwritten: an assignment ends and another begins."""

from shouwang.workforce.actions.chain import (
    Appointed,
    NewHead,
    appoint_heads,
)
from shouwang.workforce.actions.dividing import follow_homes
from shouwang.workforce.actions.rolesets import (
    StoodIn,
    begin_absence,
    end_absence,
    pair_unit,
    put_team_on,
    take_team_off,
)
from shouwang.workforce.actions.rosters import (
    NewShift,
    begin_shift,
    cancel_shift,
    close_roster,
    give_shifts,
    hand_shift_over,
    note_on_shift,
    open_roster,
)
from shouwang.workforce.actions.staffing import (
    Accepted,
    accept_slots,
    drop_proposal,
    fix_assignment,
    keep_proposal,
)
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
    "Accepted",
    "Appointed",
    "NewAssignment",
    "NewHead",
    "NewShift",
    "NewWorker",
    "StoodIn",
    "accept_slots",
    "appoint_heads",
    "assign_many",
    "begin_absence",
    "begin_shift",
    "cancel_shift",
    "close_roster",
    "discharge_worker",
    "drop_proposal",
    "end_absence",
    "end_assignment",
    "enlist_workers",
    "ensure_duty_desk",
    "fix_assignment",
    "follow_homes",
    "give_shifts",
    "hand_over",
    "hand_over_all",
    "hand_shift_over",
    "keep_proposal",
    "note_on_shift",
    "open_roster",
    "pair_unit",
    "put_team_on",
    "take_team_off",
    "tie_user",
]
