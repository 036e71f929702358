"""What a person decides about messages that no rule could settle: send again, or it did arrive."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from os.path import commonprefix
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.outreach.models import DeliveryAttempt, DeliveryResult, Message
from shouwang.outreach.rules import State

MANAGE = "message.manage"
STUCK = (State.UNCERTAIN, State.REFUSED, State.DEAD)


@transaction.atomic
def resend_messages(*, messages: Collection[UUID], scope: Scope, by: Actor, at: datetime) -> int:
    """Send again what was refused, is uncertain or has died; an uncertain one says in its text that it may be a
    repetition. Returns how many are due again. Refuses `message-not-found` where one is out of sight,
    `message-settled` where none is stuck."""
    rows = _reach(messages, scope)
    stuck = [row for row in rows if row.state in STUCK]
    if not stuck:
        raise Refused("message-settled")
    for row in stuck:
        row.maybe_twice = row.maybe_twice or row.state == State.UNCERTAIN
        row.queued_at = at if row.state == State.DEAD else row.queued_at  # else it would die again at once
        row.state, row.next_at, row.settled_at = State.QUEUED, at, None
        row.save(update_fields=["state", "next_at", "settled_at", "maybe_twice", "queued_at"])
    _tell(rows, "outreach.messages.sent-again", by, at)
    return len(stuck)


@transaction.atomic
def mark_arrived(*, messages: Collection[UUID], scope: Scope, by: Actor, at: datetime) -> int:
    """A person looked: these uncertain messages did arrive. Returns how many. Refuses as `resend_messages`."""
    rows = [row for row in _reach(messages, scope) if row.state == State.UNCERTAIN]
    if not rows:
        raise Refused("message-settled")
    tries = DeliveryAttempt.objects.unscoped("of messages in scope").filter(
        message_id__in=[r.id for r in rows]
    )
    last = {t.message_id: t.id for t in tries.order_by("number")}
    DeliveryResult.objects.bulk_create(
        DeliveryResult(attempt_id=attempt, outcome="arrived", code="seen", by_id=by.id, at=at)
        for attempt in last.values()
    )
    for row in rows:
        row.state, row.settled_at, row.last_code = State.SENT, at, "seen"
        row.save(update_fields=["state", "settled_at", "last_code"])
    _tell(rows, "outreach.messages.arrived", by, at)
    return len(rows)


def _reach(messages: Collection[UUID], scope: Scope) -> list[Message]:
    wanted = set(messages)
    rows = list(Message.objects.within(scope).select_for_update().filter(id__in=wanted).order_by("id"))
    if len(rows) != len(wanted) or not rows:
        raise Refused("message-not-found")
    for row in rows:
        if not scope.allows(MANAGE, row.area):
            raise Refused("not-permitted", permission=MANAGE)
    return rows


def _tell(rows: list[Message], verb: str, by: Actor, at: datetime) -> None:
    append_event(
        verb=verb,
        subject=("message", rows[0].id),
        area=commonprefix([row.area for row in rows]),  # noqa: RUF071 - of codes
        by=by,
        at=at,
        payload={"messages": [str(row.id) for row in rows[:500]], "count": len(rows)},
    )
