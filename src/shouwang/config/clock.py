"""The clock of the interfaces. Domain code is handed the time; it never asks (ARCHITECTURE, rules.py)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Clock:
    """Real time plus an offset. The offset is zero but in the demonstration, which lives in February 2020."""

    offset: timedelta = timedelta(0)

    def now(self) -> datetime:
        """The present instant, UTC."""
        return datetime.now(UTC) + self.offset


def clock_from_environment() -> Clock:
    """`SHOUWANG_CLOCK_OFFSET` in seconds; set by `shouwang demo` for the processes it starts."""
    return Clock(timedelta(seconds=float(os.environ.get("SHOUWANG_CLOCK_OFFSET", "0"))))
