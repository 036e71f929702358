"""Writes of screening: imports, journeys, exposures, the to-verify list."""

from shouwang.screening.actions.commit import (
    cancel_import,
    commit_import,
    import_file,
)
from shouwang.screening.actions.follow_up import (
    mark_followed_up,
)
from shouwang.screening.actions.intake import (
    confirm_mapping,
    preview_import,
    read_file,
)
from shouwang.screening.actions.reaching import (
    Attempt,
    Noted,
    note_attempts,
    record_attempt,
)
from shouwang.screening.actions.resume import (
    settle_interrupted_import,
)
from shouwang.screening.actions.sweeps import (
    add_door,
    begin_sweep,
    close_sweep,
    note_sheet_printed,
)
from shouwang.screening.actions.sweeps_commands import (
    NewFound,
    NewVisit,
    VisitReceipt,
)
from shouwang.screening.actions.sweeps_recording import (
    correct_visit,
    rebuild_sweep,
    record_visits,
)
from shouwang.screening.actions.undo import (
    undo_import,
)
from shouwang.screening.actions.verify import (
    record_exposure,
    record_trip,
    resolve_verify_item,
)

__all__ = [
    "Attempt",
    "NewFound",
    "NewVisit",
    "Noted",
    "VisitReceipt",
    "add_door",
    "begin_sweep",
    "cancel_import",
    "close_sweep",
    "commit_import",
    "confirm_mapping",
    "correct_visit",
    "import_file",
    "mark_followed_up",
    "note_attempts",
    "note_sheet_printed",
    "preview_import",
    "read_file",
    "rebuild_sweep",
    "record_attempt",
    "record_exposure",
    "record_trip",
    "record_visits",
    "resolve_verify_item",
    "settle_interrupted_import",
    "undo_import",
]
