"""Who serves whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Q, When

from shouwang.kernel.areas import town_of, village_of
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.workforce.models import Assignment, Worker

DESK = "duty-desk"
OWNING_ROLES = ("village-cadre", "medic", "town-cadre")
"""Whose household it is first, when a file asks for an owner: our choice, the nearest cadre answers."""


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A worker as others read them."""

    id: UUID
    area: str
    name: str
    telephone: str
    unit: str
    kinds: tuple[str, ...]
    user_id: UUID | None


@dataclass(frozen=True, slots=True)
class Member:
    """One filled slot of a team."""

    assignment_id: UUID
    target_id: str
    role_set: str
    role: str
    worker: WorkerRow
    since: datetime
    is_fixed: bool = False


def workers(scope: Scope, *, area: str = "", kind: str | None = None, limit: int = 1000) -> list[WorkerRow]:
    """Workers in sight below `area`, by name."""
    rows = Worker.objects.within(scope).filter(area__startswith=area, until__isnull=True)
    if kind:
        rows = rows.filter(kinds__contains=[kind])
    return [_worker(row) for row in rows.order_by("name", "id")[:limit]]


def workers_near(scope: Scope, area: str, *, name: str = "", limit: int = 300) -> list[WorkerRow]:
    """Workers of the town that `area` lies in: those of the place itself first, then its village's, then the others.

    `name`: only whose name has this in it.
    """
    rows = Worker.objects.within(scope).filter(area__startswith=town_of(area), until__isnull=True)
    if name:
        rows = rows.filter(name__icontains=name)
    near = Case(
        When(area__startswith=area, then=0),
        When(area__startswith=village_of(area), then=1),
        default=2,
        output_field=IntegerField(),
    )
    return [_worker(row) for row in rows.order_by(near, "name", "id")[:limit]]


@dataclass(frozen=True, slots=True)
class ServingRow:
    """A worker on the list of those who serve; `cursor` turns the page."""

    id: UUID
    area: str
    name: str
    telephone: str
    unit: str
    kinds: tuple[str, ...]
    cursor: str


def worker_page(
    scope: Scope, *, below: Iterable[str] = (), name: str = "", after: str = "", limit: int = 50
) -> list[ServingRow]:
    """Those who serve in the places in sight, by place and name; `after` is the cursor of the last row seen.

    `below`: only in or under one of these places; `name`: only whose name has this in it.
    """
    rows = Worker.objects.within(scope).filter(until__isnull=True).exclude(kinds__contains=[DESK])
    if wanted := [Q(area__startswith=place) for place in sorted(set(below))]:
        rows = rows.filter(reduce(or_, wanted))
    if name:
        rows = rows.filter(name__icontains=name)
    area, _, rest = after.partition("~")
    name, _, key = rest.partition("~")
    if key:
        ahead = Q(area__gt=area) | Q(area=area, name__gt=name) | Q(area=area, name=name, id__gt=key)
        rows = rows.filter(ahead)
    return [
        ServingRow(w.id, w.area, w.name, w.telephone, w.unit, tuple(w.kinds), f"{w.area}~{w.name}~{w.id}")
        for w in rows.order_by("area", "name", "id")[:limit]
    ]


def loads_of(scope: Scope, worker_ids: Sequence[UUID]) -> dict[tuple[UUID, str], int]:
    """How many targets each of these workers carries in each role. One query."""
    counted = (
        Assignment.objects.within(scope)
        .filter(worker_id__in=worker_ids, until__isnull=True)
        .values("worker_id", "role")
        .annotate(targets=Count("target_id", distinct=True))
    )
    return {(row["worker_id"], row["role"]): row["targets"] for row in counted}


def worker_of_user(scope: Scope, user_id: UUID | str) -> WorkerRow | None:
    """The worker behind a log-in, if there is one in sight."""
    row = Worker.objects.within(scope).filter(user_id=user_id, until__isnull=True).first()
    return _worker(row) if row else None


def workers_by_ids(scope: Scope, ids: Iterable[UUID]) -> dict[UUID, WorkerRow]:
    """These workers as far as they are in sight. One query."""
    return {row.id: _worker(row) for row in Worker.objects.within(scope).filter(id__in=set(ids))}


