"""排查 Finding people: imports with every row accounted for, journeys, exposures, and the to-verify list."""

from shouwang.screening.models.arrivals import Arrival, ArrivalMeeting, Post
from shouwang.screening.models.away import AwayOutcome, AwayWorker
from shouwang.screening.models.calls import Statement
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
    "Arrival",
    "ArrivalMeeting",
    "AwayOutcome",
    "AwayWorker",
    "Exposure",
    "ImportBatch",
    "ImportRow",
    "OfficeMapping",
    "Post",
    "Reach",
    "ReachAttempt",
    "Statement",
    "Trip",
    "VerifyItem",
]
