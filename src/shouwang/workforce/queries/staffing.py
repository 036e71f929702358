"""What a staffing proposal is computed from, and reading one again as it was frozen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q, Sum

from shouwang.journal.scoped import ScopedQuerySet
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.packs.schema import RoleSet
from shouwang.workforce.models import Absence, Assignment, StaffingProposal, StaffingSlot, Worker
from shouwang.workforce.rules import Candidate, Held, Point, Target


@dataclass(frozen=True, slots=True)
class Place:
    """Where a target is: its area and, where known, its coordinates."""

    area: str
    position: Point | None = None


def staffing_targets(
    scope: Scope, target_kind: str, role_set: str, places: Mapping[str, Place]
) -> list[Target]:
    """These targets with whoever serves them now in one role set. One query."""
    rows = Assignment.objects.within(scope).filter(
        target_kind=target_kind, role_set=role_set, target_id__in=list(places), until__isnull=True
    )
    held: dict[str, list[Held]] = {}
    for target, role, worker, fixed, absence in rows.order_by("target_id", "role", "since", "id").values_list(
        "target_id", "role", "worker_id", "is_fixed", "absence_id"
    ):
        held.setdefault(target, []).append(Held(role, worker, fixed or absence is not None))
    return [
        Target(target, place.area, tuple(held.get(target, ())), place.position)
        for target, place in places.items()
    ]


def staffing_candidates(
    scope: Scope, *, roles: Sequence[str], area: str = "", positions: Mapping[str, Point] | None = None
) -> list[Candidate]:
    """Whoever serves in or around `area` in one of the roles and is not away, with what they carry everywhere.

    `positions`: coordinates of places, for workers who have none of their own.
    """
    around = [area[:end] for end in range(2, len(area))]
    away = Absence.objects.unscoped("of workers in sight").filter(until__isnull=True).values("worker_id")
    serving = (
        Worker.objects.within(scope)
        .filter(Q(area__startswith=area) | Q(area__in=around), until__isnull=True)
        .filter(kinds__has_any_keys=list(roles))
        .exclude(id__in=away)
    )
    people = list(serving.order_by("area", "id").values_list("id", "area", "kinds", "latitude", "longitude"))
    carried: dict[UUID, dict[str, int]] = {}
    counted = (
        Assignment.objects.unscoped("a cap counts what somebody carries anywhere")
        .filter(worker_id__in=[row[0] for row in people], until__isnull=True)
        .values_list("worker_id", "role")
        .annotate(targets=Count("target_id", distinct=True))
    )
    for worker, role, targets in counted:
        carried.setdefault(worker, {})[role] = targets
    known = positions or {}
    return [
        Candidate(
            *(worker, where, tuple(kinds), carried.get(worker, {})),
            (lat, lon) if lat is not None and lon is not None else known.get(where),
        )
        for worker, where, kinds, lat, lon in people
    ]


def staffing_basis(targets: Sequence[Target], candidates: Sequence[Candidate]) -> str:
    """A digest of what a proposal was computed from: another digest means that the world has changed.

    Unscoped: what it is given was read in scope.
    """
    digest = hashlib.sha256()
    for target in sorted(targets, key=lambda t: t.id):
        digest.update(repr((target.id, target.area, target.held)).encode())
    for worker in sorted(candidates, key=lambda c: c.id):
        digest.update(repr((worker.id, worker.area, worker.kinds, sorted(worker.load.items()))).encode())
    return digest.hexdigest()


def assignment_target(scope: Scope, assignment_id: UUID) -> tuple[str, str, str]:
    """(area, kind, id) of what an assignment that goes on is for. Out of scope: `assignment-not-found`."""
    rows = Assignment.objects.within(scope).filter(id=assignment_id, until__isnull=True)
    found = rows.values_list("area", "target_kind", "target_id").first()
    if found is None:
        raise Refused("assignment-not-found")
    return found


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal as it was frozen."""

    id: UUID
    area: str
    target_kind: str
    role_set: str
    revision_id: UUID
    moving: bool
    basis: str
    summary: dict[str, int | float | str | None]
    at: datetime
    by_name: str
    closed_at: datetime | None


