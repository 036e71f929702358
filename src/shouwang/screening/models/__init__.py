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
from shouwang.screening.models.reaching import Appointment, AppointmentEnd, Reach, ReachAttempt

__all__ = [
    "UNTIL_CLOSED",
    "Appointment",
    "AppointmentEnd",
    "Exposure",
    "ImportBatch",
    "ImportRow",
    "OfficeMapping",
    "Reach",
    "ReachAttempt",
    "Trip",
    "VerifyItem",
]
