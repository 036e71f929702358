"""Whether anything about who serves whom has changed."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from shouwang.kernel.scope import Scope
from shouwang.workforce.models import Assignment


def teams_changed(scope: Scope, area: str, *, since: datetime) -> bool:
    """Whether an assignment below `area` has begun or ended at or after `since`. One query."""
    rows = Assignment.objects.within(scope).filter(area__startswith=area)
    return rows.filter(Q(since__gte=since) | Q(until__gte=since)).exists()
