"""排查 Finding people: imports with every row accounted for, journeys, exposures, and the to-verify list."""

from shouwang.screening.models.imports import (
    UNTIL_CLOSED,
    Exposure,
    ImportBatch,
    ImportRow,
    OfficeMapping,
    Trip,
    VerifyItem,
)

__all__ = [
    "UNTIL_CLOSED",
    "Exposure",
    "ImportBatch",
    "ImportRow",
    "OfficeMapping",
    "Trip",
    "VerifyItem",
]
