"""医学观察: files, daily checks, alerts, signatures. What pages need fast stands on the file."""

from shouwang.observation.models.alerts import Alert
from shouwang.observation.models.checks import CheckConflict, Countersign, DailyCheck, DaySignature
from shouwang.observation.models.files import (
    OPEN,
    UNTIL_CLOSED,
    FileEvent,
    HandOver,
    ObservationFile,
    Timetable,
)
from shouwang.observation.models.sheets import (
    RoundSheet,
)
from shouwang.observation.models.telling import (
    MissedCheck,
    Telling,
)
from shouwang.observation.models.tests import (
    Discharge,
    HandOverRequest,
    TestDuty,
    TestFact,
)

__all__ = [
    "OPEN",
    "UNTIL_CLOSED",
    "Alert",
    "CheckConflict",
    "Countersign",
    "DailyCheck",
    "DaySignature",
    "Discharge",
    "FileEvent",
    "HandOver",
    "HandOverRequest",
    "MissedCheck",
    "ObservationFile",
    "RoundSheet",
    "Telling",
    "TestDuty",
    "TestFact",
    "Timetable",
]
