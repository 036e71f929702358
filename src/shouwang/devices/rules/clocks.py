"""钟 When a command counts as done (sync.md §5). Order is the server's number, never a clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

CLOCK_OFF = "clock-off"
DATE_QUARANTINED = "date-quarantined"
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClockLimits:
    """How far a phone's clock may be off: until its word is corrected, and until its date is doubted."""

    flag: timedelta = timedelta(minutes=5)
    quarantine: timedelta = timedelta(minutes=1440)


@dataclass(frozen=True, slots=True)
class Told:
    """The instant at which it counts as done, never in the future, and what is to be said about it."""

    at: datetime
    flags: tuple[str, ...] = ()


def told_time(
    occurred_at: datetime, *, skew: timedelta, received_at: datetime, floor_at: datetime, limits: ClockLimits
) -> Told:
    """The told time of a command that the phone says was done at `occurred_at`.

    `skew`: the server's time less the phone's, measured as the batch came. `floor_at`: the beginning of the
    oldest shift it may come from. Where the told time is more than `limits.quarantine` from anything possible the
    date is doubted, and the nearest possible instant stands for it.
    """
    is_off = abs(skew) > limits.flag
    told = occurred_at + skew if is_off else occurred_at
    earliest = floor_at - A_DAY
    is_doubted = False
    if told > received_at:
        is_off = is_off or told - received_at > limits.flag
        is_doubted = told - received_at > limits.quarantine
        told = received_at
    elif earliest - told > limits.quarantine:
        is_doubted, told = True, min(earliest, received_at)
    flags = [CLOCK_OFF] * is_off + [DATE_QUARANTINED] * is_doubted
    return Told(told, tuple(flags))
