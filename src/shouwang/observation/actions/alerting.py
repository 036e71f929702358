"""Alerts after they were raised: somebody answers, or they climb."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from os.path import commonprefix
from uuid import UUID

from django.db import connection, transaction

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


@dataclass(frozen=True, slots=True)
class Climbed:
    """An alert nobody answered in time, and where it stands now."""

    id: UUID
    file_id: UUID
    area: str
    code: str
    severity: str
    level: int
    tell: list[str]


@transaction.atomic
def climb_alerts(*, by: Actor, at: datetime, most: int = 5000) -> list[Climbed]:
    """The tick: lift every open alert whose minutes are over; two ticks at once share the work."""
    with connection.cursor() as cursor:
        cursor.execute(_CLIMB, {"at": at, "most": most})
        climbed = [Climbed(*row) for row in cursor.fetchall()]
    if climbed:
        append_event(
            verb="observation.alerts.climbed",
            subject=("alerts", climbed[0].id),
            area=commonprefix([alert.area for alert in climbed]),  # noqa: RUF071 - of codes
            by=by,
            at=at,
            payload={"count": len(climbed), "alerts": [alert.id for alert in climbed[:500]]},
        )
    return climbed


_CLIMB = """
with due as (
    select id from observation_alert where state = 'open' and next_climb_at <= %(at)s
    order by next_climb_at limit %(most)s for update skip locked
), passed as (
    select a.id, (select count(*) from unnest(a.climb) m where a.raised_at + m * interval '1 minute' <=
    %(at)s)
        as level, (select min(a.raised_at + m * interval '1 minute') from unnest(a.climb) m
            where a.raised_at + m * interval '1 minute' > %(at)s) as next_at
    from observation_alert a join due d on d.id = a.id
)
update observation_alert a set level = p.level, next_climb_at = p.next_at from passed p where p.id = a.id
returning a.id, a.file_id, a.area, a.code, a.severity, a.level, a.tell
"""
