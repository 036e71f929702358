"""体温: a temperature as people write it, out in integer tenths of a degree Celsius."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from shouwang.kernel.cells import Cell, plain

LOWEST, HIGHEST = 340, 430
"""Tenths of a degree; outside, a thermometer or a pen was wrong (a living person at a door)."""

_NORMAL = re.compile(r"^(体温)?(正常|无异常|未见异常|无发热|不发热|不烧|无发烧|normal|ok)$", re.IGNORECASE)
_FEVER = re.compile(r"^(体温)?(发热|发烧|高烧|低烧|低热|高热|异常|偏高|有发热|fever)$", re.IGNORECASE)
_NUMBER = re.compile(
    r"^(?:体温|腋温|额温|耳温|口温)?:?(\d{2,3})(?:[.,,。·度](\d{1,2})度?)?(?:°?C|℃|摄氏度|度)?$",
    re.IGNORECASE,
)
_FAHRENHEIT = re.compile(r"^(\d{2,3}(?:\.\d)?)\s*(?:°?F|℉|华氏度)$", re.IGNORECASE)
_NOTHING = frozenset(["", "-", "/", "--", "无", "未测", "没测", "未量"])


@dataclass(frozen=True, slots=True)
class Reading:
    """`deci` is tenths of a degree Celsius; `said` is what was put in words instead of a figure.

    `problem` is None, "temperature-unclear" (not readable) or "temperature-impossible" (not of a living
    person). Nothing measured at all is no problem: deci None, said None, problem None.
    """

    deci: int | None = None
    problem: str | None = None
    said: Literal["normal", "fever"] | None = None


def read_temperature(cell: Cell) -> Reading:
    """Read a temperature: 36.2, "36.4℃", "36,4", "36度4", "正常", "98.6°F"; 373 means 37.3."""
    text = plain(cell).replace(" ", "").replace("°C", "C")
    if text in _NOTHING:
        return Reading()
    if _NORMAL.match(text) or _FEVER.match(text):
        return Reading(said="normal" if _NORMAL.match(text) else "fever")
    if fahrenheit := _FAHRENHEIT.match(text):
        return _in_range(round((float(fahrenheit.group(1)) - 32) * 50 / 9))
    found = _NUMBER.match(text)
    if found is None:
        return _from_float(cell)
    whole, part = found.group(1), found.group(2) or "0"
    if len(whole) == 3 and found.group(2) is None:
        return _in_range(int(whole))
    return _in_range(int(whole) * 10 + round(int(part) / 10 ** (len(part) - 1)))


def _from_float(cell: Cell) -> Reading:
    if isinstance(cell, float) and 0 < cell < 1000:
        return _in_range(round(cell * 10))
    return Reading(problem="temperature-unclear")


def _in_range(deci: int) -> Reading:
    if LOWEST <= deci <= HIGHEST:
        return Reading(deci)
    return Reading(problem="temperature-impossible")
