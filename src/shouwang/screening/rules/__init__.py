"""Pure decisions of screening: imports, the ladder from no answer to an answer."""

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
    "CLOSED",
    "FAILED",
    "MOST_ATTEMPTS",
    "NEXT_STATES",
    "OUTCOMES",
    "REACHED",
    "Outcome",
    "Receipt",
    "Standing",
    "Step",
    "Tried",
    "TripKey",
    "after_interruption",
    "may_become",
    "next_step",
    "receipt_of",
    "standing",
    "steps_of",
    "vehicle_in",
]
