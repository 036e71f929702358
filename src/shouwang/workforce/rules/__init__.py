"""五包一: vacancies, load against cap, a plain assignment of teams to households (B2); walking order (C5)."""

from shouwang.workforce.rules.teams import (
    STREET,
    VILLAGE,
    Candidate,
    Proposal,
    Proposed,
    Target,
    propose_teams,
    vacant_roles,
)
from shouwang.workforce.rules.walking import (
    Leg,
    Pace,
    Point,
    Stop,
    Walk,
    has_exact,
    natural_key,
    plan_walk,
)

__all__ = [
    "STREET",
    "VILLAGE",
    "Candidate",
    "Leg",
    "Pace",
    "Point",
    "Proposal",
    "Proposed",
    "Stop",
    "Target",
    "Walk",
    "has_exact",
    "natural_key",
    "plan_walk",
    "propose_teams",
    "vacant_roles",
]
