"""Reading groups: the list, one with its roster, who is in how many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from shouwang.journal.scoped import ScopedQuerySet
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.outreach import rules
from shouwang.outreach.models import ChatGroup, GroupArea, GroupMember

STATES = ("to-create", "created", "connected", "to-do", "small")
"""What the list can be narrowed to: where a group stands, members to change, fewer than six."""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group on the list; `cursor` turns the page."""

    id: UUID
    area: str
    target_kind: str
    target_id: str
    role_set: str
    name: str
    leader_id: UUID | None
    leader_name: str
    wanted: int
    to_do: int
    channel_id: UUID | None
    channel_kind: str
    stopped_at: datetime | None
    formed_at: datetime
    created_at: datetime | None
    connected_at: datetime | None
    closed_at: datetime | None
    cursor: str

    @property
    def state(self) -> rules.GroupState:
        """Where it stands."""
        return rules.state_of(
            created=self.created_at is not None,
            connected=self.channel_id is not None,
            closed=self.closed_at is not None,
        )

    @property
    def is_small(self) -> bool:
        """Fewer than the six members it should have."""
        return self.wanted < rules.AT_LEAST


@dataclass(frozen=True, slots=True)
class RosterRow:
    """Somebody of a group's roster."""

    id: UUID
    worker_id: UUID | None
    name: str
    role: str
    telephone: str
    unit: str
    since: datetime
    until: datetime | None
    added_at: datetime | None
    removed_at: datetime | None

    @property
    def to_add(self) -> bool:
        """Still to be invited."""
        return self.until is None and self.added_at is None

    @property
    def to_remove(self) -> bool:
        """Still to be taken out."""
        return self.until is not None and self.added_at is not None and self.removed_at is None


def group_page(
    scope: Scope,
    *,
    state: str = "",
    text: str = "",
    leader: UUID | None = None,
    after: str = "",
    limit: int = 50,
) -> list[GroupRow]:
    """Open groups in sight by name; `after` is the cursor of the last row seen. One query."""
    rows = _narrowed(_open(scope), state)
    if text.strip():
        rows = rows.filter(name__contains=text.strip())
    if leader is not None:
        rows = rows.filter(leader_id=leader)
    name, _, key = after.rpartition("~")
    if key:
        rows = rows.filter(Q(name__gt=name) | Q(name=name, id__gt=key))
    return [_row(g) for g in rows.select_related("leader", "channel").order_by("name", "id")[:limit]]


def group_counts(scope: Scope) -> dict[str, int]:
    """How many open groups there are by what is to be done about them, and `all`. One query."""
    found = _open(scope).aggregate(
        all=Count("id"),
        **{state: Count("id", filter=_STATE[state]) for state in STATES},
    )
    return {str(key): int(value) for key, value in found.items()}


def group(scope: Scope, group_id: UUID) -> GroupRow:
    """One group. Refuses `group-not-found`."""
    rows = ChatGroup.objects.within(scope).select_related("leader", "channel")
    found = rows.filter(id=group_id).first()
    if found is None:
        raise Refused("group-not-found")
    return _row(found)


def groups_by_ids(scope: Scope, ids: Iterable[UUID]) -> list[GroupRow]:
    """These groups in sight, by name. One query."""
    rows = ChatGroup.objects.within(scope).select_related("leader", "channel").filter(id__in=set(ids))
    return [_row(g) for g in rows.order_by("name", "id")]


def rosters(scope: Scope, ids: Iterable[UUID]) -> dict[UUID, list[RosterRow]]:
    """The rosters of these groups in sight: who should be there now, and who is still to be taken out."""
    inside = ChatGroup.objects.within(scope).filter(id__in=set(ids))
    rows = GroupMember.objects.filter(group__in=inside).select_related("worker").order_by("since", "id")
    found: dict[UUID, list[RosterRow]] = {}
    for m in rows:
        row = RosterRow(
            *(m.id, m.worker_id, m.name, m.role, m.worker.telephone if m.worker else ""),
            *(m.worker.unit if m.worker else "", m.since, m.until, m.added_at, m.removed_at),
        )
        if row.until is None or row.to_remove:
            found.setdefault(m.group_id, []).append(row)
    return found


def group_names(scope: Scope, kind: str, *, area: str = "") -> dict[tuple[str, str], str]:
    """(target, role set) → name of every open group of a kind of target. One query."""
    rows = _open(scope).filter(target_kind=kind, area__startswith=area)
    return {
        (target, roles): name for target, roles, name in rows.values_list("target_id", "role_set", "name")
    }


def group_of(scope: Scope, kind: str, target_id: object) -> GroupRow | None:
    """The open group of a target, if there is one in sight."""
    rows = _open(scope).filter(target_kind=kind, target_id=str(target_id))
    found = rows.select_related("leader", "channel").first()
    return _row(found) if found else None


@dataclass(frozen=True, slots=True)
class Crowded:
    """A worker and in how many open groups they are wanted."""

    worker_id: UUID
    name: str
    groups: int


def in_many_groups(scope: Scope, *, least: int = rules.MANY_GROUPS, limit: int = 50) -> list[Crowded]:
    """Workers in at least so many groups, most first. One query."""
    rows = (
        GroupMember.objects.filter(group__in=_open(scope), worker__isnull=False, until__isnull=True)
        .values("worker_id", "worker__name")
        .annotate(n=Count("group_id", distinct=True))
        .filter(n__gte=least)
        .order_by("-n", "worker__name", "worker_id")[:limit]
    )
    return [Crowded(row["worker_id"], row["worker__name"], row["n"]) for row in rows]


def kept_areas(scope: Scope) -> list[tuple[str, datetime]]:
    """Places whose groups are kept by rule, and when they were last compared with the teams."""
    return list(GroupArea.objects.within(scope).order_by("area").values_list("area", "kept_at"))


_STATE = {
    "to-create": Q(created_at__isnull=True),
    "created": Q(created_at__isnull=False, channel__isnull=True),
    "connected": Q(channel__isnull=False),
    "to-do": Q(created_at__isnull=False, to_do__gt=0),
    "small": Q(wanted__lt=rules.AT_LEAST),
}


def _open(scope: Scope) -> ScopedQuerySet[ChatGroup]:
    return ChatGroup.objects.within(scope).filter(closed_at__isnull=True)


def _narrowed(rows: ScopedQuerySet[ChatGroup], state: str) -> ScopedQuerySet[ChatGroup]:
    return rows.filter(_STATE[state]) if state in _STATE else rows


def _row(g: ChatGroup) -> GroupRow:
    channel = g.channel if g.channel is not None and g.channel.closed_at is None else None
    return GroupRow(
        *(g.id, g.area, g.target_kind, g.target_id, g.role_set, g.name),
        *(g.leader_id, g.leader.name if g.leader else "", g.wanted, g.to_do),
        *(channel.id if channel else None, channel.kind if channel else ""),
        channel.stopped_at if channel else None,
        g.formed_at,
        g.created_at,
        g.connected_at,
        g.closed_at,
        f"{g.name}~{g.id}",
    )