def duty_desk(scope: Scope, area: str) -> WorkerRow:
    """The duty desk of the nearest place around `area`: the owner where nobody else is.

    Refuses `no-duty-desk`, also where the scope has no business.
    """
    if not any(area.startswith(seen) or seen.startswith(area) for seen in scope.areas):
        raise Refused("no-duty-desk", area=area)
    enclosing = [area[:end] for end in range(1, len(area) + 1)]
    desks = Worker.objects.unscoped("a desk stands for its place").filter(
        area__in=enclosing, kinds__contains=[DESK], until__isnull=True
    )
    found = max(desks, key=lambda desk: len(desk.area), default=None)
    if found is None:
        raise Refused("no-duty-desk", area=area)
    return _worker(found)


def teams_of(scope: Scope, target_kind: str, target_ids: Iterable[object]) -> dict[str, list[Member]]:
    """Teams of these targets as they are now, in one query: target id → members."""
    return _teams(scope, Q(target_kind=target_kind, target_id__in=[str(t) for t in target_ids]))


def teams_beside(
    scope: Scope, people: Iterable[tuple[str, UUID | None]]
) -> dict[tuple[str, UUID | None], list[Member]]:
    """Who looks after people of these (place, household): where the place is a site, its team comes first, and of
    the household's team only roles that nobody has there follow. One query."""
    wanted = set(people)
    at_sites = Q(target_kind="site", target_id__in={area for area, _ in wanted if area})
    at_home = Q(target_kind="household", target_id__in={str(home) for _, home in wanted if home})
    teams = _teams(scope, at_sites | at_home)
    found: dict[tuple[str, UUID | None], list[Member]] = {}
    for area, home in wanted:
        there = teams.get(area, [])
        roles = {member.role for member in there}
        found[area, home] = [*there, *(m for m in teams.get(str(home), []) if m.role not in roles)]
    return found


def _teams(scope: Scope, targets: Q) -> dict[str, list[Member]]:
    rows = (
        Assignment.objects.within(scope)
        .filter(targets, until__isnull=True)
        .select_related("worker")
        .order_by("target_id", "role", "since", "id")
    )
    teams: dict[str, list[Member]] = {}
    for row in rows:
        member = Member(
            row.id, row.target_id, row.role_set, row.role, _worker(row.worker), row.since, row.is_fixed
        )
        teams.setdefault(row.target_id, []).append(member)
    return teams


def team_of(scope: Scope, target_kind: str, target_id: object) -> list[Member]:
    """The team of one target as it is now."""
    return teams_of(scope, target_kind, [target_id]).get(str(target_id), [])


def owners_for(scope: Scope, households: Sequence[UUID | None], *, area: str) -> dict[UUID | None, UUID]:
    """Who answers for each household: its cadre or medic where assigned, else the duty desk of `area`."""
    desk = duty_desk(scope, area).id
    owners: dict[UUID | None, UUID] = dict.fromkeys(households, desk)
    teams = teams_of(scope, "household", [h for h in households if h is not None])
    for household in owners:
        team = {member.role: member.worker.id for member in reversed(teams.get(str(household), []))}
        for role in OWNING_ROLES:
            if role in team:
                owners[household] = team[role]
                break
    return owners


@dataclass(frozen=True, slots=True)
class Load:
    """How many targets a worker carries in one role."""

    worker: WorkerRow
    role: str
    targets: int


def loads(scope: Scope, *, area: str = "") -> list[Load]:
    """The load of every worker in sight by role, heaviest first. Two queries."""
    counted = (
        Assignment.objects.within(scope)
        .filter(area__startswith=area, until__isnull=True)
        .values("worker_id", "role")
        .annotate(targets=Count("target_id", distinct=True))
    )
    rows = list(counted)
    people = {
        row.id: _worker(row)
        for row in Worker.objects.unscoped("assigned in sight").filter(id__in={r["worker_id"] for r in rows})
    }
    found = [Load(people[row["worker_id"]], row["role"], row["targets"]) for row in rows]
    return sorted(found, key=lambda load: (-load.targets, load.worker.name))


@dataclass(frozen=True, slots=True)
class Charge:
    """What a worker is responsible for: one line of their own list."""

    target_kind: str
    target_id: str
    role_set: str
    role: str
    area: str
    since: datetime


def charges_of(scope: Scope, worker_id: UUID) -> list[Charge]:
    """Everything a worker is assigned to now, in sight of the scope."""
    rows = Assignment.objects.within(scope).filter(worker_id=worker_id, until__isnull=True)
    return [
        Charge(r.target_kind, r.target_id, r.role_set, r.role, r.area, r.since)
        for r in rows.order_by("area", "target_id")
    ]


def _worker(row: Worker) -> WorkerRow:
    return WorkerRow(row.id, row.area, row.name, row.telephone, row.unit, tuple(row.kinds), row.user_id)
