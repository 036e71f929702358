"""Pure decisions of screening: imports, doors, the ladder from no answer to an answer, calls, workers away."""

from shouwang.screening.rules.away import STATES as AWAY_STATES
from shouwang.screening.rules.away import STILL_AWAY
from shouwang.screening.rules.calls import NOWHERE, fact_id, read_answers, told_by, was_asked
from shouwang.screening.rules.calls import Told as ToldFact
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
    REACHED,
    Standing,
    Step,
    Tried,
    next_step,
    steps_of,
)
from shouwang.screening.rules.reaching import (
    OUTCOMES as REACH_OUTCOMES,
)
from shouwang.screening.rules.reaching import (
    standing as reach_standing,
)
from shouwang.screening.rules.sweeps import (
    DOOR_OUTCOMES,
    MISSED,
    MOST_PEOPLE,
    SETTLED,
    WITHDRAWN,
    Meeting,
    Told,
    band,
    days_left,
    is_missed,
    people_behind,
    share,
    wrong_with,
)

__all__ = [
    "AWAY_STATES",
    "CLOSED",
    "DOOR_OUTCOMES",
    "FAILED",
    "MISSED",
    "MOST_ATTEMPTS",
    "MOST_PEOPLE",
    "NEXT_STATES",
    "NOWHERE",
    "OUTCOMES",
    "REACHED",
    "REACH_OUTCOMES",
    "SETTLED",
    "STILL_AWAY",
    "WITHDRAWN",
    "Meeting",
    "Outcome",
    "Receipt",
    "Standing",
    "Step",
    "Told",
    "ToldFact",
    "Tried",
    "TripKey",
    "after_interruption",
    "band",
    "days_left",
    "fact_id",
    "is_missed",
    "may_become",
    "next_step",
    "people_behind",
    "reach_standing",
    "read_answers",
    "receipt_of",
    "share",
    "standing",
    "steps_of",
    "told_by",
    "vehicle_in",
    "was_asked",
    "wrong_with",
]
