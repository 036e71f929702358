"""Dates and instants as people say them: 1月23日 周四, 昨天 18:40 (SCREENS.md, Always)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

WEEKDAYS = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS_HANT = ("週一", "週二", "週三", "週四", "週五", "週六", "週日")


def day_words(day: date, *, weekday: bool = True, today: date | None = None) -> str:
    """`1月23日 周四`; with the year where it is not this year's."""
    language = get_language() or "zh-hans"
    other_year = today is not None and day.year != today.year
    if language.startswith("en"):
        words = f"{day.day} {MONTHS[day.month - 1]}" + (f" {day.year}" if other_year else "")
        return f"{WEEKDAYS['en'][day.weekday()]} {words}" if weekday else words
    words = (f"{day.year}年" if other_year else "") + f"{day.month}月{day.day}日"
    names = WEEKDAYS_HANT if language == "zh-hant" else WEEKDAYS["zh"]
    return f"{words} {names[day.weekday()]}" if weekday else words


def moment_words(at: datetime, now: datetime) -> str:
    """`今天 08:10`, `昨天 18:40`, `1月23日 周四 08:10`, in the zone of the page."""
    zone = timezone.get_current_timezone()
    local, here = at.astimezone(zone), now.astimezone(zone)
    clock = f"{local:%H:%M}"
    apart = (local.date() - here.date()).days
    near = {0: gettext("today"), -1: gettext("yesterday"), 1: gettext("tomorrow")}
    if apart in near:
        return f"{near[apart]} {clock}"
    return f"{day_words(local.date(), today=here.date())} {clock}"


def span_words(span: timedelta) -> str:
    """How long, in the largest unit that says enough: 40 min, 3 h 10 min, 2 days."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 60:
        return gettext("{n} min").format(n=minutes)
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return gettext("{h} h {m} min").format(h=hours, m=rest) if rest else gettext("{h} h").format(h=hours)
    days = hours // 24
    return ngettext("{n} day", "{n} days", days).format(n=days)


def zone_named(name: str) -> ZoneInfo:
    """The zone of a place."""
    return ZoneInfo(name)
