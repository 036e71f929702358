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
from shouwang.screening.models.reaching import (
    Appointment,
    AppointmentEnd,
    Reach,
    ReachAttempt,
)
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
    "DoorVisit",
    "Exposure",
    "ImportBatch",
    "ImportRow",
    "OfficeMapping",
    "Reach",
    "ReachAttempt",
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
