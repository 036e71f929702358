"""五包一: vacancies, load against cap, and a plain assignment of teams to households (B2)."""

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

__all__ = [
    "STREET",
    "VILLAGE",
    "Candidate",
    "Proposal",
    "Proposed",
    "Target",
    "propose_teams",
    "vacant_roles",
]
