"""日期: dates as people in an office write them, by the solar and by the lunar calendar.

A date that is not clear is never guessed: it is `unclear` or `impossible`, carries no value, and goes on the
to-verify list (unknown counts as found). What had to be assumed for a clear one is said in `assumed`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from shouwang.kernel import lunar
from shouwang.kernel.cells import Cell, plain

DateState = Literal["clear", "unclear", "impossible", "missing"]

_STALE_DAYS = 335
"""A year-less date read as this long ago, though the same day is soon to come, is unclear."""
_FESTIVAL_DAYS = 100
""""初三" alone is of the first lunar month; later in the year than this nobody speaks so."""


@dataclass(frozen=True, slots=True)
class DateContext:
    """What a file says of the time in which it was written.

    `reference`: the day of the file (its title, its name, or the day of the import). `slack_days`: how far
    after it a date may lie (a file is dated before the last rows are typed). `year` overrides the year of
    year-less dates. `earliest` is the first day thought possible.
    """

    reference: date
    year: int | None = None
    slack_days: int = 3
    earliest: date = date(1900, 1, 1)

    @property
    def latest(self) -> date:
        return self.reference + timedelta(days=self.slack_days)


@dataclass(frozen=True, slots=True)
class DateReading:
    """A read date. `assumed` names what the writer left out: "year", "lunar-month", "lunar-year",
    "century", "relative-day"."""

    value: date | None
    state: DateState
    raw: str = ""
    assumed: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[str, ...]:
        """Problem codes: date-unclear, date-impossible; a missing date is no problem of reading."""
        return (f"date-{self.state}",) if self.state in ("unclear", "impossible") else ()


def read_date(cell: Cell, *, context: DateContext) -> DateReading:
    """Read a date out of a cell. Never raises on any cell."""
    if isinstance(cell, date):
        day = cell.date() if isinstance(cell, datetime) else cell
        return _bounded(day, context, str(day))
    if isinstance(cell, time | timedelta | bool):
        return DateReading(None, "unclear", str(cell))
    raw = plain(cell)
    text = _tidy(raw)
    if text in _NOTHING:
        return DateReading(None, "missing", raw)
    if isinstance(cell, int | float):
        return _read_number(float(cell) if -1e9 < cell < 1e9 else 0.0, context, raw)
    for pattern, reader in _SHAPES:
        if found := pattern.fullmatch(text):
            return reader(found, context, raw)
    return DateReading(None, "unclear", raw)


_NOTHING = frozenset(["", "无", "-", "--", "/", "\\", "空", "未填"])
_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}
_MONTHS = {"正": 1, "元": 1, "冬": 11, "腊": 12, "臘": 12}
_AFTER = r"(?:\s*(?:当天|当日|凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|夜间|晚|夜|早))?"
_CLOCK = (
    r"(?:[\sT]*\d{1,2}(?:[::时点]\d{0,2}(?:[::分]\d{0,2}(?:\.\d+)?秒?)?分?)?(?:半|许|左右)?"
    r"(?:Z|\+\d\d:?\d\d)?)?"
)
_WEEKDAY = r"(?:\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?"
_TAIL = _WEEKDAY + _AFTER + _CLOCK + r"(?:返乡|返回|回家|到家|返|回|到达|抵达|到)?[。.,]?"
_CN = r"[〇零○一二三四五六七八九十廿卅两]"


def _tidy(raw: str) -> str:
    text = re.sub(r"\s+", " ", raw)
    text = re.sub(r"(?<=\d)\s*[,、]\s*(?=\d)", ".", text)
    text = re.sub(r"\s*([年月日号./\-])\s*", r"\1", text)
    text = re.sub(r"(?<=.)\([^()]*\)$", "", text)  # 1月20日(腊月廿六): what stands outside counts
    return re.sub(r"^(?:约|大约|大概|于|在|公历|阳历|新历)", "", text).replace("號", "号").replace("臘", "腊")


def _number(text: str) -> int:
    """A number in digits or Chinese: "27", "二十七", "廿七", "卅", "二〇二〇"."""
    if text.isdigit():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十")
    if "十" not in text:
        return int("".join(str(_DIGITS[char]) for char in text))
    tens, _, ones = text.partition("十")
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones[:1], 0) if ones else 0)


def _month(text: str) -> int:
    return _MONTHS.get(text) or _number(text)


def _solar(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _bounded(value: date | None, context: DateContext, raw: str, *assumed: str) -> DateReading:
    """A whole date: impossible when it does not exist or lies beyond what the file can know."""
    if value is None or not context.earliest <= value <= context.latest:
        return DateReading(None, "impossible", raw)
    return DateReading(value, "clear", raw, assumed)


def _nearest(
    of_year: Callable[[int], date | None], context: DateContext, raw: str, *assumed: str, within: int = 400
) -> DateReading:
    """A year-less date: the latest one that is not after the file (and its slack)."""
    base = context.year if context.year is not None else context.reference.year + 1
    span = range(base, base - (1 if context.year is not None else 3), -1)
    days = [day for year in span if (day := of_year(year)) is not None]
    past = [day for day in days if day <= context.latest]
    if not days:
        leaps = any(of_year(context.reference.year - back) for back in range(9))
        return DateReading(None, "unclear" if leaps and context.year is None else "impossible", raw)
    if context.year is not None:
        return _bounded(days[0], context, raw, *assumed)
    if not past:
        return DateReading(None, "unclear", raw)
    age = (context.reference - past[0]).days
    soon = any(0 < (day - context.reference).days <= 400 - _STALE_DAYS for day in days)
    if age > within or (age > _STALE_DAYS and soon):
        return DateReading(None, "unclear", raw)
    return DateReading(past[0], "clear", raw, assumed)


def _read_number(value: float, context: DateContext, raw: str) -> DateReading:
    if value.is_integer() and 19000101 <= value <= 21001231:
        return _whole(_COMPACT.fullmatch(str(int(value))), context, raw)
    if 20000 <= value < 75000:
        return _bounded(date(1899, 12, 30) + timedelta(days=int(value)), context, raw)
    shown = f"{value:.10g}"
    if re.fullmatch(r"(?:[1-9]|1[0-2])\.[123]", shown) or (found := _DOTTED.fullmatch(shown)) is None:
        return DateReading(None, "unclear", raw)  # 1.2 in a numeric cell may have been typed as 1.20
    return _month_day(found, context, raw)


def _whole(found: re.Match[str] | None, context: DateContext, raw: str) -> DateReading:
    if found is None:
        return DateReading(None, "impossible", raw)
    year = _number(found["y"])
    return _bounded(_solar(year, _month(found["m"]), _number(found["d"])), context, raw)


def _short_year(found: re.Match[str], context: DateContext, raw: str) -> DateReading:
    """20.1.20 or 1/20/20: the part that is this year's or last year's number is the year."""
    parts = [int(found[name]) for name in "abc"]
    near = {(context.reference.year - back) % 100 for back in range(2)}
    for year, month, day in ((parts[0], parts[1], parts[2]), (parts[2], parts[0], parts[1])):
        if year in near and 1 <= month <= 12:
            century = context.reference.year // 100 * 100
            return _bounded(_solar(century + year, month, day), context, raw, "century")
    return DateReading(None, "unclear", raw)


def _month_day(found: re.Match[str], context: DateContext, raw: str) -> DateReading:
    month, day = _month(found["m"]), _number(found["d"])
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return DateReading(None, "impossible", raw)
    return _nearest(lambda year: _solar(year, month, day), context, raw, "year")


def _lunar_day(found: re.Match[str], context: DateContext, raw: str) -> DateReading:
    month, day = _month(found["m"]), _number(found["d"].removeprefix("初"))
    leap = bool(found.groupdict().get("leap"))
    if written := found.groupdict().get("y"):
        return _lunar_of_year(_number(written), month, day, leap=leap, context=context, raw=raw)
    if not 1 <= day <= 30 or not 1 <= month <= 12:
        return DateReading(None, "impossible", raw)
    if (month, day) == (12, 30):
        return _eve(found, context, raw)
    return _nearest(lambda year: lunar.to_solar(year, month, day, leap=leap), context, raw, "year")


def _lunar_of_year(
    year: int, month: int, day: int, *, leap: bool, context: DateContext, raw: str
) -> DateReading:
    """2020年腊月二十七, written in January 2020, is of the lunar year that began in 2019."""
    value = lunar.to_solar(year, month, day, leap=leap)
    before = lunar.to_solar(year - 1, month, day, leap=leap)
    if value is not None and value > context.latest and before is not None and before.year == year:
        return _bounded(before, context, raw, "lunar-year")
    return _bounded(value, context, raw)


def _eve(_: re.Match[str], context: DateContext, raw: str) -> DateReading:
    """除夕, 大年三十: the last day of the lunar year, though that month may have only 29 days."""
    return _nearest(lunar.new_years_eve, context, raw, "year")


def _festival_day(found: re.Match[str], context: DateContext, raw: str) -> DateReading:
    day = _number(found["d"].removeprefix("初"))
    return _nearest(
        lambda year: lunar.to_solar(year, 1, day), context, raw, "year", "lunar-month", within=_FESTIVAL_DAYS
    )


def _year_end_day(found: re.Match[str], context: DateContext, raw: str) -> DateReading:
    day = _number(found["d"])
    if day == 30:
        return _eve(found, context, raw)
    return _nearest(lambda year: lunar.to_solar(year, 12, day), context, raw, "year", "lunar-month")


def _named(month: int, day: int, *, solar: bool = False) -> _Reader:
    def read(_: re.Match[str], context: DateContext, raw: str) -> DateReading:
        if solar:
            return _nearest(lambda year: _solar(year, month, day), context, raw, "year")
        return _nearest(lambda year: lunar.to_solar(year, month, day), context, raw, "year")

    return read


_RELATIVE = {
    "今天": 0,
    "今日": 0,
    "当天": 0,
    "当日": 0,
    "昨天": 1,
    "昨日": 1,
    "昨晚": 1,
    "前天": 2,
    "前日": 2,
    "大前天": 3,
}


def _relative(found: re.Match[str], context: DateContext, raw: str) -> DateReading:
    value = context.reference - timedelta(days=_RELATIVE[found["r"]])
    return DateReading(value, "clear", raw, ("relative-day",))


def _past_year(found: re.Match[str], context: DateContext, raw: str) -> DateReading:
    """今年1月20日, 去年12月28日."""
    year = context.reference.year - (1 if found["when"] in ("去年", "上年") else 0)
    return _bounded(_solar(year, _month(found["m"]), _number(found["d"])), context, raw)


def _serial(found: re.Match[str], context: DateContext, raw: str) -> DateReading:
    return _read_number(float(found[0]), context, raw)


def _six(found: re.Match[str], context: DateContext, raw: str) -> DateReading:
    """200120 as yymmdd, 202001 as a month without a day."""
    reading = _short_year(found, context, raw)
    return reading if reading.state == "clear" else DateReading(None, "unclear", raw)


_Reader = Callable[[re.Match[str], DateContext, str], DateReading]
_DOTTED = re.compile(r"(?P<m>\d{1,2})[./\-](?P<d>\d{1,2})" + _TAIL)
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)")
_CN_DAY = rf"(?P<d>\d{{1,2}}|{_CN}{{1,3}})"
_LUNAR_D = rf"(?P<d>初?\d{{1,2}}|初?{_CN}{{1,3}})"
_NEW_YEAR = r"(?:大年|过年|春节|年)?"


_MONTH_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
_ENGLISH = {name: number for number, name in enumerate(_MONTH_NAMES.split(), 1)}


def _english(found: re.Match[str], context: DateContext, raw: str) -> DateReading:
    """20-Jan-2020, 20-Jan, Jan 20, 2020: what a spreadsheet makes of dates under an English system."""
    month, day = _ENGLISH[found["mon"].lower()], int(found["d"])
    if year := found.groupdict().get("y"):
        return _bounded(_solar(int(year), month, day), context, raw)
    return _nearest(lambda year: _solar(year, month, day), context, raw, "year")


def _shapes() -> Iterator[tuple[str, _Reader]]:
    year = r"(?P<y>\d{4}|[〇零○一二三四五六七八九]{4})"
    month = rf"(?P<m>\d{{1,2}}|{_CN}{{1,2}}|元)"
    lunar_month = r"(?P<m>正|腊|冬)月"
    calendar = r"(?:农历|阴历|旧历|古历)"
    yield rf"{year}[年./\-]{month}[月./\-]{_CN_DAY}[日号]?{_TAIL}", _whole
    yield rf"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d){_TAIL}", _whole
    yield rf"(?P<d>\d{{1,2}})[./\-](?P<m>\d{{1,2}})[./\-](?P<y>(?:19|20)\d\d){_TAIL}", _day_first
    yield rf"(?P<a>\d{{1,2}})[年./\-](?P<b>\d{{1,2}})[月./\-](?P<c>\d{{1,2}})[日号]?{_TAIL}", _short_year
    yield rf"(?P<when>今年|本年|去年|上年){month}月{_CN_DAY}[日号]?{_TAIL}", _past_year
    yield (
        rf"{calendar}?(?:{year}年)?{calendar}?(?P<leap>闰)?{lunar_month}{_LUNAR_D}[日号]?{_TAIL}",
        _lunar_day,
    )
    yield rf"{calendar}(?:{year}年)?(?P<leap>闰)?{month}月{_LUNAR_D}[日号]?{_TAIL}", _lunar_day
    yield rf"{month}月(?P<d>初{_CN}){_TAIL}", _lunar_day
    yield rf"{month}月{_CN_DAY}[日号]?{_TAIL}", _month_day
    yield _DOTTED.pattern + r"[日号]?", _month_day
    named = rf"(?P<mon>(?i:{'|'.join(_ENGLISH)}))[a-z]*"
    yield rf"(?P<d>\d{{1,2}})[ \-]{named}(?:[ ,\-]+(?P<y>\d{{4}}))?{_TAIL}", _english
    yield rf"{named}[ \-](?P<d>\d{{1,2}})[ ,.\-]+(?P<y>\d{{4}}){_TAIL}", _english
    yield r"(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)", _month_day
    yield r"(?P<a>\d\d)(?P<b>\d\d)(?P<c>\d\d)", _six
    yield r"[2-7]\d{4}(?:\.\d+)?", _serial
    yield rf"(?:除夕夜?|(?:大年|过年|年)三十|(?:大年|年)30|年夜){_TAIL}", _eve
    yield rf"{_NEW_YEAR}(?P<d>初(?:{_CN}{{1,2}}|\d{{1,2}})){_TAIL}", _festival_day
    yield rf"(?:大年|年)(?P<d>廿{_CN}|二十{_CN}|2\d){_TAIL}", _year_end_day
    yield rf"(?:春节(?:当天)?|大年初一){_TAIL}", _named(1, 1)
    yield rf"(?:元宵节?|正月十五){_TAIL}", _named(1, 15)
    yield rf"腊八节?{_TAIL}", _named(12, 8)
    yield rf"元旦节?(?:当天)?{_TAIL}", _named(1, 1, solar=True)
    yield rf"(?P<r>{'|'.join(sorted(_RELATIVE, key=len, reverse=True))}){_TAIL}", _relative


def _day_first(found: re.Match[str], context: DateContext, raw: str) -> DateReading:
    """1/20/2020 and 20/1/2020 are clear; 2/1/2020 could be either day."""
    first, second, year = int(found["d"]), int(found["m"]), int(found["y"])
    readings = {day for day in (_solar(year, first, second), _solar(year, second, first)) if day}
    if len(readings) > 1:
        return DateReading(None, "unclear", raw)
    return _bounded(next(iter(readings), None), context, raw)


_SHAPES: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(pattern), reader) for pattern, reader in _shapes()
)
