"""Chat groups by rule (B3): a group for every staffed household, without anybody typing; kept as teams change."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from shouwang.journeys.staff_households import household_role_set
from shouwang.kernel.actor import Actor
from shouwang.kernel.areas import town_of, village_of
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.queries.households import open_households
from shouwang.outreach import rules
from shouwang.outreach.actions import Formed, NewMessage, form_groups, queue_messages
from shouwang.outreach.queries import group_names, groups_by_ids, kept_areas
from shouwang.packs.schema import RoleSet
from shouwang.people.queries import households_by_ids
from shouwang.places.queries import names_of
from shouwang.places.rules import village_name
from shouwang.policy.queries import pack_in_force
from shouwang.workforce.queries import Member, teams_changed, teams_of

HOUSEHOLD = "household"
TWICE_A_DAY = timedelta(hours=12)
"""Groups are also compared when no team changed: files end by themselves."""
_CHANGED = UUID("0b6ab1a0-6d5e-5a73-9d0e-7b8f6a0c2f11")


@transaction.atomic
def form_household_groups(*, area: str, scope: Scope, by: Actor, at: datetime) -> Formed:
    """Form the groups of every staffed household with an open file, update rosters, end those of the others.

    The pack says how a group is called (`role-set.group-name`); without a name it wants no groups. Refuses
    `not-permitted`, `no-pack-in-force`, `role-set-missing`, `groups-unwanted`.
    """
    if not scope.allows("team.assign", area):
        raise Refused("not-permitted", permission="team.assign")
    _, pack = pack_in_force(scope, area, at)
    role_set = household_role_set(pack)
    if not role_set.group_name:
        raise Refused("groups-unwanted", pack=pack.id)
    open_now = open_households(scope, area=area)
    held = group_names(scope, HOUSEHOLD, area=area)
    over = {target for target, _ in held if UUID(target) not in open_now}
    plans = _plans(scope, role_set, open_now, held)
    formed = form_groups(plans=plans, ended=over, kind=HOUSEHOLD, area=area, by=by, at=at)
    _tell(scope, formed.changed, by, at)
    return formed


def keep_groups(*, by: Actor, at: datetime) -> int:
    """The tick: rosters of groups whose team changed since the groups were last kept. Returns how many changed."""
    everything = Scope.everything("groups")
    changed = 0
    for area, kept_at in kept_areas(everything):
        if at - kept_at < TWICE_A_DAY and not teams_changed(everything, area, since=kept_at):
            continue
        try:
            changed += len(form_household_groups(area=area, scope=everything, by=by, at=at).changed)
        except Refused:
            continue  # no pack in force there any more: its groups stay as they are
    return changed


def _plans(
    scope: Scope,
    role_set: RoleSet,
    homes: dict[UUID, str],
    held: dict[tuple[str, str], str],
) -> list[rules.Plan]:
    teams = teams_of(scope, HOUSEHOLD, homes)
    staffed = sorted(target for target, team in teams.items() if _of(role_set, team))
    heads = {row.id: row.head_name for row in households_by_ids(scope, [UUID(t) for t in staffed])}
    places = names_of(sorted({area for home in staffed for area in _around(homes[UUID(home)])}))
    wanted = [target for target in staffed if (target, role_set.code) not in held]
    made = [_name(role_set, homes[UUID(t)], heads.get(UUID(t), ""), places) for t in wanted]
    names = dict(zip(wanted, rules.told_apart(made, held.values()), strict=True))
    return [
        _plan(role_set, target, homes[UUID(target)], teams[target], heads.get(UUID(target), ""), name)
        for target in staffed
        for name in [names.get(target) or held[target, role_set.code]]
    ]


def _plan(
    role_set: RoleSet, target: str, area: str, team: Sequence[Member], head: str, name: str
) -> rules.Plan:
    told = _of(role_set, team)
    return rules.Plan(
        area, HOUSEHOLD, target, role_set.code, name, rules.leader_of(told), rules.members_of(told, head)
    )


def _of(role_set: RoleSet, team: Sequence[Member]) -> list[tuple[UUID, str, str]]:
    """The team in the role set that has a group: (worker, name, role)."""
    return [(m.worker.id, m.worker.name, m.role) for m in team if m.role_set == role_set.code]


def _around(area: str) -> tuple[str, str]:
    return village_of(area), town_of(area)


def _name(role_set: RoleSet, area: str, head: str, places: dict[str, str]) -> str:
    return rules.group_name(
        role_set.group_name,
        community=village_name(places.get(village_of(area), "")),
        head=head,
        town=places.get(town_of(area), ""),
    )


def _tell(scope: Scope, changed: Collection[UUID], by: Actor, at: datetime) -> None:
    """The leader of a group that exists is told that somebody is to be added or removed."""
    groups = [g for g in groups_by_ids(scope, changed) if g.created_at and g.leader_id and g.to_do]
    queue_messages(
        messages=[
            NewMessage(
                id=uuid5(_CHANGED, f"{group.id} {at.isoformat()}"),
                area=group.area,
                template="team-changed",
                params={"group": group.name, "count": str(group.to_do), "link": f"/groups/{group.id}/"},
                to_kind="worker",
                to_id=group.leader_id,
                about_kind="group",
                about_id=group.id,
            )
            for group in groups
            if group.leader_id is not None
        ],
        by=by,
        at=at,
    )
