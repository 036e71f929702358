"""行政区划: the division data shipped with the product, and the short forms of its names. Pure.

Data: see data/NOTICE. Five levels by length of code: 2 province, 4 city, 6 county, 9 street, 12 village.
"""

from __future__ import annotations

import lzma
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Literal

Level = Literal["country", "province", "city", "county", "street", "village"]

LEVELS: dict[int, Level] = {2: "province", 4: "city", 6: "county", 9: "street", 12: "village"}
PARENT_LENGTH = {2: 0, 4: 2, 6: 4, 9: 6, 12: 9}

WITHOUT_VILLAGES = frozenset(["71", "81", "82"])
"""Provinces whose parts are not in the edition (data/NOTICE)."""

NOT_A_NAME = frozenset(
    ["市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "市", "省直辖县级行政单位"]
)
"""Rungs of the code that nobody calls a place."""

_PEOPLES = (
    "蒙古族?|回族|藏族|维吾尔族?|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族|黎族|傈僳族"
    "|佤族|畲族|高山族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族?|土族|达斡尔族?|仫佬族|羌族|布朗族|撒拉族|毛南族"
    "|仡佬族|锡伯族?|阿昌族|普米族|塔吉克族?|怒族|乌孜别克族|俄罗斯族|鄂温克族|德昂族|保安族|裕固族|京族|塔塔尔族"
    "|独龙族|鄂伦春|赫哲族|门巴族|珞巴族|基诺族|各族"
)
_AUTONOMOUS = re.compile(rf"^(?P<stem>.{{2,}}?)(?:{_PEOPLES})*自治(?P<kind>[区州县旗])$")
_SUFFIX = re.compile(r"(?:特别行政区|维吾尔自治区|地区|林区|特区|新区|街道|[省市盟区县旗乡镇])$")


def level_of(code: str) -> Level:
    """The level of a division code, by its length; an "x-" code is a country."""
    return "country" if code.startswith("x-") else LEVELS[len(code)]


def parent_of(code: str) -> str:
    """The code of the division above; "" above a province."""
    return code[: PARENT_LENGTH[len(code)]]


def short_name(name: str) -> str:
    """What people say: "恩施土家族苗族自治州" → "恩施", "万州区" → "万州", "忠县" stays "忠县"."""
    if found := _AUTONOMOUS.match(name):
        stem = found["stem"]
        return stem if len(stem) > 1 else name
    if re.fullmatch(rf"(?:{_PEOPLES})自治[县旗]", name):
        return re.sub(r"族?自治[县旗]$", "", name)
    stem = _SUFFIX.sub("", name)
    return stem if len(stem) > 1 else name


def middle_name(name: str) -> str:
    """With the kind but without the peoples: "恩施土家族苗族自治州" → "恩施州", "石柱…自治县" → "石柱县"."""
    found = _AUTONOMOUS.match(name)
    return short_name(name) + found["kind"] if found and found["kind"] != "区" else name


@cache
def upper() -> dict[str, str]:
    """Code → name of every province, city, county and street, in code order."""
    pairs = (line.partition(",") for line in _lines("upper.xz"))
    return {code: name for code, _, name in pairs}


def villages(prefix: str = "") -> Iterator[tuple[str, str]]:
    """Code and name of every village and community whose code begins with `prefix` (at least a province)."""
    for province in [code for code in upper() if len(code) == 2 and code.startswith(prefix[:2])]:
        yield from _villages_of(province, prefix)


def _villages_of(province: str, prefix: str) -> Iterator[tuple[str, str]]:
    if province in WITHOUT_VILLAGES:
        return
    street = ""
    for line in _lines(f"villages-{province}.xz"):
        if len(line) == 9 and line.isdigit():
            street = line
        elif street.startswith(prefix) or (len(prefix) > 9 and prefix.startswith(street)):
            code = street + line[:3]
            if code.startswith(prefix):
                yield code, line[3:]


@cache
def retired() -> tuple[tuple[str, str, int, str], ...]:
    """(code, name, year of the last edition, successor or "") of names and codes no longer in use."""
    rows = (line.split(",") for line in _lines("retired.xz"))
    return tuple((code, name, int(year), successor) for code, name, year, successor in rows)


def _lines(name: str) -> Iterator[str]:
    packed = resources.files("shouwang.places").joinpath("data", name).read_bytes()
    yield from lzma.decompress(packed).decode().split("\n")
