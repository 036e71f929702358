"""Channels as plain values: which may go now, how they fare, when one counts as stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shouwang.outreach.rules.vendors import Answer, Limit

STOPS_AFTER = 5
"""Tries in a row without success before a channel counts as stopped. Our choice."""
TRIES_AGAIN_AFTER = timedelta(minutes=5)
"""A stopped channel is tried now and then: an outage ends by itself."""
LONGEST_WINDOW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Health:
    """How a channel fares."""

    failures: int = 0
    failing_since: datetime | None = None
    last_success_at: datetime | None = None
    last_code: str = ""
    stopped_at: datetime | None = None
    blocked_until: datetime | None = None
    broken: bool = False
    """Nothing leaves until somebody mends it."""


def after_answer(health: Health, answer: Answer, at: datetime) -> Health:
    """How a channel fares after a call.

    A refusal of one message (`refused`) is the message's own fault: the channel works. Being throttled is no
    failure either, only a pause.
    """
    if answer.outcome in ("sent", "refused"):
        return Health(last_success_at=at if answer.outcome == "sent" else health.last_success_at)
    if answer.outcome == "throttled":
        return replace(health, blocked_until=at + (answer.wait or LONGEST_WINDOW), last_code=answer.code)
    failures = health.failures + 1
    broken = answer.outcome == "broken"
    stops = broken or failures >= STOPS_AFTER or health.stopped_at is not None
    return replace(
        health,
        failures=failures,
        failing_since=health.failing_since or at,
        last_code=answer.code,
        stopped_at=health.stopped_at or (at if stops else None),
        blocked_until=None if broken else at + TRIES_AGAIN_AFTER if stops else health.blocked_until,
        broken=health.broken or broken,
    )


def next_slot(limits: Sequence[Limit], calls: Sequence[datetime], at: datetime) -> datetime:
    """When the next call may be made, given the instants of the calls of the last minute (any order).

    In every window that ends at a call there are at most as many calls as the limit says.
    """
    earliest = at
    for most, window in limits:
        inside = sorted(call for call in calls if call > at - window)
        if len(inside) >= most:
            earliest = max(earliest, inside[len(inside) - most] + window)
    return earliest
