"""Pure decisions of screening: imports, the ladder from no answer to an answer."""

from shouwang.screening.rules.away import STATES as AWAY_STATES
from shouwang.screening.rules.away import (
    STILL_AWAY,
    AwayStanding,
    Said,
    away_standing,
    is_visited,
)
from shouwang.screening.rules.calls import NOWHERE, Told, read_answers, told_by, was_asked
from shouwang.screening.rules.imports import (
    MOST_ATTEMPTS,
    NEXT_STATES,
    Outcome,
    Receipt,
    TripKey,
    after_interruption,
    may_become,
    receipt_of,
    vehicle_in,
)
from shouwang.screening.rules.reaching import (
    CLOSED,
    FAILED,
    OUTCOMES,
    REACHED,
    Standing,
    Step,
    Tried,
    next_step,
    standing,
    steps_of,
)

__all__ = [
    "AWAY_STATES",
    "CLOSED",
    "FAILED",
    "MOST_ATTEMPTS",
    "NEXT_STATES",
    "NOWHERE",
    "OUTCOMES",
    "REACHED",
    "STILL_AWAY",
    "AwayStanding",
    "Outcome",
    "Receipt",
    "Said",
    "Standing",
    "Step",
    "Told",
    "Tried",
    "TripKey",
    "after_interruption",
    "away_standing",
    "is_visited",
    "may_become",
    "next_step",
    "read_answers",
    "receipt_of",
    "standing",
    "steps_of",
    "told_by",
    "vehicle_in",
    "was_asked",
]
