"""Who held which role of a target, and when: asked to verify who is said to have come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shouwang.kernel.scope import Scope
from shouwang.workforce.models import Assignment


@dataclass(frozen=True, slots=True)
class Held:
    """A role of a target that a worker held from `since` until `until` (None: still)."""

    role: str
    worker_id: UUID
    worker_name: str
    since: datetime
    until: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether it was held at an instant."""
        return self.since <= at and (self.until is None or at < self.until)


def held_roles(scope: Scope, target_kind: str, target_ids: Iterable[object]) -> dict[str, list[Held]]:
    """Target id → every assignment it ever had, ended ones too. One query."""
    rows = Assignment.objects.within(scope).filter(
        target_kind=target_kind, target_id__in=sorted({str(target) for target in target_ids})
    )
    found: dict[str, list[Held]] = {}
    columns = ("target_id", "role", "worker_id", "worker__name", "since", "until")
    for target, *rest in rows.order_by("target_id", "role", "since", "id").values_list(*columns):
        found.setdefault(target, []).append(Held(*rest))
    return found


def targets_with_team(scope: Scope, target_kind: str, *, area: str = "") -> list[str]:
    """Targets of a kind in sight that somebody is assigned to now (the sites, the posts), in order."""
    rows = Assignment.objects.within(scope).filter(
        target_kind=target_kind, area__startswith=area, until__isnull=True
    )
    return sorted(set(rows.values_list("target_id", flat=True)))
