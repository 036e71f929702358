"""When the demonstration is: the evening of the ninth day after Longsha's returnees were found."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
FOUND = datetime(2020, 1, 27, 16, 0, tzinfo=ZONE)
"""The evening on which the villages' spreadsheets came in; the first morning of checks is day 1."""
PRESENT = datetime(2020, 2, 5, 18, 40, tzinfo=ZONE)
"""Day 9, between the morning's deadline and the evening's."""


def offset_from(real_now: datetime, last_written: datetime | None) -> timedelta:
    """What to add to real time so that the demonstration goes on where it stopped.

    It starts at `PRESENT`; typed entries of an earlier run are never in the future of the next one.
    """
    start = PRESENT if last_written is None else max(PRESENT, last_written + timedelta(minutes=1))
    return start - real_now