def staffing_proposal(scope: Scope, proposal_id: UUID) -> ProposalRow:
    """One proposal. Out of scope does not exist: `proposal-not-found`."""
    row = StaffingProposal.objects.within(scope).filter(id=proposal_id).first()
    if row is None:
        raise Refused("proposal-not-found")
    return _proposal(row)


def staffing_proposals(scope: Scope, *, limit: int = 10) -> list[ProposalRow]:
    """The latest proposals in sight."""
    return [_proposal(row) for row in StaffingProposal.objects.within(scope).order_by("-at", "-id")[:limit]]


@dataclass(frozen=True, slots=True)
class SlotRow:
    """One line of the diff."""

    id: int
    area: str
    target_id: str
    role: str
    worker_id: UUID | None
    worker: str
    moved_from: str
    metres: int
    metres_before: int | None
    load_before: int
    load_after: int
    state: str

    @property
    def cursor(self) -> str:
        return f"{self.area}~{self.target_id}~{self.id}"


def proposal_slots(
    scope: Scope,
    proposal_id: UUID,
    *,
    show: str = "",
    role: str = "",
    area: str = "",
    after: str = "",
    limit: int = 50,
) -> list[SlotRow]:
    """The lines of a proposal by place and target. `show`: `new`, `moved`, `vacant` or `stale`."""
    rows = _lines(scope, proposal_id, show=show, role=role, area=area)
    where, _, rest = after.partition("~")
    target, _, key = rest.partition("~")
    if key.isdigit():
        same = Q(area=where, target_id=target, id__gt=int(key))
        rows = rows.filter(Q(area__gt=where) | Q(area=where, target_id__gt=target) | same)
    rows = rows.select_related("worker", "moved_from").order_by("area", "target_id", "id")[:limit]
    return [
        SlotRow(
            *(r.id, r.area, r.target_id, r.role, r.worker_id, r.worker.name if r.worker else ""),
            *(r.moved_from.name if r.moved_from else "", r.metres, r.metres_before),
            *(r.load_before, r.load_after, r.state),
        )
        for r in rows
    ]


def _lines(
    scope: Scope, proposal_id: UUID, *, show: str = "", role: str = "", area: str = ""
) -> ScopedQuerySet[StaffingSlot]:
    """The lines of a proposal that a filter leaves."""
    rows = StaffingSlot.objects.within(scope).filter(proposal_id=proposal_id, area__startswith=area)
    rows = rows.filter(role=role) if role else rows
    if show == "vacant":
        return rows.filter(worker__isnull=True)
    if show == "stale":
        return rows.filter(state=StaffingSlot.State.STALE)
    if show in {"new", "moved"}:
        return rows.filter(worker__isnull=False, moved_from__isnull=show == "new")
    return rows


def slots_left(
    scope: Scope, proposal_id: UUID, *, show: str = "", role: str = "", area: str = ""
) -> list[int]:
    """Lines nobody has accepted yet, of those a filter leaves: what "accept those shown" accepts."""
    rows = _lines(scope, proposal_id, show=show, role=role, area=area)
    left = rows.filter(state=StaffingSlot.State.PROPOSED, worker__isnull=False)
    return list(left.order_by("id").values_list("id", flat=True))


@dataclass(frozen=True, slots=True)
class SlotTally:
    """Lines of a proposal by place and role."""

    area: str
    role: str
    new: int
    moved: int
    vacant: int
    open: int
    metres: int
    """Of everybody who comes, together."""


def slot_tallies(scope: Scope, proposal_id: UUID) -> list[SlotTally]:
    """How many lines, by village and role. One query."""
    rows = StaffingSlot.objects.within(scope).filter(proposal_id=proposal_id)
    found = rows.values("area", "role").annotate(
        new=Count("id", filter=Q(worker__isnull=False, moved_from__isnull=True)),
        moved=Count("id", filter=Q(moved_from__isnull=False)),
        vacant=Count("id", filter=Q(worker__isnull=True)),
        open=Count("id", filter=Q(worker__isnull=False, state="proposed")),
        way=Sum("metres", default=0),
    )
    return [
        SlotTally(r["area"], r["role"], r["new"], r["moved"], r["vacant"], r["open"], r["way"])
        for r in found.order_by("area", "role")
    ]


