"""Alerts after they were raised: somebody answers. Unanswered, they climb (`telling.py`)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.models import Alert

CLOSED = Alert.State.CLOSED


@transaction.atomic
def answer_alert(
    *, alert_id: UUID, answer: str, scope: Scope, by: Actor, at: datetime, closes: bool = True
) -> None:
    """Say what was done about an alert; it climbs no more. Without `closes` it stays on the list.

    Refuses `alert-not-found`, `not-permitted`, `alert-closed`, `answer-missing`.
    """
    if not answer.strip():
        raise Refused("answer-missing")
    row = Alert.objects.within(scope).select_for_update().filter(id=alert_id).first()
    if row is None:
        raise Refused("alert-not-found")
    if not scope.allows("alert.answer", row.area):
        raise Refused("not-permitted", permission="alert.answer")
    if row.state == CLOSED:
        raise Refused("alert-closed")
    row.state = CLOSED if closes else Alert.State.ANSWERED
    row.answered_by, row.answered_by_name, row.answered_at = by.id, by.name, at
    row.answer, row.next_climb_at = answer.strip(), None
    row.save(
        update_fields=["state", "answered_by", "answered_by_name", "answered_at", "answer", "next_climb_at"]
    )
    append_event(
        verb="observation.alert.answered",
        subject=("file", row.file_id),
        area=row.area,
        by=by,
        at=at,
        payload={"alert": row.id, "code": row.code, "level": row.level, "closed": closes},
    )
