"""What a staffing proposal is computed from, and reading one again as it was frozen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q, Sum

from shouwang.journal.scoped import ScopedQuerySet
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
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
    """A digest of what a proposal was computed from: another digest means that the world has changed."""
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
    return [_proposal(row) for row in StaffingProposal.objects.within(scope).order_by("-at")[:limit]]


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
