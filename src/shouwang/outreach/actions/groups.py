"""Forming groups by rule, keeping their rosters, and what leaders say they have done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.outreach import rules
from shouwang.outreach.models import ChatGroup, GroupArea, GroupMember

MANAGE = "group.manage"
REACHED = "of targets that the caller reached through scope"


@dataclass(frozen=True, slots=True)
class Formed:
    """What forming did: new groups, groups whose roster or name changed, groups that ended."""

    new: tuple[UUID, ...]
    changed: tuple[UUID, ...]
    closed: int


@transaction.atomic
def form_groups(
    *, plans: Sequence[rules.Plan], ended: Collection[str], kind: str, area: str, by: Actor, at: datetime
) -> Formed:
    """Form the groups that are not there yet, bring the rosters of the others up to date, close the `ended`.

    `ended` are ids of targets of `kind` that need no group any more. Doing it again changes nothing. Nobody is
    put into or out of a real group by this: what must be done by hand stays on each group's list.
    """
    targets = {p.target_id for p in plans} | set(ended)
    rows = ChatGroup.objects.unscoped(REACHED).filter(
        target_kind=kind, target_id__in=targets, closed_at__isnull=True
    )
    held = {(g.target_id, g.role_set): g for g in rows.select_for_update().order_by("id")}
    new = [p for p in plans if (p.target_id, p.role_set) not in held]
    made = ChatGroup.objects.bulk_create([_group(plan, at) for plan in new], batch_size=2000)
    GroupMember.objects.bulk_create(
        [_member(group.id, w, at) for group, plan in zip(made, new, strict=True) for w in plan.members],
        batch_size=5000,
    )
    kept = [(held[p.target_id, p.role_set], p) for p in plans if (p.target_id, p.role_set) in held]
    changed = _keep_rosters(kept, at)
    over = [group for (target, _), group in held.items() if target in set(ended)]
    for group in over:
        group.closed_at, group.closed_reason = at, "ended"
    ChatGroup.objects.unscoped(REACHED).bulk_update(over, ["closed_at", "closed_reason"], batch_size=2000)
    GroupArea.objects.bulk_create(
        [GroupArea(area=area, kept_at=at)],
        update_conflicts=True,
        unique_fields=["area"],
        update_fields=["kept_at"],
    )
    if made or changed or over:
        append_event(
            verb="outreach.groups.formed",
            subject=("area", area),
            area=area,
            by=by,
            at=at,
            payload={"new": len(made), "changed": len(changed), "closed": len(over)},
        )
    return Formed(tuple(g.id for g in made), tuple(changed), len(over))


def _group(plan: rules.Plan, at: datetime) -> ChatGroup:
    return ChatGroup(
        **{"id": uuid7(), "area": plan.area, "target_kind": plan.target_kind, "target_id": plan.target_id},
        **{"role_set": plan.role_set, "name": plan.name, "leader_id": plan.leader_id, "formed_at": at},
        **{"wanted": len(plan.members), "to_do": len(plan.members)},
    )


def _member(group: UUID, wanted: rules.Wanted, at: datetime) -> GroupMember:
    return GroupMember(
        id=uuid7(), group_id=group, worker_id=wanted.worker_id, name=wanted.name, role=wanted.role, since=at
    )


def _keep_rosters(kept: Sequence[tuple[ChatGroup, rules.Plan]], at: datetime) -> list[UUID]:
    rosters: dict[UUID, dict[tuple[UUID | None, str], GroupMember]] = {}
    rows = GroupMember.objects.filter(group_id__in=[g.id for g, _ in kept]).order_by("since", "id")
    for row in rows.select_for_update():
        rosters.setdefault(row.group_id, {})[_key(row)] = row
    fresh: list[GroupMember] = []
    touched: list[GroupMember] = []
    changed: list[ChatGroup] = []
    for group, plan in kept:
        roster = rosters.get(group.id, {})
        new, back, gone = rules.changes(
            {w.key: w for w in plan.members}, {key: held_of(row) for key, row in roster.items()}
        )
        for key in back:
            roster[key].until = None
        for key in gone:
            roster[key].until = at
        touched += [roster[key] for key in (*back, *gone)]
        added = [_member(group.id, wanted, at) for wanted in new]
        fresh += added
        if new or back or gone or group.leader_id != plan.leader_id:
            group.leader_id, group.wanted = plan.leader_id, len(plan.members)
            group.to_do = to_do_of([*roster.values(), *added])
            changed.append(group)
    GroupMember.objects.bulk_create(fresh, batch_size=5000)
    GroupMember.objects.bulk_update(touched, ["until"], batch_size=2000)
    ChatGroup.objects.unscoped(REACHED).bulk_update(changed, ["leader", "wanted", "to_do"], batch_size=2000)
    return [group.id for group in changed]


def _key(row: GroupMember) -> tuple[UUID | None, str]:
    return row.worker_id, "" if row.worker_id else row.name


def held_of(row: GroupMember) -> rules.Held:
    """A row of the roster as the rules see it."""
    return rules.Held(_key(row), row.until is None, row.added_at is not None, row.removed_at is not None)


def to_do_of(rows: Iterable[GroupMember]) -> int:
    """How many are still to be added or removed by hand."""
    return sum(held.to_add or held.to_remove for held in map(held_of, rows))


@transaction.atomic
def mark_group_created(*, group_id: UUID, scope: Scope, by: Actor, at: datetime) -> None:
    """The leader says: the group is there, with everybody in it who should be.

    Refuses `group-not-found`, `not-permitted`, `group-closed`.
    """
    group = reach_group(scope, group_id)
    members = GroupMember.objects.filter(group_id=group_id, until__isnull=True, added_at__isnull=True)
    members.update(added_at=at)
    if group.created_at is None:
        group.created_at = at
    _count(group, ["created_at"])
    _tell(group, "outreach.group.created", by, at, {})


@transaction.atomic
def mark_members(*, group_id: UUID, members: Collection[UUID], scope: Scope, by: Actor, at: datetime) -> int:
    """The leader says: these were added or removed, as the list asked. Returns how many marks were new.

    Refuses `group-not-found`, `not-permitted`, `group-closed`.
    """
    group = reach_group(scope, group_id)
    rows = GroupMember.objects.filter(group_id=group_id, id__in=list(members))
    added = rows.filter(until__isnull=True, added_at__isnull=True).update(added_at=at)
    gone = rows.filter(until__isnull=False, added_at__isnull=False, removed_at__isnull=True)
    removed = gone.update(removed_at=at)
    _count(group, [])
    if added or removed:
        _tell(group, "outreach.group.members-marked", by, at, {"added": added, "removed": removed})
    return added + removed


def reach_group(scope: Scope, group_id: UUID) -> ChatGroup:
    """An open group in sight, locked. Refuses `group-not-found`, `not-permitted`, `group-closed`."""
    rows = ChatGroup.objects.within(scope).select_for_update()
    group = rows.filter(id=group_id).first()
    if group is None:
        raise Refused("group-not-found")
    if not scope.allows(MANAGE, group.area):
        raise Refused("not-permitted", permission=MANAGE)
    if group.closed_at is not None:
        raise Refused("group-closed")
    return group


def _count(group: ChatGroup, fields: list[str]) -> None:
    group.to_do = to_do_of(GroupMember.objects.filter(group_id=group.id))
    group.save(update_fields=["to_do", *fields])


def _tell(group: ChatGroup, verb: str, by: Actor, at: datetime, payload: dict[str, object]) -> None:
    append_event(verb=verb, subject=("group", group.id), area=group.area, by=by, at=at, payload=payload)