@dataclass(frozen=True, slots=True)
class LoadChange:
    """What a worker carried in a role when the proposal was made, and would carry with all of it."""

    worker: str
    area: str
    role: str
    before: int
    after: int


def load_changes(scope: Scope, proposal_id: UUID, *, limit: int = 20) -> list[LoadChange]:
    """Whose load changes, the fullest after it first. One query."""
    rows = StaffingSlot.objects.within(scope).filter(proposal_id=proposal_id, worker__isnull=False)
    found = rows.values("worker_id", "role", "load_before", "load_after").annotate(
        name=F("worker__name"), where=F("worker__area")
    )
    return [
        LoadChange(r["name"], r["where"], r["role"], r["load_before"], r["load_after"])
        for r in found.order_by("-load_after", "worker_id", "role").distinct()[:limit]
    ]


def _proposal(row: StaffingProposal) -> ProposalRow:
    return ProposalRow(
        *(row.id, row.area, row.target_kind, row.role_set, row.revision_id, row.moving, row.basis),
        *(row.summary, row.at, row.by_name, row.closed_at),
    )


def standing_slots(
    scope: Scope, proposal_id: UUID, slots: Sequence[int], role_set: RoleSet, open_targets: Sequence[str]
) -> list[int]:
    """Which of these lines still hold; reads only.

    Asked again of what is left until nothing falls: a worker may have room only because another line takes
    somebody off their hands.
    """
    left = list(slots) if staffing_proposal(scope, proposal_id) else []
    while True:
        stands = _stand(proposal_id, left, role_set, open_targets)
        if len(stands) == len(left):
            return stands
        left = stands


def _stand(
    proposal_id: UUID, slots: Sequence[int], role_set: RoleSet, open_targets: Sequence[str]
) -> list[int]:
    roles = [(role.code, role.count, role.cap) for role in role_set.roles]
    with connection.cursor() as cursor:
        cursor.execute(
            """with roles as (select * from unnest(%s::text[], %s::int[], %s::int[]) as r (role, wanted, cap)),
            line as (
                select s.*, r.wanted, r.cap, p.target_kind, p.role_set
                from workforce_slot s join workforce_proposal p on p.id = s.proposal_id
                join roles r on r.role = s.role
                join workforce_worker w on w.id = s.worker_id and w.until is null
                where s.proposal_id = %s and s.id = any(%s) and s.target_id = any(%s)
                    and not exists (
                        select 1 from workforce_absence b where b.worker_id = s.worker_id and b.until is null)
            ),
            held as (
                select l.id, count(*) filter (where a.role = l.role) as held,
                    count(*) filter (where a.role = l.role and a.worker_id = l.moved_from_id
                        and not a.is_fixed) as gives,
                    count(*) filter (where a.worker_id = l.worker_id) as there
                from line l left join workforce_assignment a on a.target_kind = l.target_kind
                    and a.target_id = l.target_id and a.role_set = l.role_set and a.until is null
                group by l.id
            ),
            fits as (
                select * from (
                    select l.id, l.worker_id, l.role, l.cap, l.wanted, l.moved_from_id, h.held, h.gives,
                        row_number() over (
                            partition by l.target_id, l.role, l.moved_from_id is null order by l.id) as place
                    from line l join held h on h.id = l.id where h.there = 0
                ) o where case when o.moved_from_id is null then o.held + o.place <= o.wanted
                    else o.gives > 0 end
            ),
            carried as (
                select worker_id, role, count(distinct target_id) as load from workforce_assignment
                where until is null and worker_id in (select worker_id from fits) group by 1, 2
            ),
            gives_up as (
                select moved_from_id as worker_id, role, count(*) as n from workforce_slot
                where id in (select id from fits) and moved_from_id is not null group by 1, 2
            )
            select f.id from (
                select id, worker_id, role, cap,
                    row_number() over (partition by worker_id, role order by id) as place from fits
            ) f left join carried c using (worker_id, role) left join gives_up g using (worker_id, role)
            where f.cap is null or coalesce(c.load, 0) - coalesce(g.n, 0) + f.place <= f.cap""",
            [
                *([code for code, _, _ in roles], [n for _, n, _ in roles], [cap for _, _, cap in roles]),
                *(proposal_id, list(slots), list(open_targets)),
            ],
        )
        return [row[0] for row in cursor.fetchall()]
