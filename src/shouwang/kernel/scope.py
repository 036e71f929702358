"""One scope: what a person may see and do, where (ARCHITECTURE, idea 4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grant:
    """A role's permissions over one place subtree, named by the path of its root ("" is everywhere)."""

    role: str
    area: str
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scope:
    """The sum of a person's grants, built once a request. Empty grants see nothing."""

    actor_id: str
    grants: tuple[Grant, ...]

    @classmethod
    def everything(cls, actor_id: str = "system") -> Scope:
        """For set-up, jobs and `verify`; never for a person's request."""
        return cls(actor_id, (Grant("system", "", frozenset({"*"})),))

    @property
    def areas(self) -> tuple[str, ...]:
        """Paths of the subtrees in sight, without those already inside another."""
        return _outermost(grant.area for grant in self.grants)

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    def areas_for(self, permission: str) -> tuple[str, ...]:
        """Paths of the subtrees where `permission` is held."""
        return _outermost(g.area for g in self.grants if _gives(g, permission))

    def holds(self, permission: str) -> bool:
        """Whether `permission` is held anywhere."""
        return any(_gives(grant, permission) for grant in self.grants)

    def allows(self, permission: str, area: str) -> bool:
        """Whether `permission` is held at the place whose path is `area`."""
        return any(_gives(g, permission) and area.startswith(g.area) for g in self.grants)

    def sees(self, area: str) -> bool:
        """Whether the place whose path is `area` exists for this person."""
        return any(area.startswith(prefix) for prefix in self.areas)

    def only(self, permission: str) -> Scope:
        """The part of it whose grants give `permission`."""
        return Scope(self.actor_id, tuple(grant for grant in self.grants if _gives(grant, permission)))

    def narrowed(self, area: str) -> Scope:
        """The same rights, within `area` only. Where `area` is wider than a grant the grant stays."""
        kept = []
        for grant in self.grants:
            if grant.area.startswith(area):
                kept.append(grant)
            elif area.startswith(grant.area):
                kept.append(Grant(grant.role, area, grant.permissions))
        return Scope(self.actor_id, tuple(kept))


def _gives(grant: Grant, permission: str) -> bool:
    return permission in grant.permissions or "*" in grant.permissions


def _outermost(areas: Iterable[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for area in sorted(set(areas)):
        if not any(area.startswith(prefix) for prefix in kept):
            kept.append(area)
    return tuple(kept)
