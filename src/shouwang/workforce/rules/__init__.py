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
from shouwang.workforce.rules.climbing import (
    Telling,
    tell_first,
    tell_next,
)
from shouwang.workforce.rules.rosters import (
    Gap,
    Span,
    Stretch,
    fatigued,
    gaps,
    rota,
    shift_spans,
    spans_between,
    stretches,
)
from shouwang.workforce.rules.staffing import (
    STREET,
    VILLAGE,
    Candidate,
    Held,
    Point,
    Proposal,
    Proposed,
    Target,
    metres_between,
    vacant_roles,
)
from shouwang.workforce.rules.staffing_flow import (
    available as flow_available,
)
from shouwang.workforce.rules.staffing_proposal import (
    propose_teams,
)

__all__ = [
    "LEVEL_OF",
    "STREET",
    "VILLAGE",
    "Candidate",
    "Chain",
    "ChainRule",
    "Desk",
    "Gap",
    "Held",
    "Holder",
    "Level",
    "NamedPerson",
    "Point",
    "Proposal",
    "Proposed",
    "Span",
    "Spot",
    "Stretch",
    "Target",
    "Telling",
    "build_chain",
    "fatigued",
    "flow_available",
    "gaps",
    "metres_between",
    "own_roles",
    "propose_teams",
    "rota",
    "rule_at",
    "shift_spans",
    "spans_between",
    "stretches",
    "tell_first",
    "tell_next",
    "vacant_roles",
]
