"""What titles, footers and sheet names say: the day of the file, town, village, where people came from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from shouwang.kernel.cells import Cell, plain

_DAY = re.compile(r"((?:19|20)\d\d)\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?(?P<after>.{0,3})")
_LABEL = re.compile(r"(填报|填表|制表|报送|统计|上报|更新|截至|截止|日期|时间)[^0-9]{0,12}$")
_SINCE = re.compile(r"^\s*[)\]]?(以来|起|以后|后|之后|至|到|-|—|~|前)")
_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")
_TOWN = re.compile(r"([一-鿿]{1,6}?(?:镇|街道|乡))(?!人)")
_VILLAGE = re.compile(r"^([一-鿿]{1,8}(?:村|社区))$")
_TITLE_VILLAGE = re.compile(r"(?:镇|街道|乡|区|县|:|\s|^)([一-鿿]{2,4}?(?:村|社区))(?!民|级|\()")
_NOT_VILLAGES = frozenset(["各村", "全村", "本村", "行政村", "各社区", "本社区", "村社区", "所在村"])
_PLACES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海"
    "|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|武汉|温州|黄冈|孝感|荆州|宜昌|襄阳|恩施|鄂州|黄石|十堰|荆门|咸宁|随州|信阳"
)
_ORIGIN = re.compile(rf"(?<!非)(?<!除)({_PLACES})(?:省|市)?(?:地区|疫区|籍|方向|务工)?(?:返|来|回|归|抵|入)")


class FileContext(Struct, frozen=True):
    """What a file, or one sheet of it, says above and below its rows. None or "" when it says nothing."""

    day: date | None = None
    year: int | None = None
    town: str = ""
    village: str = ""
    origin: str = ""

    def over(self, other: FileContext) -> FileContext:
        """This context, with `other` where it is silent."""
        return FileContext(
            self.day or other.day,
            self.year or other.year,
            self.town or other.town,
            self.village or other.village,
            self.origin or other.origin,
        )


def read_context(lines: Iterable[Sequence[Cell]], sheet: str = "") -> FileContext:
    """Read title and footer lines, and the sheet's name."""
    labelled: list[date] = []
    others: list[date] = []
    texts: list[str] = []
    for line in lines:
        for at, cell in enumerate(line):
            if isinstance(cell, date):
                day = cell.date() if isinstance(cell, datetime) else cell
                before = " ".join(plain(one) for one in line[:at])
                (labelled if _LABEL.search(before.strip()) else others).append(day)
            elif text := plain(cell):
                texts.append(text)
                _days(text, labelled, others)
    joined = "\n".join(texts)
    years = _YEAR.findall(joined)
    place = _VILLAGE.match(plain(sheet))
    return FileContext(
        next(iter(labelled or others), None),
        int(years[0]) if years else None,
        _first(_TOWN, joined),
        place.group(1) if place and place.group(1) not in _NOT_VILLAGES else _title_village(joined),
        _origin(texts, sheet),
    )


def _days(text: str, labelled: list[date], others: list[date]) -> None:
    for found in _DAY.finditer(text):
        day = _date(*(int(part) for part in found.groups()[:3]))
        if day is None or _SINCE.match(found["after"]):
            continue
        (labelled if _LABEL.search(text[: found.start()]) else others).append(day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found.group(1) if found else ""


def _title_village(text: str) -> str:
    found = _first(_TITLE_VILLAGE, text)
    return "" if found in _NOT_VILLAGES else found


def _origin(texts: list[str], sheet: str) -> str:
    for text in [*texts, plain(sheet)]:
        if re.search(r"非湖北|其他省|外省|市外|省外|区外|国内", text):
            continue
        if found := _ORIGIN.search(text):
            return found.group(1)
    return ""


def reference_day(
    context: FileContext, dates: Sequence[date], day: date
) -> tuple[date, Literal["title", "dates", "import"]]:
    """The day in the light of which year-less dates are read: the file's own, else of its whole dates, else
    the day of the import."""
    if context.day is not None:
        return context.day, "title"
    if dates:
        ordered = sorted(dates)
        middle = ordered[len(ordered) // 2]
        return max(one for one in ordered if (one - middle).days <= 60), "dates"
    if context.year is not None and context.year != day.year:
        return date(context.year, 6, 30), "title"
    return day, "import"
