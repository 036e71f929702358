"""Reads of screening."""

from shouwang.screening.queries.corrections import corrections_workbook
from shouwang.screening.queries.follow_up import (
    held_batch,
    people_of_batch,
    running_batches,
    unfollowed_batches,
)
from shouwang.screening.queries.imports import (
    BatchRow,
    FileRow,
    batch,
    batches,
    latest_import_of,
    rows,
    sources_of,
    understood,
)
from shouwang.screening.queries.trips import ExposureRow, TripRow, exposures_of, trips_of
from shouwang.screening.queries.verify import VerifyRow, verify_counts, verify_item, verify_items

__all__ = [
    "BatchRow",
    "ExposureRow",
    "FileRow",
    "TripRow",
    "VerifyRow",
    "batch",
    "batches",
    "corrections_workbook",
    "exposures_of",
    "held_batch",
    "latest_import_of",
    "people_of_batch",
    "rows",
    "running_batches",
    "sources_of",
    "trips_of",
    "understood",
    "unfollowed_batches",
    "verify_counts",
    "verify_item",
    "verify_items",
]
