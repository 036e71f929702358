"""排查 Finding people: imports, every row accounted for, journeys, exposures, the to-verify list; rounds."""

from shouwang.screening.models.imports import (
    UNTIL_CLOSED,
    Exposure,
    ImportBatch,
    ImportRow,
    OfficeMapping,
    Trip,
    VerifyItem,
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
    "DoorVisit",
    "Exposure",
    "ImportBatch",
    "ImportRow",
    "OfficeMapping",
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
