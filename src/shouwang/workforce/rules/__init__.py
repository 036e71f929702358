"""五包一: vacancies, load against cap, and a plain assignment of teams to households (B2)."""

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
from shouwang.workforce.rules.staffing_flow import available as flow_available
from shouwang.workforce.rules.staffing_proposal import propose_teams

__all__ = [
    "STREET",
    "VILLAGE",
    "Candidate",
    "Gap",
    "Held",
    "Point",
    "Proposal",
    "Proposed",
    "Span",
    "Stretch",
    "Target",
    "fatigued",
    "flow_available",
    "gaps",
    "metres_between",
    "propose_teams",
    "rota",
    "shift_spans",
    "spans_between",
    "stretches",
    "vacant_roles",
]
