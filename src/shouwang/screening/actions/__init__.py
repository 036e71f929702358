"""Writes of screening: imports, journeys, exposures, the to-verify list."""

from shouwang.screening.actions.commit import cancel_import, commit_import, import_file
from shouwang.screening.actions.follow_up import mark_followed_up
from shouwang.screening.actions.intake import confirm_mapping, preview_import, read_file
from shouwang.screening.actions.reaching import Attempt, Noted, note_attempts, record_attempt
from shouwang.screening.actions.resume import settle_interrupted_import
from shouwang.screening.actions.undo import undo_import
from shouwang.screening.actions.verify import record_exposure, record_trip, resolve_verify_item

__all__ = [
    "Attempt",
    "Noted",
    "cancel_import",
    "commit_import",
    "confirm_mapping",
    "import_file",
    "mark_followed_up",
    "note_attempts",
    "preview_import",
    "read_file",
    "record_attempt",
    "record_exposure",
    "record_trip",
    "resolve_verify_item",
    "settle_interrupted_import",
    "undo_import",
]
