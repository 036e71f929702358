"""守护户 A household guarded round the clock (C8): a team on it, a roster without a gap, notes at every hand-over.

Food bought for the household is a request of the assistance room; a guard notes at the hand-over what was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.packs.schema import Pack, RoleSet
from shouwang.people.queries import household
from shouwang.places.queries import zone_of
from shouwang.policy.queries import pack_in_force
from shouwang.workforce.actions import (
    NewShift,
    close_roster,
    give_shifts,
    open_roster,
    put_team_on,
    take_team_off,
)
from shouwang.workforce.queries import RosterRow, rosters_of_team, shifts_between, team_target
from shouwang.workforce.rules import Span, gaps, rota, spans_between

JUST_OPENED = timedelta(minutes=30)
"""How long it may take somebody to give a watch out that they opened: our choice."""


@transaction.atomic
def guard_household(
    *, household_id: UUID, since: datetime, until: datetime | None, scope: Scope, by: Actor, at: datetime
) -> UUID:
    """Put the guard of the pack on a household and open its roster. Returns the roster's id.

    Refuses `household-not-found` (also out of scope), `not-permitted`, `no-pack-in-force`, `role-set-missing`
    where the pack has no watch for households, `team-exists`, `roster-backwards`.
    """
    home = household(scope, household_id)
    if not scope.allows("team.assign", home.area):
        raise Refused("not-permitted", permission="team.assign")
    _, pack = pack_in_force(scope, home.area, at)
    role_set = watch_role_set(pack, "household")
    team = put_team_on(
        area=home.area, target_kind="household", target_id=str(home.id), role_set=role_set.code, by=by, at=at
    )
    return _open(team, role_set, home.area, since, until, by, at)


@transaction.atomic
def watch_target(
    *, team_id: UUID, since: datetime, until: datetime | None, scope: Scope, by: Actor, at: datetime
) -> UUID:
    """Open a roster on a target whose role set is kept by shifts (site, post, compound). Returns its id.

    Refuses `team-not-found` (also out of scope), `not-permitted`, `no-pack-in-force`, `role-set-missing`,
    `roster-exists`, `roster-backwards`.
    """
    team = team_target(scope, team_id)
    if not scope.allows("team.assign", team.area):
        raise Refused("not-permitted", permission="team.assign")
    _, pack = pack_in_force(scope, team.area, at)
    role_set = pack.role_set(team.role_set)
    return _open(team.id, role_set, team.area, since, until, by, at)


@transaction.atomic
def end_team(*, team_id: UUID, reason: str, scope: Scope, by: Actor, at: datetime) -> int:
    """The target needs its team no longer: the watch over it ends, everybody of the team is free. Returns how many.

    Refuses `team-not-found` (also out of scope, also where it was taken off before), `not-permitted`,
    `reason-missing`.
    """
    team = team_target(scope, team_id)
    if not scope.allows("team.assign", team.area):
        raise Refused("not-permitted", permission="team.assign")
    freed = take_team_off(team_id=team_id, reason=reason, by=by, at=at)
    roster = rosters_of_team(scope, [team_id]).get(team_id)
    if roster is not None:
        close_roster(roster_id=roster.id, reason=reason, by=by, at=at)
    return freed


def watch_role_set(pack: Pack, target: str) -> RoleSet:
    """The pack's role set with shifts for this kind of target. Refuses `role-set-missing`."""
    for role_set in pack.role_sets:
        if role_set.target == target and role_set.watch is not None:
            return role_set
    raise Refused("role-set-missing", pack=pack.id)


def _open(
    team_id: UUID,
    role_set: RoleSet,
    area: str,
    since: datetime,
    until: datetime | None,
    by: Actor,
    at: datetime,
) -> UUID:
    if role_set.watch is None:
        raise Refused("role-set-missing", pack=role_set.code)
    return open_roster(
        team_id=team_id, watch=role_set.watch, zone=zone_of(area), since=since, until=until, by=by, at=at
    )


@transaction.atomic
def fill_roster(
    *,
    roster: RosterRow,
    people: Sequence[UUID],
    since: datetime,
    until: datetime,
    scope: Scope,
    by: Actor,
    at: datetime,
) -> int:
    """Give the shifts nobody has in a stretch to these people in turn; what is given stays. Returns how many.

    A watch that was opened just now and that nobody has had yet is given from its beginning: the seconds between
    opening it and giving it out would stand as a gap for good.

    Refuses `not-permitted`, `roster-needs-people` where fewer are named than are on duty at once, `shift-overlaps`.
    """
    if not scope.allows("team.assign", roster.area):
        raise Refused("not-permitted", permission="team.assign")
    if len(people) < roster.people:
        raise Refused("roster-needs-people", people=roster.people)
    window = roster.window(until)
    window = Span(_filled_since(roster, since, scope), window.end)
    if window.start >= window.end or window.end - window.start > timedelta(days=31):
        raise Refused("roster-backwards")
    given = shifts_between(scope, window.start, window.end, roster_ids=[roster.id]).get(roster.id, [])
    shifts: list[NewShift] = []
    for span, worker in rota(spans_between(window, roster.starts, roster.zone), people, roster.people):
        open_there = gaps(span, (s.span for s in given), roster.people)
        taken = sum(s.starts_at == span.start for s in shifts)
        if open_there and taken < max(gap.missing for gap in open_there):
            shifts.append(NewShift(worker, span.start, span.end))
    if shifts:
        give_shifts(roster_id=roster.id, shifts=shifts, by=by, at=at)
    return len(shifts)


def _filled_since(roster: RosterRow, since: datetime, scope: Scope) -> datetime:
    if not timedelta(0) < since - roster.since <= JUST_OPENED:
        return max(since, roster.since)
    given = shifts_between(scope, roster.since, since, roster_ids=[roster.id]).get(roster.id)
    return since if given else roster.since
