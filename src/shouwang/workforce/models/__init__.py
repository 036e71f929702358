"""队伍: workers and assignments. Responsibility is one thing (ARCHITECTURE, idea 3)."""

from shouwang.workforce.models.rolesets import (
    Absence,
    TeamTarget,
)
from shouwang.workforce.models.rosters import (
    Roster,
    Shift,
    ShiftNote,
)
from shouwang.workforce.models.staffing import (
    StaffingProposal,
    StaffingSlot,
)
from shouwang.workforce.models.teams import (
    Assignment,
    Worker,
)

__all__ = [
    "Absence",
    "Assignment",
    "Roster",
    "Shift",
    "ShiftNote",
    "StaffingProposal",
    "StaffingSlot",
    "TeamTarget",
    "Worker",
]
