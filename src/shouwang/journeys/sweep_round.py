"""Opening a round under the pack's role set for doors, and giving doors to somebody (分片包干).

Crosses screening, workforce and policy: responsibility for doors is an assignment like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.packs.schema import Pack, RoleSet
from shouwang.places.queries import place_by_path
from shouwang.policy.queries import pack_if_any
from shouwang.screening.actions import NewVisit, VisitReceipt, begin_sweep, correct_visit, record_visits
from shouwang.screening.queries import VisitRow, sweep
from shouwang.workforce.actions import NewAssignment, assign_many, hand_over
from shouwang.workforce.queries import team_of, workers_by_ids

TARGET, DOOR_DUTY = "place", "door-duty"
ASSIGN = "team.assign"


@transaction.atomic
def open_round(
    *,
    area: str,
    due_on: date,
    scope: Scope,
    by: Actor,
    at: datetime,
    name: str = "",
    only_left: bool = False,
) -> UUID:
    """Open a round over a place; who owns which doors is read from the pack's role set for grids.

    Refuses what `begin_sweep` refuses. A place without a pack, or a pack without such a role set, gets a
    round whose doors nobody owns; the page says so.
    """
    role_set = _role_set(area, at)
    return begin_sweep(
        area=area,
        due_on=due_on,
        name=name,
        role_set=role_set.code if role_set else "",
        only_left=only_left,
        scope=scope,
        by=by,
        at=at,
    )


def record_doors(
    *, sweep_id: UUID, visits: Sequence[NewVisit], scope: Scope, by: Actor, at: datetime
) -> list[VisitReceipt]:
    """Record visits, and let doors that told us nothing go up the ladder of the pack in force.

    Refuses what `record_visits` refuses; each visit has its own receipt.
    """
    return record_visits(
        sweep_id=sweep_id, visits=visits, scope=scope, pack=_pack_over(sweep_id, at), by=by, at=at
    )


def correct_door(
    *, visit: VisitRow, sweep_id: UUID, item: NewVisit, reason: str, scope: Scope, by: Actor, at: datetime
) -> VisitReceipt:
    """Put another telling in the place of a visit; the ladder follows. Refuses what `correct_visit` refuses."""
    return correct_visit(
        visit_id=visit.id,
        item=item,
        reason=reason,
        scope=scope,
        pack=_pack_over(sweep_id, at),
        by=by,
        at=at,
    )


@transaction.atomic
def give_doors(
    *, sweep_id: UUID, area: str, worker_id: UUID, reason: str, scope: Scope, by: Actor, at: datetime
) -> None:
    """Make somebody the owner of the doors of a grid or village. An owner before hands over, with a reason.

    Refuses `sweep-not-found`, `not-permitted`, `place-unknown`, `worker-not-found`, `role-set-missing`,
    `reason-missing` where somebody owned them.
    """
    row = sweep(scope, sweep_id)
    if not scope.allows(ASSIGN, area):
        raise Refused("not-permitted", permission=ASSIGN)
    if not area.startswith(row.area) or place_by_path(Scope.everything(), area) is None:
        raise Refused("place-unknown", place=area)
    if not workers_by_ids(scope, [worker_id]):
        raise Refused("worker-not-found")
    role_set = _role_set(area, at)
    if role_set is None or not row.role_set:
        raise Refused("role-set-missing", pack="")
    role = role_set.roles[0].code
    held = [m for m in team_of(scope, TARGET, area) if m.role_set == row.role_set and m.role == role]
    if any(member.worker.id == worker_id for member in held):
        return
    if held:
        hand_over(assignment_id=held[0].assignment_id, to_worker=worker_id, reason=reason, by=by, at=at)
        return
    slot = NewAssignment(area, worker_id, row.role_set, role, TARGET, area)
    assign_many(assignments=[slot], area=area, by=by, at=at)


def door_role_set(pack: Pack) -> RoleSet | None:
    """The pack's role set `door-duty` (分片包干), else the first one for grids, else for villages, else None."""
    wanted = [one for one in pack.role_sets if one.code == DOOR_DUTY]
    for target in ("grid", "village"):
        wanted += [one for one in pack.role_sets if one.target == target]
    return wanted[0] if wanted else None


def _role_set(area: str, at: datetime) -> RoleSet | None:
    pack = pack_if_any(Scope.everything(), area, at)
    return door_role_set(pack) if pack else None


def _pack_over(sweep_id: UUID, at: datetime) -> Pack | None:
    return pack_if_any(Scope.everything(), sweep(Scope.everything(), sweep_id).area, at)
