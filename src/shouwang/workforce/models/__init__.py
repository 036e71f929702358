"""队伍: workers and assignments. Responsibility is one thing (ARCHITECTURE, idea 3)."""

from shouwang.workforce.models.teams import (
    Assignment,
    Worker,
)

__all__ = [
    "Assignment",
    "Worker",
]
