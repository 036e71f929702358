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
    Candidate,
    Held,
    Point,
    Proposal,
    Proposed,
    Target,
    metres_between,
)
from shouwang.workforce.rules.staffing_flow import (
    available as flow_available,
)
from shouwang.workforce.rules.staffing_proposal import (
    propose_teams,
)
from shouwang.workforce.rules.walking import (
    Leg,
    Pace,
    Stop,
    Walk,
    has_exact,
    natural_key,
    plan_walk,
    swift_walk,
)

__all__ = [
    "LEVEL_OF",
    "Candidate",
    "Chain",
    "ChainRule",
    "Desk",
    "Gap",
    "Held",
    "Holder",
    "Leg",
    "Level",
    "NamedPerson",
    "Pace",
    "Point",
    "Proposal",
    "Proposed",
    "Span",
    "Spot",
    "Stop",
    "Stretch",
    "Target",
    "Telling",
    "Walk",
    "build_chain",
    "fatigued",
    "flow_available",
    "gaps",
    "has_exact",
    "metres_between",
    "natural_key",
    "own_roles",
    "plan_walk",
    "propose_teams",
    "rota",
    "rule_at",
    "shift_spans",
    "spans_between",
    "stretches",
    "swift_walk",
    "tell_first",
    "tell_next",
]
