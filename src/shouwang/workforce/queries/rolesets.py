"""Targets with their teams: what each is short of, who serves where under whom, who carries too much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q

from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.packs.schema import RoleSet
from shouwang.workforce.models import Absence, Assignment, TeamTarget


@dataclass(frozen=True, slots=True)
class TeamTargetRow:
    """A target a role set was put on."""

    id: UUID
    area: str
    target_kind: str
    target_id: str
    role_set: str
    name: str
    unit: str
    since: datetime
    until: datetime | None = None
    """Set once the team was taken off, with why."""
    ended_reason: str = ""

    @property
    def cursor(self) -> str:
        return f"{self.area}~{self.id}"

    def as_kept(self) -> Kept:
        """As `shortfalls` asks about it."""
        return Kept(self.target_kind, self.target_id, self.role_set, self.area, self.since, self.name)


def team_targets(
    scope: Scope,
    *,
    kinds: Sequence[str] = (),
    unit: str = "",
    area: str = "",
    after: str = "",
    limit: int = 50,
) -> list[TeamTargetRow]:
    """Targets in sight with a team of their own, by place."""
    rows = TeamTarget.objects.within(scope).filter(until__isnull=True, area__startswith=area)
    rows = rows.filter(target_kind__in=kinds) if kinds else rows
    rows = rows.filter(unit=unit) if unit else rows
    where, _, key = after.partition("~")
    if key:
        rows = rows.filter(Q(area__gt=where) | Q(area=where, id__gt=key))
    return [_target(row) for row in rows.order_by("area", "id")[:limit]]


def team_target(scope: Scope, team_id: UUID) -> TeamTargetRow:
    """One target with a team. Out of scope does not exist: `team-not-found`."""
    row = TeamTarget.objects.within(scope).filter(id=team_id).first()
    if row is None:
        raise Refused("team-not-found")
    return _target(row)


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that should have the whole of a role set, since when."""

    target_kind: str
    target_id: str
    role_set: str
    area: str
    since: datetime
    name: str = ""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """缺岗: a role of a target that is short of people, and since when: an alarm by its age."""

    target_kind: str
    target_id: str
    role_set: str
    role: str
    area: str
    missing: int
    since: datetime
    name: str = ""


def kept_targets(scope: Scope, *, area: str = "", kind: str = "") -> list[Kept]:
    """Every target in sight that a role set was put on."""
    rows = TeamTarget.objects.within(scope).filter(until__isnull=True, area__startswith=area)
    rows = rows.filter(target_kind=kind) if kind else rows
    return [
        Kept(r.target_kind, r.target_id, r.role_set, r.area, r.since, r.name) for r in rows.order_by("id")
    ]


def shortfalls(
    scope: Scope, role_sets: Iterable[RoleSet], targets: Sequence[Kept], *, limit: int | None = None
) -> list[Shortfall]:
    """Every role of these targets that is short, the longest vacant first. One query, however many targets.

    Since when: since the last who held it ended, or since the target needs a team at all.
    """
    seen = [kept for kept in targets if scope.sees(kept.area)]
    if not seen:
        return []
    wanted = [(s.code, role.code, role.count, i) for s in role_sets for i, role in enumerate(s.roles)]
    codes, roles, counts, order = (
        (list(column) for column in zip(*wanted, strict=True)) if wanted else ([],) * 4
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """with t as (select * from unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])
                as t (n, kind, id, role_set, since)),
            r as (select * from unnest(%s::text[], %s::text[], %s::int[], %s::int[])
                as r (role_set, role, wanted, place)),
            a as (select target_kind, target_id, role_set, role,
                count(distinct worker_id) filter (where until is null) as held, max(until) as last
                from workforce_assignment where target_id = any(%s) group by 1, 2, 3, 4)
            select t.n, r.role, r.wanted - coalesce(a.held, 0), greatest(t.since, a.last) as short_since
            from t join r using (role_set)
            left join a on a.target_kind = t.kind and a.target_id = t.id and a.role_set = t.role_set
                and a.role = r.role
            where coalesce(a.held, 0) < r.wanted
            order by short_since, t.n, r.place limit %s""",
            [
                *(list(range(len(seen))), [k.target_kind for k in seen], [k.target_id for k in seen]),
                *([k.role_set for k in seen], [k.since for k in seen], codes, roles, counts, order),
                *([k.target_id for k in seen], limit),
            ],
        )
        rows = cursor.fetchall()
    return [
        Shortfall(k.target_kind, k.target_id, k.role_set, role, k.area, missing, since, k.name)
        for k, role, missing, since in ((seen[n], *rest) for n, *rest in rows)
    ]


@dataclass(frozen=True, slots=True)
class Serving:
    """One who serves: where, in which role, under whom, since when, from which unit."""

    assignment_id: UUID
    worker_id: UUID
    name: str
    unit: str
    telephone: str
    role_set: str
    role: str
    target_kind: str
    target_id: str
    area: str
    since: datetime
    stands_in: bool

    @property
    def cursor(self) -> str:
        return f"{self.area}~{self.assignment_id}"


