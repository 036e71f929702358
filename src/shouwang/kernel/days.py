"""Local days. One function answers "which local day is it for this place" (LESSONS 15)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def local_day(instant: datetime, zone: str) -> date:
    """The calendar day at `instant` in `zone` (IANA name). `instant` must be aware."""
    return _aware(instant).astimezone(ZoneInfo(zone)).date()


def local_time(instant: datetime, zone: str) -> datetime:
    """`instant` on the wall clock of `zone`."""
    return _aware(instant).astimezone(ZoneInfo(zone))


def day_start(day: date, zone: str) -> datetime:
    """The first instant of `day` in `zone`."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(zone))


def day_end(day: date, zone: str) -> datetime:
    """The instant at which `day` ends (24:00, exclusive) in `zone`."""
    return day_start(day + timedelta(days=1), zone)


def at_local(day: date, hour_minute: str, zone: str) -> datetime:
    """The instant of `hour_minute` ("HH:MM", up to "24:00") on `day` in `zone`."""
    hours, minutes = (int(part) for part in hour_minute.split(":"))
    if (hours, minutes) == (24, 0):
        return day_end(day, zone)
    return datetime.combine(day, time(hours, minutes), tzinfo=ZoneInfo(zone))


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return instant
