"""A team for every household under observation (B2, the plain assignment), and its files handed to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import hand_over
from shouwang.observation.queries.households import open_files_by_household, open_households
from shouwang.packs.schema import Pack, RoleSet
from shouwang.policy.queries import pack_in_force
from shouwang.workforce.actions import NewAssignment, assign_many
from shouwang.workforce.queries import candidates, owners_for, teams_of
from shouwang.workforce.rules import Proposal, Target, propose_teams

HAND_OVER_REASON = "team-assigned"


@dataclass(frozen=True, slots=True)
class Staffed:
    """How many slots were filled, which stay vacant, how many files changed hands."""

    filled: int
    vacant: tuple[tuple[str, str], ...]
    files_handed_over: int


def propose_staffing(scope: Scope, area: str, at: datetime) -> tuple[RoleSet, Proposal]:
    """What the plain assignment would do for every household with an open file; changes nothing."""
    _, pack = pack_in_force(scope, area, at)
    role_set = household_role_set(pack)
    households = open_households(scope, area=area)
    teams = teams_of(scope, "household", households)
    targets = [
        Target(str(household), where, frozenset(m.role for m in teams.get(str(household), ())))
        for household, where in households.items()
    ]
    return role_set, propose_teams(role_set, targets, candidates(scope, area=area))


@transaction.atomic
def staff_households(*, area: str, scope: Scope, by: Actor, at: datetime) -> Staffed:
    """Staff every household of the area in one action and hand its files to its cadre.

    Roles that are filled stay as they are. Refuses `no-pack-in-force`, `role-set-missing`, `not-permitted`.
    """
    if not scope.allows("team.assign", area):
        raise Refused("not-permitted", permission="team.assign")
    role_set, proposal = propose_staffing(scope, area, at)
    made = assign_many(
        assignments=[
            NewAssignment(slot.area, slot.worker, role_set.code, slot.role, "household", slot.target)
            for slot in proposal.slots
        ],
        area=area,
        by=by,
        at=at,
    )
    return Staffed(made, proposal.vacant, _hand_files_over(scope, area, by, at))


def household_role_set(pack: Pack) -> RoleSet:
    """The role set that the pack puts on households. Refuses `role-set-missing`."""
    for role_set in pack.role_sets:
        if role_set.target == "household":
            return role_set
    raise Refused("role-set-missing", pack=pack.id)


def _hand_files_over(scope: Scope, area: str, by: Actor, at: datetime) -> int:
    files = open_files_by_household(scope, area=area)
    owners = owners_for(scope, list(files), area=area)
    by_owner: dict[UUID, list[UUID]] = {}
    for household, file_ids in files.items():
        by_owner.setdefault(owners[household], []).extend(file_ids)
    return sum(_pass(ids, owner, scope, by, at) for owner, ids in sorted(by_owner.items()))


def _pass(files: Sequence[UUID], owner: UUID, scope: Scope, by: Actor, at: datetime) -> int:
    return hand_over(file_ids=files, to_owner=owner, reason=HAND_OVER_REASON, scope=scope, by=by, at=at)
