"""When each step of telling is due: the opening, then every climb. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID


def alert_dues(raised_at: datetime, climb: Sequence[int]) -> tuple[datetime, ...]:
    """An alert is told at once, and climbs so many minutes after it was raised."""
    return (raised_at, *(raised_at + timedelta(minutes=m) for m in sorted(climb)))


def missed_dues(due_at: datetime, steps: Sequence[int]) -> tuple[datetime, ...]:
    """A missed check is told, and climbs, so many minutes after its deadline."""
    return tuple(due_at + timedelta(minutes=m) for m in sorted(steps))


def steps_due(dues: Sequence[datetime], told: int, at: datetime) -> tuple[tuple[int, datetime], ...]:
    """The steps from number `told` on whose time has come: after a night without a tick several at once, in order."""
    return tuple((step, due) for step, due in enumerate(dues) if step >= told and due <= at)


def next_step_at(dues: Sequence[datetime], told: int) -> datetime | None:
    """When the next step is due; None after the last."""
    return dues[told] if told < len(dues) else None


def short_number(id_: UUID) -> str:
    """What an alert is called by telephone and in messages: six characters that say nothing about anybody."""
    return id_.hex[-6:].upper()
