"""Keeping a staffing proposal as it was computed, and accepting it: all, or what somebody chose of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.packs.schema import RoleSet
from shouwang.workforce.actions.teams import REACHED
from shouwang.workforce.models import Assignment, StaffingProposal, StaffingSlot
from shouwang.workforce.queries.staffing import standing_slots
from shouwang.workforce.rules import Candidate, Proposal, Proposed

REBALANCED = "rebalanced"
MANY = 1_000
"""Lines from which the planner is told what came."""


@transaction.atomic
def keep_proposal(
    *,
    area: str,
    target_kind: str,
    role_set: RoleSet,
    revision_id: UUID,
    proposal: Proposal,
    candidates: Sequence[Candidate],
    areas: Mapping[str, str],
    moving: bool,
    basis: str,
    summary: Mapping[str, int | float | str | None],
    by: Actor,
    at: datetime,
) -> UUID:
    """Store a proposal as it was computed. `areas`: where each target is. Returns its id."""
    proposal_id = uuid7()
    StaffingProposal.objects.create(
        id=proposal_id,
        area=area,
        target_kind=target_kind,
        role_set=role_set.code,
        revision_id=revision_id,
        moving=moving,
        basis=basis,
        summary=dict(summary),
        at=at,
        by_name=by.name,
    )
    _write_slots(proposal_id, proposal, candidates, areas)
    append_event(
        verb="workforce.staffing.proposed",
        subject=("proposal", proposal_id),
        area=area,
        by=by,
        at=at,
        payload={"slots": len(proposal.slots), "vacant": len(proposal.vacant), "method": proposal.method},
    )
    return proposal_id


def _write_slots(
    proposal_id: UUID, proposal: Proposal, candidates: Sequence[Candidate], areas: Mapping[str, str]
) -> None:
    before = {(w.id, role): n for w in candidates for role, n in w.load.items()}
    change: Counter[tuple[UUID, str]] = Counter()
    for slot in proposal.slots:
        change[slot.worker, slot.role] += 1
        if slot.moved_from is not None:
            change[slot.moved_from, slot.role] -= 1

    def line(slot: Proposed) -> tuple[object, ...]:
        key = (slot.worker, slot.role)
        load = before.get(key, 0)
        return (
            *(slot.area, slot.target, slot.role, slot.worker, slot.moved_from, slot.metres),
            *(slot.metres_before, load, load + change[key]),
        )

    rows = [line(slot) for slot in proposal.slots]
    rows += [(areas[target], target, role, None, None, 0, None, 0, 0) for target, role in proposal.vacant]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(9)]
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into workforce_slot (proposal_id, area, target_id, role, worker_id, moved_from_id, metres,
                metres_before, load_before, load_after, state)
            select %s, s.*, 'proposed' from unnest(%s::text[], %s::text[], %s::text[], %s::uuid[], %s::uuid[],
                %s::int[], %s::int[], %s::int[], %s::int[]) as s""",
            [proposal_id, *columns],
        )
        if len(rows) > MANY:
            cursor.execute("analyze workforce_slot")  # or accepting them is planned for an empty table


@dataclass(frozen=True, slots=True)
class Accepted:
    """What came of accepting: slots filled, of them in somebody's place; lines whose ground had shifted."""

    filled: int
    moved: int
    stale: int
    targets: tuple[str, ...] = ()
    """Whose team changed."""


