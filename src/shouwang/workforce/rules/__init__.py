"""五包一: vacancies, load against cap, and a plain assignment of teams to households (B2)."""

from shouwang.workforce.rules.chain import (
    LEVEL_OF,
    Chain,
    ChainRule,
    Desk,
    Holder,
    Level,
    NamedPerson,
    Spot,
    build_chain,
    own_roles,
    rule_at,
)
from shouwang.workforce.rules.climbing import Telling, tell_first, tell_next
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
    "LEVEL_OF",
    "STREET",
    "VILLAGE",
    "Candidate",
    "Chain",
    "ChainRule",
    "Desk",
    "Holder",
    "Level",
    "NamedPerson",
    "Proposal",
    "Proposed",
    "Spot",
    "Target",
    "Telling",
    "build_chain",
    "own_roles",
    "propose_teams",
    "rule_at",
    "tell_first",
    "tell_next",
    "vacant_roles",
]
