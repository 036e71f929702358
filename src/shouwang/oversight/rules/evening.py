"""收日 The hours of an evening: who closes by when, and what stands if the pack says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from shouwang.kernel.days import at_local
from shouwang.packs.schema import CarryReason, CloseBy, Evening, Pack, Texts

Standing = Literal["closed", "open", "late", "ahead"]
"""`ahead`: the day has not begun; `open`: there is time; `late`: its hour is over and it is not closed."""

_LEVELS = {"county": "county", "street": "town", "village": "village", "grid": "grid"}


def _texts(hans: str, hant: str, en: str) -> Texts:
    return Texts(zh_hans=hans, zh_hant=hant, en=en)


USUAL = Evening(
    close_by=CloseBy(grid="20:15", village="20:30", town="20:50", county="21:30"),
    meeting="21:00",
    reason=(  # type: ignore[call-arg]  # the name in files; in Python it is `reasons`
        CarryReason(code="not-home", title=_texts("家中无人", "家中無人", "nobody at home")),
        CarryReason(code="refused", title=_texts("拒绝", "拒絕", "refused")),
        CarryReason(code="time", title=_texts("当日来不及", "當日來不及", "no time left today")),
        CarryReason(
            code="other",
            title=_texts("其他（须说明）", "其他（須說明）", "other (say what)"),
            needs_note=True,
        ),
    ),
    convention=_texts("方案没有写明时使用。", "方案沒有寫明時使用。", "Used where the pack says nothing."),
)
"""Where no pack is in force or it says nothing of the evening: our choice."""


def evening_of(pack: Pack | None) -> Evening:
    """The evening as the pack has it, else the usual one."""
    return (pack.evening if pack else None) or USUAL


def closing_level(place_level: str) -> str:
    """What a level of the place tree is called in the pack's hours; "" where nobody closes a day."""
    return _LEVELS.get(place_level, "")


def close_by(evening: Evening, level: str, day: date, zone: str) -> datetime:
    """The instant by which a level closes the local day."""
    hour: str = getattr(evening.close_by, level or "county")
    return at_local(day, hour, zone)


@dataclass(frozen=True, slots=True)
class DayState:
    """How the day of one place stands at an instant: computed at read, no job needed."""

    area: str
    level: str
    by: datetime
    state: Standing
    revision: int = 0
    closed_at: datetime | None = None
    closed_by: str = ""
    hash: str = ""

    @property
    def is_late(self) -> bool:
        """Whether it was closed after its hour, or its hour is over and it is not closed."""
        return self.state == "late" or (self.closed_at is not None and self.closed_at > self.by)


def standing_of(*, is_closed: bool, by: datetime, start: datetime, at: datetime) -> Standing:
    """How a day stands: at the very hour it is not late yet."""
    if is_closed:
        return "closed"
    if at < start:
        return "ahead"
    return "late" if at > by else "open"