@transaction.atomic
def accept_slots(
    *,
    proposal_id: UUID,
    slots: Sequence[int] | None,
    role_set: RoleSet,
    open_targets: Sequence[str],
    by: Actor,
    at: datetime,
) -> Accepted:
    """Do these lines of a proposal, or all that are left. A line that no longer holds is marked and not done:

    the target needs no team any more (`open_targets` are those that do), somebody filled the role, whoever was to
    give way has gone, or the worker left, is away, or is full by now. Refuses `proposal-not-found`,
    `proposal-closed`, `proposal-nothing-chosen`.
    """
    rows = StaffingProposal.objects.unscoped(REACHED).select_for_update()
    proposal = rows.filter(id=proposal_id).first()
    if proposal is None:
        raise Refused("proposal-not-found")
    if proposal.closed_at is not None:
        raise Refused("proposal-closed")
    lines = StaffingSlot.objects.unscoped(REACHED).filter(
        proposal_id=proposal_id, state="proposed", worker__isnull=False
    )
    if slots is not None:
        lines = lines.filter(id__in=list(slots))
    chosen = list(lines.values_list("id", flat=True))
    if not chosen:
        raise Refused("proposal-nothing-chosen")
    stands = standing_slots(Scope.everything(), proposal_id, chosen, role_set, open_targets)
    moved, targets = _carry_out(proposal, stands, at)
    done = StaffingSlot.objects.unscoped(REACHED).filter(id__in=chosen)
    done.filter(id__in=stands).update(state="accepted")
    done.exclude(id__in=stands).update(state="stale")
    left = StaffingSlot.objects.unscoped(REACHED).filter(
        proposal_id=proposal_id, state="proposed", worker__isnull=False
    )
    if not left.exists():
        rows.filter(id=proposal_id).update(closed_at=at)
    append_event(
        verb="workforce.staffing.accepted",
        subject=("proposal", proposal_id),
        area=proposal.area,
        by=by,
        at=at,
        payload={"accepted": len(stands), "stale": len(chosen) - len(stands), "moved": moved},
    )
    return Accepted(len(stands), moved, len(chosen) - len(stands), targets)


@transaction.atomic
def drop_proposal(*, proposal_id: UUID, by: Actor, at: datetime) -> None:
    """Lay a proposal aside; what was accepted of it stays. Refuses `proposal-not-found`, `proposal-closed`."""
    rows = StaffingProposal.objects.unscoped(REACHED).select_for_update()
    proposal = rows.filter(id=proposal_id).first()
    if proposal is None:
        raise Refused("proposal-not-found")
    if proposal.closed_at is not None:
        raise Refused("proposal-closed")
    lines = StaffingSlot.objects.unscoped(REACHED).filter(proposal_id=proposal_id, state="proposed")
    dropped = lines.update(state="dropped")
    rows.filter(id=proposal_id).update(closed_at=at)
    append_event(
        verb="workforce.staffing.dropped",
        subject=("proposal", proposal_id),
        area=proposal.area,
        by=by,
        at=at,
        payload={"dropped": dropped},
    )


def _carry_out(proposal: StaffingProposal, slots: Sequence[int], at: datetime) -> tuple[int, tuple[str, ...]]:
    """End what gives way, begin what was proposed, each old row naming the new; in one statement."""
    ids = [uuid7() for _ in slots]
    with connection.cursor() as cursor:
        cursor.execute(
            """with made as (
                insert into workforce_assignment (id, area, worker_id, role_set, role, target_kind, target_id,
                    is_fixed, since, ended_reason)
                select g.new, s.area, s.worker_id, %s, s.role, %s, s.target_id, false, %s, ''
                from unnest(%s::bigint[], %s::uuid[]) as g (slot, new) join workforce_slot s on s.id = g.slot
                returning id, target_id, role, worker_id
            ),
            ended as (
                update workforce_assignment a set until = greatest(%s, a.since), ended_reason = %s,
                    handed_to_id = m.id
                from workforce_slot s join made m on m.target_id = s.target_id and m.role = s.role
                    and m.worker_id = s.worker_id
                where s.id = any(%s) and a.worker_id = s.moved_from_id and a.target_id = s.target_id
                    and a.role = s.role and a.role_set = %s and a.target_kind = %s and a.until is null
                returning a.id
            )
            select (select count(*) from ended), array(select distinct target_id from made)""",
            [
                *(proposal.role_set, proposal.target_kind, at, list(slots), ids),
                *(at, REBALANCED, list(slots), proposal.role_set, proposal.target_kind),
            ],
        )
        moved, targets = cursor.fetchone()
    return moved, tuple(targets)


@transaction.atomic
def fix_assignment(*, assignment_id: UUID, is_fixed: bool, by: Actor, at: datetime) -> None:
    """Fix a choice, so that no proposal moves it, or let it go. Refuses `assignment-not-found`."""
    rows = Assignment.objects.unscoped(REACHED).filter(id=assignment_id, until__isnull=True)
    row = rows.first()
    if row is None:
        raise Refused("assignment-not-found")
    rows.update(is_fixed=is_fixed)
    append_event(
        verb="workforce.assignment.fixed" if is_fixed else "workforce.assignment.freed",
        subject=("assignment", assignment_id),
        area=row.area,
        by=by,
        at=at,
    )
