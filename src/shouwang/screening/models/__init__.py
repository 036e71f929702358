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
from shouwang.screening.models.sweeps import (
    DoorVisit,
    Sweep,
    SweepDay,
    SweepDoor,
    SweepFound,
    SweepLeaf,
    SweepPerson,
    VisitConflict,
)

__all__ = [
    "UNTIL_CLOSED",
    "Appointment",
    "AppointmentEnd",
    "Arrival",
    "ArrivalMeeting",
    "AwayOutcome",
    "AwayWorker",
    "DoorVisit",
    "Exposure",
    "ImportBatch",
    "ImportRow",
    "OfficeMapping",
    "Post",
    "Reach",
    "ReachAttempt",
    "Statement",
    "Sweep",
    "SweepDay",
    "SweepDoor",
    "SweepFound",
    "SweepLeaf",
    "SweepPerson",
    "Trip",
    "VerifyItem",
    "VisitConflict",
]
