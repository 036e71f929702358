"""A team for every household under observation (B2): proposed, looked at, accepted; its files handed to it.

The proposal is frozen as it was computed. When it is accepted the world may have changed: lines that no longer
hold are said and left, the others are done.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import mean
from uuid import UUID

from django.db import transaction

from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import hand_over
from shouwang.observation.queries.households import open_files_by_household, open_households
from shouwang.packs.schema import Pack, RoleSet
from shouwang.people.queries import household_positions
from shouwang.places.queries import positions_of
from shouwang.policy.queries import RevisionRow, pack_in_force, pack_of
from shouwang.workforce.actions import Accepted, accept_slots, keep_proposal
from shouwang.workforce.queries import (
    Place,
    ProposalRow,
    owners_for,
    proposal_slots,
    slots_left,
    staffing_basis,
    staffing_candidates,
    staffing_proposal,
    staffing_targets,
    standing_slots,
)
from shouwang.workforce.rules import Candidate, Proposal, Target, propose_teams

HAND_OVER_REASON = "team-assigned"


@dataclass(frozen=True, slots=True)
class Staffed:
    """How many slots were filled, which stay vacant, how many files changed hands."""

    filled: int
    vacant: tuple[tuple[str, str], ...]
    files_handed_over: int
    moved: int = 0
    stale: int = 0


@dataclass(frozen=True, slots=True)
class World:
    """What a proposal is computed from."""

    revision: RevisionRow
    role_set: RoleSet
    targets: list[Target]
    candidates: list[Candidate]

    @property
    def basis(self) -> str:
        return staffing_basis(self.targets, self.candidates)


def staffing_world(scope: Scope, area: str, at: datetime) -> World:
    """Every household with an open file, who serves it, and whoever could. Refuses `no-pack-in-force`."""
    revision, pack = pack_in_force(scope, area, at)
    role_set = household_role_set(pack)
    households = open_households(scope, area=area)
    known = household_positions(scope, list(households))
    wheres = positions_of({*households.values(), area})
    places = {
        str(home): Place(where, known.get(home) or wheres.get(where)) for home, where in households.items()
    }
    codes = [role.code for role in role_set.roles]
    return World(
        revision,
        role_set,
        staffing_targets(scope, "household", role_set.code, places),
        staffing_candidates(scope, roles=codes, area=area, positions=wheres),
    )


@transaction.atomic
def propose_staffing(*, area: str, moving: bool = False, scope: Scope, by: Actor, at: datetime) -> UUID:
    """Compute a team for every household with an open file and keep it for somebody to look at; returns its id.

    Roles that are filled stay as they are; with `moving` those that nobody fixed may change hands where it pays.
    Refuses `no-pack-in-force`, `role-set-missing`, `not-permitted`.
    """
    if not scope.allows("team.assign", area):
        raise Refused("not-permitted", permission="team.assign")
    world = staffing_world(scope, area, at)
    began = time.perf_counter()
    proposal = propose_teams(world.role_set, world.targets, world.candidates, moving=moving)
    took = round((time.perf_counter() - began) * 1000)
    return keep_proposal(
        area=area,
        target_kind="household",
        role_set=world.role_set,
        revision_id=world.revision.id,
        proposal=proposal,
        candidates=world.candidates,
        areas={target.id: target.area for target in world.targets},
        moving=moving,
        basis=world.basis,
        summary=_summary(proposal, world, took),
        by=by,
        at=at,
    )


def _summary(proposal: Proposal, world: World, took: int) -> dict[str, int | float | str | None]:
    moved = [slot for slot in proposal.slots if slot.moved_from is not None]
    return {
        "method": proposal.method,
        "targets": len(world.targets),
        "with_coordinates": sum(target.position is not None for target in world.targets),
        "workers": len(world.candidates),
        "new": len(proposal.slots) - len(moved),
        "moved": len(moved),
        "vacant": len(proposal.vacant),
        "kept": sum(len(target.held) for target in world.targets) - len(moved),
        "cost": proposal.cost,
        "plain_cost": proposal.greedy_cost,
        "gap": proposal.gap,
        "metres": round(mean([slot.metres for slot in proposal.slots])) if proposal.slots else 0,
        "moved_before": round(mean([s.metres_before or 0 for s in moved])) if moved else 0,
        "moved_after": round(mean([slot.metres for slot in moved])) if moved else 0,
        "milliseconds": took,
    }


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the world is still the one a proposal was computed from; if not, how many lines no longer hold."""

    changed: bool
    stale: int
    left: int


def proposal_standing(scope: Scope, proposal: ProposalRow, at: datetime) -> Standing:
    """Look again at what a proposal rests on. Lines already accepted or dropped are not asked about."""
    left = slots_left(scope, proposal.id)
    if not left:
        return Standing(False, 0, 0)
    world = staffing_world(scope, proposal.area, at)
    if world.basis == proposal.basis:
        return Standing(False, 0, len(left))
    role_set = pack_of(proposal.revision_id).role_set(proposal.role_set)
    stands = standing_slots(scope, proposal.id, left, role_set, [target.id for target in world.targets])
    return Standing(True, len(left) - len(stands), len(left))


@transaction.atomic
def accept_staffing(
    *, proposal_id: UUID, slots: Sequence[int] | None = None, scope: Scope, by: Actor, at: datetime
) -> Staffed:
    """Accept these lines of a proposal, or all, and hand the files of the households to their cadres.

    Refuses `proposal-not-found` (also out of scope), `not-permitted`, and what `accept_slots` refuses.
    """
    proposal = staffing_proposal(scope, proposal_id)
    if not scope.allows("team.assign", proposal.area):
        raise Refused("not-permitted", permission="team.assign")
    role_set = pack_of(proposal.revision_id).role_set(proposal.role_set)
    households = [str(home) for home in open_households(scope, area=proposal.area)]
    done: Accepted = accept_slots(
        proposal_id=proposal_id, slots=slots, role_set=role_set, open_targets=households, by=by, at=at
    )
    vacant = proposal_slots(scope, proposal_id, show="vacant", limit=100_000)
    files = _hand_files_over(scope, proposal.area, by, at) if done.filled else 0
    return Staffed(done.filled, tuple((v.target_id, v.role) for v in vacant), files, done.moved, done.stale)


@transaction.atomic
def staff_households(*, area: str, scope: Scope, by: Actor, at: datetime) -> Staffed:
    """Staff every household of the area in one action, unseen: proposed and accepted at once.

    Roles that are filled stay as they are. Refuses `no-pack-in-force`, `role-set-missing`, `not-permitted`.
    """
    proposal_id = propose_staffing(area=area, scope=scope, by=by, at=at)
    try:
        return accept_staffing(proposal_id=proposal_id, scope=scope, by=by, at=at)
    except Refused as refused:
        if refused.code != "proposal-nothing-chosen":
            raise
    vacant = proposal_slots(scope, proposal_id, show="vacant", limit=100_000)
    return Staffed(0, tuple((v.target_id, v.role) for v in vacant), _hand_files_over(scope, area, by, at))


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
