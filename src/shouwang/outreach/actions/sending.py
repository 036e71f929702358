"""Sending what is due, once.

The order is what makes it once: a try is marked and committed, then the call is made outside any transaction,
then its result is written. A worker that is killed before the mark leaves a message that is simply due. Killed
after the mark and before the result it leaves a try of which nobody can know whether it arrived: when its lease
is over, the message goes again only by a channel that recognises the repetition, or where the pack says that
twice is better than perhaps not; else it is `uncertain` and waits for a person. So nothing is lost without being
shown and nothing is doubled, and at most the calls in flight at the kill (`AT_ONCE`) are uncertain.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from os.path import commonprefix
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.outreach import rules
from shouwang.outreach.actions.claiming import WHY, Claimed, after_loss, claim, lapse
from shouwang.outreach.calling import call_all
from shouwang.outreach.models import Channel, DeliveryResult, Message
from shouwang.outreach.rules import Answer, Health, State

AT_ONCE = 8
"""Calls in flight at a time, and so the most that one kill can leave uncertain."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one round of sending did, by outcome of its calls."""

    outcomes: Counter[str]
    lapsed: int

    @property
    def calls(self) -> int:
        """How many calls were made."""
        return self.outcomes.total()


def send_due(*, by: Actor, at: datetime, limit: int = AT_ONCE, only: UUID | None = None) -> Sent:
    """Send up to `limit` messages that may go at `at`, urgent first; call again (with a later `at`) while it sends.

    Several workers may do this at once. `only` sends one message now, whenever it was due. Not atomic as a
    whole, on purpose: what was called is written at once. One event tells of the round.
    """
    lapsed = lapse(at, by.id)
    claimed = claim(at, min(limit, AT_ONCE), only)
    outcomes: Counter[str] = Counter()
    for held, answer in call_all([(held, held.task) for held in claimed], at):
        settle(held, answer, by_id=by.id, at=at)
        outcomes[answer.outcome] += 1
    if claimed or lapsed:
        areas = [held.area for held in claimed]
        with transaction.atomic():
            append_event(
                verb="outreach.messages.sent",
                subject=("messages", claimed[0].message_id if claimed else ""),
                area=commonprefix(areas),  # noqa: RUF071 - of codes
                by=by,
                at=at,
                payload={**outcomes, "lapsed": lapsed},
            )
    return Sent(outcomes, lapsed)


@transaction.atomic
def settle(held: Claimed, answer: Answer, *, by_id: str, at: datetime) -> None:
    """Write what came of one call: the result, the message, the channel."""
    DeliveryResult.objects.create(
        attempt_id=held.attempt_id,
        outcome=answer.outcome,
        code=answer.code,
        receipt=answer.receipt[:200],
        by_id=by_id,
        at=at,
    )
    rows = Message.objects.unscoped(WHY).select_for_update()
    message = rows.filter(
        id=held.message_id, attempts=held.number, state__in=[State.SENDING, State.UNCERTAIN]
    ).first()
    if message is not None:
        _decide(message, held, answer, at)
        message.save()
    channel = Channel.objects.unscoped(WHY).select_for_update().get(id=held.channel_id)
    was_stopped = channel.stopped_at is not None
    keep_health(channel, rules.after_answer(health_of(channel), answer, at))
    if was_stopped and channel.stopped_at is None:
        go_on(channel.id, at)


def go_on(channel_id: UUID, at: datetime) -> None:
    """Make due what a channel refused while it was broken, and what waited for it: inside the caller's action."""
    rows = Message.objects.unscoped(WHY)
    broken = rows.filter(channel_id=channel_id, state=State.REFUSED, last_code__startswith="broken:")
    broken.update(state=State.QUEUED, next_at=at, settled_at=None)
    rows.filter(state=State.QUEUED, last_code="channel-stopped", next_at__gt=at).update(next_at=at)


def _decide(message: Message, held: Claimed, answer: Answer, at: datetime) -> None:
    message.lease_until, message.next_at, message.last_code = None, None, answer.code
    match answer.outcome:
        case "sent":
            message.state, message.settled_at = State.SENT, at
        case "refused" | "broken":
            message.state, message.settled_at = State.REFUSED, at
            message.last_code = f"{answer.outcome}:{answer.code}"
        case "lost":
            after_loss(message, held.kind, held.when_unsure, at)
        case _:
            if rules.given_up(held.queued_at, at):
                message.state, message.settled_at = State.DEAD, at
            else:
                message.state = State.QUEUED
                message.next_at = rules.next_try(at, held.number, message.id, least=answer.wait)


def health_of(channel: Channel) -> Health:
    """How a channel fares, as the rules see it. Stopped without an end is broken."""
    return Health(
        channel.failures,
        channel.failing_since,
        channel.last_success_at,
        channel.last_code,
        channel.stopped_at,
        channel.blocked_until,
        channel.stopped_at is not None and channel.blocked_until is None,
    )


def keep_health(channel: Channel, health: Health) -> None:
    """Write how a channel fares."""
    channel.failures, channel.failing_since = health.failures, health.failing_since
    channel.last_success_at, channel.last_code = health.last_success_at, health.last_code
    channel.stopped_at = health.stopped_at
    channel.blocked_until = None if health.broken else health.blocked_until
    channel.save(
        update_fields=[
            *("failures", "failing_since", "last_success_at", "last_code", "stopped_at", "blocked_until")
        ]
    )
