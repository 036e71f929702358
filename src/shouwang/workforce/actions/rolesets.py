"""Putting a role set on a target, pairing it with a unit, fixing a choice; standing in for whoever is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.workforce.actions.rosters import pass_shifts
from shouwang.workforce.actions.teams import REACHED
from shouwang.workforce.models import Absence, Assignment, Roster, TeamTarget, Worker


@transaction.atomic
def put_team_on(
    *,
    area: str,
    target_kind: str,
    role_set: str,
    target_id: str = "",
    name: str = "",
    unit: str = "",
    by: Actor,
    at: datetime,
) -> UUID:
    """Say that a target needs this team from now on; its vacancies count from here. Returns the team's id.

    Without `target_id` the row stands for the target itself (a post, a site, a firm). Refuses `name-missing`
    for those, `team-exists`.
    """
    team_id = uuid7()
    if not target_id and not name.strip():
        raise Refused("name-missing")
    try:
        with transaction.atomic():
            TeamTarget.objects.create(
                id=team_id,
                area=area,
                target_kind=target_kind,
                target_id=target_id or str(team_id),
                role_set=role_set,
                name=name.strip(),
                unit=unit.strip(),
                since=at,
            )
    except IntegrityError as error:
        raise Refused("team-exists", name=name) from error
    payload = {"kind": target_kind, "role_set": role_set, "unit": unit.strip()}
    append_event(
        verb="workforce.team.put", subject=("team", team_id), area=area, by=by, at=at, payload=payload
    )
    return team_id


@transaction.atomic
def take_team_off(*, team_id: UUID, reason: str, by: Actor, at: datetime) -> int:
    """The target needs this team no longer: its assignments end. Returns how many.

    Refuses `team-not-found`, `reason-missing`.
    """
    row = _team(team_id, reason)
    held = Assignment.objects.unscoped(REACHED).filter(
        target_kind=row.target_kind, target_id=row.target_id, role_set=row.role_set, until__isnull=True
    )
    ended = held.update(until=at, ended_reason=reason.strip())
    TeamTarget.objects.unscoped(REACHED).filter(id=team_id).update(until=at, ended_reason=reason.strip())
    append_event(
        verb="workforce.team.ended",
        subject=("team", team_id),
        area=row.area,
        by=by,
        at=at,
        payload={"assignments": ended, "reason": reason.strip()},
    )
    return ended


@transaction.atomic
def pair_unit(*, team_id: UUID, unit: str, reason: str, by: Actor, at: datetime) -> UUID:
    """Pair the target with a unit (包保单位): the old pairing ends and stays on record, a watch over it goes on under
    the new one. Returns the new team's id.

    Refuses `team-not-found`, `reason-missing`.
    """
    old = _team(team_id, reason)
    TeamTarget.objects.unscoped(REACHED).filter(id=team_id).update(until=at, ended_reason=reason.strip())
    fresh = TeamTarget.objects.create(
        area=old.area,
        target_kind=old.target_kind,
        target_id=old.target_id,
        role_set=old.role_set,
        name=old.name,
        unit=unit.strip(),
        since=at,
    )
    Roster.objects.unscoped(REACHED).filter(team_id=team_id, closed_reason="").update(team_id=fresh.id)
    append_event(
        verb="workforce.team.paired",
        subject=("team", fresh.id),
        area=old.area,
        by=by,
        at=at,
        payload={"from": old.unit, "to": unit.strip(), "reason": reason.strip()},
    )
    return fresh.id


def _team(team_id: UUID, reason: str) -> TeamTarget:
    if not reason.strip():
        raise Refused("reason-missing")
    row = TeamTarget.objects.unscoped(REACHED).filter(id=team_id, until__isnull=True).first()
    if row is None:
        raise Refused("team-not-found")
    return row


@dataclass(frozen=True, slots=True)
class StoodIn:
    """What a stand-in took over, or a returning worker took back."""

    absence_id: UUID
    assignments: int
    shifts: int
    shifts_left: int = 0
    """Shifts nobody could take, since the other is on duty elsewhere then: gaps from now on."""


@transaction.atomic
def begin_absence(
    *, worker_id: UUID, stand_in_id: UUID, kind: str, reason: str, by: Actor, at: datetime
) -> StoodIn:
    """Somebody falls ill or is away: everything of theirs is the stand-in's until they return, shifts included.

    Refuses `worker-not-found`, `reason-missing`, `absence-kind-unknown`, `hand-over-to-self`, `worker-absent`
    for either of the two.
    """
    if not reason.strip():
        raise Refused("reason-missing")
    if kind not in {"ill", "away"}:
        raise Refused("absence-kind-unknown", kind=kind)
    if worker_id == stand_in_id:
        raise Refused("hand-over-to-self")
    rows = Worker.objects.unscoped(REACHED).filter(id__in=[worker_id, stand_in_id], until__isnull=True)
    workers = {row.id: row for row in rows}
    if len(workers) < 2:
        raise Refused("worker-not-found")
    away = Absence.objects.unscoped(REACHED).filter(worker_id__in=list(workers), until__isnull=True)
    if already := away.first():
        raise Refused("worker-absent", name=workers[already.worker_id].name)
    absence = Absence.objects.create(
        area=workers[worker_id].area,
        worker_id=worker_id,
        stand_in_id=stand_in_id,
        kind=kind,
        reason=reason.strip(),
        since=at,
    )
    mine = Assignment.objects.unscoped(REACHED).filter(worker_id=worker_id, until__isnull=True)
    passed = _pass_on(list(mine.values_list("id", flat=True)), stand_in_id, absence.id, kind, at)
    shifts, left = pass_shifts(from_worker=worker_id, to_worker=stand_in_id, reason=kind, at=at)
    append_event(
        verb="workforce.absence.begun",
        subject=("worker", worker_id),
        area=absence.area,
        by=by,
        at=at,
        payload={"stand_in": str(stand_in_id), "assignments": passed, "shifts": shifts},
    )
    return StoodIn(absence.id, passed, shifts, left)


@transaction.atomic
def end_absence(*, worker_id: UUID, by: Actor, at: datetime) -> StoodIn:
    """They are back: what is still held in their place returns to them, and shifts that have not begun.

    What was handed on for good meanwhile stays where it is. Refuses `absence-not-found`.
    """
    absence = Absence.objects.unscoped(REACHED).filter(worker_id=worker_id, until__isnull=True).first()
    if absence is None:
        raise Refused("absence-not-found")
    Absence.objects.unscoped(REACHED).filter(id=absence.id).update(until=at)
    held = Assignment.objects.unscoped(REACHED).filter(absence_id=absence.id, until__isnull=True)
    back = _pass_on(list(held.values_list("id", flat=True)), worker_id, None, "back", at)
    shifts, left = pass_shifts(
        from_worker=absence.stand_in_id, to_worker=worker_id, reason="back", at=at, absence=absence.since
    )
    append_event(
        verb="workforce.absence.ended",
        subject=("worker", worker_id),
        area=absence.area,
        by=by,
        at=at,
        payload={"assignments": back, "shifts": shifts},
    )
    return StoodIn(absence.id, back, shifts, left)


def _pass_on(ids: list[UUID], to_worker: UUID, absence: UUID | None, reason: str, at: datetime) -> int:
    """End these assignments and begin the same for another, each old row naming the new; in one statement.

    What the other holds at the same target already is only ended: they carry it in their own name.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """with given as (select * from unnest(%s::uuid[], %s::uuid[]) as g (old, new)),
            written as (
                insert into workforce_assignment (id, area, worker_id, role_set, role, target_kind, target_id,
                    is_fixed, absence_id, since, ended_reason)
                select g.new, a.area, %s, a.role_set, a.role, a.target_kind, a.target_id, a.is_fixed,
                    %s, %s, ''
                from given g join workforce_assignment a on a.id = g.old
                on conflict do nothing returning id
            )
            update workforce_assignment a set until = greatest(%s, a.since), ended_reason = %s,
                handed_to_id = (select w.id from written w where w.id = g.new)
            from given g where a.id = g.old""",
            [ids, [uuid7() for _ in ids], to_worker, absence, at, at, reason],
        )
    return len(ids)
