"""Who may see what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from shouwang.accounts.models import Approval, Grant, User
from shouwang.accounts.rules import ROLES
from shouwang.journal.scoped import within_areas
from shouwang.kernel import scope as scopes
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope


def scope_of(user_id: UUID | str, at: datetime) -> Scope:
    """The scope of a user at an instant: every grant in force, with its role's permissions.

    Unscoped: this is where a scope comes from.
    """
    with connection.cursor() as cursor:  # asked with every request: as text, without building a query first
        cursor.execute(_GRANTS, {"user": user_id, "at": at})
        rows = cursor.fetchall()
    grants = tuple(scopes.Grant(role, area, ROLES[role].permissions) for role, area in rows if role in ROLES)
    return Scope(str(user_id), grants)


_GRANTS = """
select role, area from accounts_grant
where user_id = %(user)s and since <= %(at)s and (until is null or until > %(at)s) order by area, role
"""


def needs_second_factor(scope: Scope) -> bool:
    """Whether any role of this scope works at a desk."""
    return any(ROLES[role].desk for role in scope.roles if role in ROLES)


def user_by_name(username: str) -> User | None:
    """A user by log-in name, or None. Unscoped: for set-up and the command line."""
    return User.objects.filter(username=username).first()


@dataclass(frozen=True, slots=True)
class LogIn:
    """A log-in by itself."""

    id: UUID
    username: str
    name: str
    is_active: bool


def log_in_of(user_id: UUID | str) -> LogIn | None:
    """A log-in by its id, or None. Unscoped: for whoever was told the id; what may be done with it is theirs to ask."""
    found = User.objects.filter(id=user_id).first()
    return LogIn(found.id, found.username, found.name or found.username, found.is_active) if found else None


@dataclass(frozen=True, slots=True)
class UserRow:
    """A log-in with its roles."""

    id: UUID
    username: str
    name: str
    roles: tuple[tuple[str, str], ...]
    """(role code, area path)"""


def users_with_roles(
    scope: Scope, at: datetime, *, search: str = "", after: str = "", limit: int | None = None
) -> list[UserRow]:
    """Log-ins that hold a role inside the scope, by log-in name, those after `after`; `search` is a part of either
    name. Two queries."""
    users = list(_in_sight(scope, at, search).filter(username__gt=after).order_by("username")[:limit])
    held = _in_force(at).filter(within_areas(scope.areas), user_id__in=[user.id for user in users])
    by_user: dict[UUID, list[tuple[str, str]]] = {}
    for user_id, role, area in held.order_by("role", "area").values_list("user_id", "role", "area"):
        by_user.setdefault(user_id, []).append((role, area))
    return [UserRow(u.id, u.username, u.name, tuple(by_user[u.id])) for u in users]


def count_users(scope: Scope, at: datetime, *, search: str = "") -> int:
    """How many log-ins hold a role inside the scope."""
    return _in_sight(scope, at, search).count()


def has_role_here(scope: Scope, user_id: UUID, at: datetime) -> bool:
    """Whether a log-in holds a role inside the scope."""
    return _in_sight(scope, at).filter(id=user_id).exists()


def names_of_users(scope: Scope, ids: Iterable[str], at: datetime) -> dict[str, str]:
    """Id → name of those of these log-ins that hold a role inside the scope."""
    rows = _in_sight(scope, at).filter(id__in=list(ids)).values_list("id", "name", "username")
    return {str(user_id): name or username for user_id, name, username in rows}


def _in_sight(scope: Scope, at: datetime, search: str = "") -> QuerySet[User]:
    held = _in_force(at).filter(within_areas(scope.areas))
    users = User.objects.filter(id__in=held.values("user_id"), is_active=True)
    return users.filter(Q(username__icontains=search) | Q(name__icontains=search)) if search else users


def _in_force(at: datetime) -> QuerySet[Grant]:
    return Grant.objects.filter(Q(until__isnull=True) | Q(until__gt=at), since__lte=at)


def home_of(scope: Scope, user_id: UUID, at: datetime) -> str:
    """The place of a log-in all of whose roles lie inside the scope.

    Refuses `user-not-found`; `user-reaches-further` where one role lies outside: who may set a password may be that
    person, and nobody becomes more than they are.
    """
    if not has_role_here(scope, user_id, at):
        raise Refused("user-not-found")
    areas = sorted(_in_force(at).filter(user_id=user_id).values_list("area", flat=True), key=len)
    if not all(scope.allows("user.manage", area) for area in areas):
        raise Refused("user-reaches-further")
    return areas[0]


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """One request for a second person."""

    id: UUID
    kind: str
    area: str
    permission: str
    subject_kind: str
    subject_id: str
    payload: dict[str, object]
    payload_hash: str
    reason: str
    asked_by: str
    asked_by_name: str
    asked_at: datetime
    expires_at: datetime
    state: str
    decided_by_name: str
    decided_at: datetime | None
    note: str


def approvals(scope: Scope, *, state: str | None = None, limit: int = 100) -> list[ApprovalRow]:
    """Requests in sight, newest first."""
    rows = Approval.objects.within(scope)
    if state:
        rows = rows.filter(state=state)
    return [_approval(row) for row in rows.order_by("-asked_at", "-id")[:limit]]


def subjects_asked_about(scope: Scope, kind: str, ids: Iterable[object]) -> set[str]:
    """Which of these subjects somebody in sight asked a second person about, whatever came of it."""
    rows = Approval.objects.within(scope).filter(subject_kind=kind, subject_id__in=[str(i) for i in ids])
    return set(rows.values_list("subject_id", flat=True))


def is_asked(scope: Scope, kind: str, subject: tuple[str, object], at: datetime) -> bool:
    """Whether a request of this kind about this subject waits in sight and has not lapsed."""
    rows = Approval.objects.within(scope).filter(
        kind=kind, subject_kind=subject[0], subject_id=str(subject[1]), state=Approval.State.WAITING
    )
    return rows.filter(expires_at__gt=at).exists()


def approval(scope: Scope, approval_id: UUID) -> ApprovalRow:
    """One request. Out of scope does not exist: `approval-not-found`."""
    row = Approval.objects.within(scope).filter(id=approval_id).first()
    if row is None:
        raise Refused("approval-not-found")
    return _approval(row)


def _approval(row: Approval) -> ApprovalRow:
    return ApprovalRow(
        id=row.id,
        kind=row.kind,
        area=row.area,
        permission=row.permission,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        payload=row.payload,
        payload_hash=row.payload_hash,
        reason=row.reason,
        asked_by=row.asked_by,
        asked_by_name=row.asked_by_name,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        state=row.state,
        decided_by_name=row.decided_by_name,
        decided_at=row.decided_at,
        note=row.note,
    )
