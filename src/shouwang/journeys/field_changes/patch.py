"""Whose patch a telephone holds: the worker behind the log-in, their households, and what is asked of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from os.path import commonprefix
from uuid import UUID

from shouwang.accounts.rules import ROLES
from shouwang.kernel.actor import Actor
from shouwang.kernel.areas import VILLAGE_DIGITS
from shouwang.kernel.days import local_day
from shouwang.kernel.scope import Scope
from shouwang.observation.queries import Held, HeldFile, upcoming
from shouwang.packs.schema import FieldWork, Pack, Round
from shouwang.places.queries import zone_of
from shouwang.policy.queries import RevisionRow, pack_of, revision_in_force
from shouwang.workforce.queries import Charge, charges_of, worker_of_user

RECORD, SWEEP, REACH = "observation.record", "sweep.record", "reach.record"


@dataclass(frozen=True, slots=True)
class Patch:
    """The patch of one person at an instant."""

    actor: Actor
    scope: Scope
    at: datetime
    zone: str
    day: date
    area: str
    """The place whose pack holds: what everything held lies in, as far down as it is one place."""
    worker_id: UUID | None
    charges: tuple[Charge, ...]
    revision: RevisionRow | None
    pack: Pack | None
    held: Held

    @property
    def field(self) -> FieldWork:
        return _limits(self.pack)

    @property
    def round(self) -> Round:
        return self.pack.round if self.pack else Round()

    @property
    def files(self) -> tuple[HeldFile, ...]:
        return self.held.files

    @property
    def households(self) -> tuple[UUID, ...] | None:
        """The households this person answers for; None: everybody in sight (no worker, or one without any)."""
        return _households(self.charges)

    @property
    def answers(self) -> bool:
        """Whether the numbers of those held may be rung: they are this person's own, or of their own village."""
        return self.households is not None or len(self.area) >= VILLAGE_DIGITS


def patch_of(scope: Scope, actor: Actor, at: datetime) -> Patch:
    """The patch of the log-in `actor` is. Some eight queries, however large."""
    near = scope.only(RECORD)
    root = _root(scope)
    zone = zone_of(root) if root else "Asia/Shanghai"
    worker = worker_of_user(scope, actor.id)
    charges = tuple(charges_of(scope, worker.id)) if worker else ()
    revision = revision_in_force(scope, root, at)
    pack = pack_of(revision.id) if revision else None
    field = _limits(pack)
    held = upcoming(
        near,
        at,
        days=field.days,
        homes_most=field.households_most,
        households=_households(charges),
        owner=worker.id if worker else None,
    )
    return Patch(
        *(actor, scope, at, zone, local_day(at, zone), root, worker.id if worker else None, charges),
        *(revision, pack, held),
    )


def _root(scope: Scope) -> str:
    """The place a telephone belongs to: of several patches the one around all of them."""
    working = (
        tuple(dict.fromkeys(area for need in (RECORD, SWEEP, REACH) for area in scope.areas_for(need)))
        or scope.areas
    )
    return commonprefix(working) if working else ""  # noqa: RUF071 - of codes


def _households(charges: tuple[Charge, ...]) -> tuple[UUID, ...] | None:
    mine = {UUID(charge.target_id) for charge in charges if charge.target_kind == "household"}
    return tuple(sorted(mine)) or None


def _limits(pack: Pack | None) -> FieldWork:
    return pack.field if pack else FieldWork()


def role_titles(scope: Scope) -> list[str]:
    """The titles of the roles held, as the product's own texts."""
    return [ROLES[role].title for role in sorted(scope.roles) if role in ROLES]
