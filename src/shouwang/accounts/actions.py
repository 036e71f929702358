"""Log-ins, grants, approvals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from shouwang.accounts.models import Approval, Grant, User
from shouwang.accounts.rules import PERMISSIONS, ROLES
from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.canon import content_hash
from shouwang.kernel.errors import Refused

APPROVAL_LIVES = timedelta(days=3)
"""An unanswered request lapses: what was true when it was asked may no longer be."""


@transaction.atomic
def create_user(*, username: str, name: str, password: str, by: Actor, at: datetime) -> User:
    """Make a log-in. Refuses `username-taken`."""
    if User.objects.filter(username=username).exists():
        raise Refused("username-taken", username=username)
    user = User(username=username, name=name, created_at=at)
    user.set_password(password)
    user.save()
    append_event(verb="accounts.user.created", subject=("user", user.id), area="", by=by, at=at)
    return user


@transaction.atomic
def set_password(*, user_id: UUID, password: str, by: Actor, at: datetime, area: str = "") -> None:
    """Give a log-in a new password; `area` is where the journal says so. Refuses `user-not-found`."""
    user = User.objects.filter(id=user_id).first()
    if user is None:
        raise Refused("user-not-found")
    user.set_password(password)
    user.save(update_fields=["password"])
    append_event(verb="accounts.user.password-set", subject=("user", user.id), area=area, by=by, at=at)


@transaction.atomic
def grant_role(*, user_id: UUID, role: str, area: str, by: Actor, at: datetime) -> None:
    """Give a role over a place subtree (path; "" is everywhere). Giving it twice changes nothing."""
    if role not in ROLES:
        raise Refused("role-unknown", role=role)
    if Grant.objects.filter(user_id=user_id, role=role, area=area, until__isnull=True).exists():
        return
    Grant.objects.create(user_id=user_id, role=role, area=area, since=at)
    append_event(
        verb="accounts.role.granted",
        subject=("user", user_id),
        area=area,
        by=by,
        at=at,
        payload={"role": role},
    )


@transaction.atomic
def end_grant(*, user_id: UUID, role: str, area: str, by: Actor, at: datetime) -> None:
    """Take a role away from `at` on. Refuses `grant-not-found`."""
    ended = Grant.objects.filter(user_id=user_id, role=role, area=area, until__isnull=True).update(until=at)
    if not ended:
        raise Refused("grant-not-found", role=role)
    append_event(
        verb="accounts.role.ended", subject=("user", user_id), area=area, by=by, at=at, payload={"role": role}
    )


@transaction.atomic
def ask_approval(
    *,
    kind: str,
    permission: str,
    area: str,
    subject: tuple[str, object],
    payload: Mapping[str, object],
    reason: str,
    by: Actor,
    at: datetime,
) -> UUID:
    """Ask for a second person's decision on a payload that is frozen now. Returns the request's id."""
    if permission not in PERMISSIONS:
        raise ValueError(permission)
    if not reason.strip():
        raise Refused("reason-missing")
    row = Approval.objects.create(
        kind=kind,
        area=area,
        permission=permission,
        subject_kind=subject[0],
        subject_id=str(subject[1]),
        payload=dict(payload),
        payload_hash=content_hash(dict(payload)),
        reason=reason.strip(),
        asked_by=by.id,
        asked_by_name=by.name,
        asked_at=at,
        expires_at=at + APPROVAL_LIVES,
    )
    append_event(
        verb="accounts.approval.asked",
        subject=("approval", row.id),
        area=area,
        by=by,
        at=at,
        payload={"kind": kind, "payload_hash": row.payload_hash},
    )
    return row.id


@transaction.atomic
def decide_approval(
    *, approval_id: UUID, approve: bool, note: str = "", by: Actor, at: datetime
) -> Mapping[str, object]:
    """Decide as the second person and return the frozen payload.

    Refuses `approval-not-found`, `approval-closed`, `approval-lapsed`, `second-person-needed`,
    `payload-changed`. Whether `by` holds the permission is the caller's question (scope).
    """
    row = (
        Approval.objects.unscoped("reached through scope by the caller")
        .select_for_update()
        .filter(id=approval_id)
        .first()
    )
    if row is None:
        raise Refused("approval-not-found")
    if row.state != Approval.State.WAITING:
        raise Refused("approval-closed", state=row.state)
    if at >= row.expires_at:
        raise Refused("approval-lapsed")
    if row.asked_by == by.id:
        raise Refused("second-person-needed")
    if content_hash(row.payload) != row.payload_hash:
        raise Refused("payload-changed")
    row.state = Approval.State.APPROVED if approve else Approval.State.REFUSED
    row.decided_by, row.decided_by_name, row.decided_at, row.note = by.id, by.name, at, note
    row.save(update_fields=["state", "decided_by", "decided_by_name", "decided_at", "note"])
    append_event(
        verb="accounts.approval.approved" if approve else "accounts.approval.refused",
        subject=("approval", row.id),
        area=row.area,
        by=by,
        at=at,
        payload={"kind": row.kind, "payload_hash": row.payload_hash},
    )
    payload: Mapping[str, object] = row.payload
    return payload
