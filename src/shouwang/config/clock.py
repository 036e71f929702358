"""The clock of the interfaces. Domain code is handed the time; it never asks (ARCHITECTURE, rules.py)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Clock:
    """Real time plus an offset. The offset is zero but in the demonstration, which lives in February 2020."""

    offset: timedelta = timedelta(0)

    def now(self) -> datetime:
        """The present instant, UTC."""
        return datetime.now(UTC) + self.offset


OFFSET_FILE = "demo-clock"
"""In the home of a demonstration: how many seconds its clock is beside real time. No other home has it."""


def clock_of(home: Path) -> Clock:
    """`SHOUWANG_CLOCK_OFFSET` in seconds, else what the demonstration left in its home; else real time.

    A command on the demonstration's home (`shouwang backup`) is then of the demonstration's time, not of years later.
    """
    told = os.environ.get("SHOUWANG_CLOCK_OFFSET")
    kept = home / OFFSET_FILE
    if told is None and kept.exists():
        told = kept.read_text()
    return Clock(timedelta(seconds=float(told or 0)))