def serving_page(
    scope: Scope,
    *,
    kinds: Sequence[str] = (),
    role_set: str = "",
    role: str = "",
    unit: str = "",
    area: str = "",
    after: str = "",
    limit: int = 50,
) -> list[Serving]:
    """Who serves on the targets in sight, by place: one line for each assignment. One query."""
    rows = Assignment.objects.within(scope).filter(until__isnull=True, area__startswith=area)
    rows = rows.filter(target_kind__in=kinds) if kinds else rows
    rows = rows.filter(role_set=role_set, role=role) if role else rows
    rows = rows.filter(worker__unit=unit) if unit else rows
    where, _, key = after.partition("~")
    if key:
        rows = rows.filter(Q(area__gt=where) | Q(area=where, id__gt=key))
    found = rows.select_related("worker").order_by("area", "id")[:limit]
    return [
        Serving(
            *(r.id, r.worker_id, r.worker.name, r.worker.unit, r.worker.telephone, r.role_set, r.role),
            *(r.target_kind, r.target_id, r.area, r.since, r.absence_id is not None),
        )
        for r in found
    ]


def leaders_of(
    scope: Scope, role_sets: Mapping[str, RoleSet], rows: Sequence[Serving]
) -> dict[UUID, str | None]:
    """Under whom each of these serves: assignment → name, None where the leading role is vacant. One query.

    Whoever serves under nobody by the role set is not in it.
    """
    under = {
        (role_set.code, role.code): role.under
        for role_set in role_sets.values()
        for role in role_set.roles
        if role.under is not None
    }
    asked = [row for row in rows if (row.role_set, row.role) in under]
    held = Assignment.objects.within(scope).filter(
        target_id__in={row.target_id for row in asked}, role__in=set(under.values()), until__isnull=True
    )
    leads = {
        (r["target_kind"], r["target_id"], r["role_set"], r["role"]): r["worker__name"]
        for r in held.order_by("-since", "-id").values(
            "target_kind", "target_id", "role_set", "role", "worker__name"
        )
    }
    return {
        row.assignment_id: leads.get(
            (row.target_kind, row.target_id, row.role_set, str(under[row.role_set, row.role]))
        )
        for row in asked
    }


@dataclass(frozen=True, slots=True)
class Tally:
    """People serving in one role."""

    role_set: str
    role: str
    people: int


def serving_tally(scope: Scope, *, kinds: Sequence[str] = (), area: str = "", unit: str = "") -> list[Tally]:
    """How many different people serve in each role, as the list of them is narrowed. One query."""
    rows = Assignment.objects.within(scope).filter(until__isnull=True, area__startswith=area)
    rows = rows.filter(target_kind__in=kinds) if kinds else rows
    rows = rows.filter(worker__unit=unit) if unit else rows
    counted = (
        rows.values_list("role_set", "role")
        .annotate(people=Count("worker_id", distinct=True))
        .order_by("role_set", "role")
    )
    return [Tally(*row) for row in counted]


@dataclass(frozen=True, slots=True)
class Overload:
    """Somebody who carries more targets in a role than its cap."""

    worker_id: UUID
    name: str
    unit: str
    area: str
    role_set: str
    role: str
    carried: int
    cap: int


def overloads(scope: Scope, role_sets: Iterable[RoleSet], *, limit: int = 200) -> list[Overload]:
    """Everybody in sight above the cap of a role, the most above it first. One query."""
    caps = {(s.code, r.code): r.cap for s in role_sets for r in s.roles if r.cap is not None}
    rows = (
        Assignment.objects.within(scope)
        .filter(until__isnull=True, role_set__in={code for code, _ in caps})
        .values("worker_id", "worker__name", "worker__unit", "worker__area", "role_set", "role")
        .annotate(carried=Count("target_id", distinct=True))
        .filter(carried__gt=min(caps.values(), default=0))
    )
    found = [
        Overload(
            *(r["worker_id"], r["worker__name"], r["worker__unit"], r["worker__area"], r["role_set"]),
            *(r["role"], r["carried"], caps[r["role_set"], r["role"]]),
        )
        for r in rows
        if (r["role_set"], r["role"]) in caps and r["carried"] > caps[r["role_set"], r["role"]]
    ]
    return sorted(found, key=lambda o: (o.cap - o.carried, o.name))[:limit]


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """Somebody who is away, and who stands in."""

    id: UUID
    worker_id: UUID
    worker: str
    stand_in: str
    kind: str
    area: str
    since: datetime


def absences(scope: Scope, worker_ids: Iterable[UUID] | None = None) -> dict[UUID, AbsenceRow]:
    """Who is away now: worker → their absence. One query."""
    rows = Absence.objects.within(scope).filter(until__isnull=True)
    rows = rows.filter(worker_id__in=list(worker_ids)) if worker_ids is not None else rows
    values = rows.annotate(who=F("worker__name"), other=F("stand_in__name")).order_by("since")
    return {
        r["worker_id"]: AbsenceRow(
            r["id"], r["worker_id"], r["who"], r["other"], r["kind"], r["area"], r["since"]
        )
        for r in values.values("id", "worker_id", "who", "other", "kind", "area", "since")
    }


def _target(row: TeamTarget) -> TeamTargetRow:
    return TeamTargetRow(
        *(row.id, row.area, row.target_kind, row.target_id, row.role_set, row.name, row.unit, row.since),
        *(row.until, row.ended_reason),
    )
