"""Writes of screening: imports, journeys, exposures, the to-verify list."""

from shouwang.screening.actions.arrivals import NewArrival, NewPost, mark_met, open_posts, register_arrivals
from shouwang.screening.actions.away import (
    AwayAnswer,
    VisitPlan,
    list_away,
    list_away_from_register,
    open_visits,
    record_away,
)
from shouwang.screening.actions.calls import leave_call, list_calls, take_call, take_next_call
from shouwang.screening.actions.calls_statements import Stated, StatementCommand, record_statement
from shouwang.screening.actions.commit import cancel_import, commit_import, import_file
from shouwang.screening.actions.dividing import follow_homes
from shouwang.screening.actions.follow_up import mark_followed_up
from shouwang.screening.actions.intake import confirm_mapping, preview_import, read_file
from shouwang.screening.actions.reaching import Attempt, Noted, note_attempts, record_attempt
from shouwang.screening.actions.reaching_appointments import NewAppointment, end_appointment, make_appointment
from shouwang.screening.actions.reaching_open import NewReach, open_reaches
from shouwang.screening.actions.resume import settle_interrupted_import
from shouwang.screening.actions.sweeps import add_door, begin_sweep, close_sweep, note_sheet_printed
from shouwang.screening.actions.sweeps_commands import NewFound, NewVisit, VisitReceipt
from shouwang.screening.actions.sweeps_recording import correct_visit, rebuild_sweep, record_visits
from shouwang.screening.actions.undo import undo_import
from shouwang.screening.actions.verify import put_to_verify, record_exposure, record_trip, resolve_verify_item

__all__ = [
    "Attempt",
    "AwayAnswer",
    "NewAppointment",
    "NewArrival",
    "NewFound",
    "NewPost",
    "NewReach",
    "NewVisit",
    "Noted",
    "Stated",
    "StatementCommand",
    "VisitPlan",
    "VisitReceipt",
    "add_door",
    "begin_sweep",
    "cancel_import",
    "close_sweep",
    "commit_import",
    "confirm_mapping",
    "correct_visit",
    "end_appointment",
    "follow_homes",
    "import_file",
    "leave_call",
    "list_away",
    "list_away_from_register",
    "list_calls",
    "make_appointment",
    "mark_followed_up",
    "mark_met",
    "note_attempts",
    "note_sheet_printed",
    "open_posts",
    "open_reaches",
    "open_visits",
    "preview_import",
    "put_to_verify",
    "read_file",
    "rebuild_sweep",
    "record_attempt",
    "record_away",
    "record_exposure",
    "record_statement",
    "record_trip",
    "record_visits",
    "register_arrivals",
    "resolve_verify_item",
    "settle_interrupted_import",
    "take_call",
    "take_next_call",
    "undo_import",
]
