"""地名: finding the division that a person means. Pure, no database; the tables load on first use.

What a person writes is read left to right, longest name first; later names must lie inside (or above) the
earlier ones, in either order. A name that several divisions bear is settled by what else is written, then by
`near`, then by rank (province before city before county); otherwise it is ambiguous and no code is invented.
Countries have the code "x-" and their ISO 3166 letters (x-JP), which is the prefix of no division.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from shouwang.kernel.areas import TOWN_DIGITS
from shouwang.places.divisions import (
    NOT_A_NAME,
    Level,
    level_of,
    middle_name,
    parent_of,
    retired,
    short_name,
    upper,
)

Certainty = Literal["exact", "likely", "ambiguous", "unknown"]

_ALIASES = {
    "汉口": "4201", "武汉三镇": "4201", "沌口": "4201", "光谷": "420111", "东湖高新": "420111",
    "荆沙": "4210",
    "襄樊": "4206", "主城": "50", "渝": "50", "鄂": "42", "京": "11", "沪": "31", "黔": "52", "蓉": "5101",
    "蓉城": "5101", "羊城": "4401", "巴音郭楞": "6528", "九龙": "81", "新界": "81", "港": "81", "臺灣": "71",
    "台北": "71", "高雄": "71", "台中": "71", "台南": "71", "新北": "71", "内蒙": "15", "万县": "500101",
    "两江新区": "50", "天府新区": "51", "雄安": "1306", "雄安新区": "1306",
}  # fmt: skip
_NOWHERE = re.compile(
    r"外省|外市|国外|境外|不详|未知|不明|不清楚|外地|省外|市外|县外|外出|本地|本县|本区|本村|本镇"
)
_ROAD = re.compile(
    r"^(?:[东西南北中]?(?:[一二三四五六七八九十]*路|街(?!道)|大道|大街|巷|胡同|弄|里弄)"
    r"|桥|广场|大厦|小区|花园)"
)
_NOISE = re.compile(r"[\s\-/\\·,、>;:()\[\]|_~.]+")
_MUNICIPAL = ("11", "12", "31", "50")
_LONGEST = 16


@dataclass(frozen=True, slots=True)
class Resolution:
    """The division meant by a text.

    `code` None when unknown or not settled; for an ambiguous name below a known parent it is the parent's.
    `exact`: said fully, or borne by one division only; `likely`: settled by rank, nearness or an old or
    common name; `candidates` are the codes that could be meant (also the second place of "武汉转宜昌").
    `rest` is what was written beyond the name (road, village, building).
    """

    code: str | None
    name: str = ""
    level: Level | None = None
    certainty: Certainty = "unknown"
    candidates: tuple[str, ...] = ()
    rest: str = ""


_UNKNOWN = Resolution(None)


def resolve(text: str, *, near: str | None = None) -> Resolution:
    """Find the division that `text` means. `near` (a code) settles names borne by several divisions."""
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", text or "")).removeprefix("中国").upper()
    if not plain:
        return _UNKNOWN
    return _resolve(plain, near or "")


def successor(code: str) -> str | None:
    """The present code of a division (six digits or shorter) whose code was retired; itself when in use.

    None when there never was such a code or nothing tells what became of it.
    """
    short = _without_zeros(code)
    if short in upper():
        return short
    return next((to for to in _retired_codes().get(short, ("", ""))[1:] if to), None)


def _common_rungs(code: str, near: str) -> int:
    """How many levels two codes share from the province down."""
    return sum(code[:length] == near[:length] for length in (2, 4, 6) if length <= min(len(code), len(near)))


def _without_zeros(code: str) -> str:
    """GB/T 2260 writes 420000 and 420600 for what the tables call 42 and 4206."""
    if len(code) != 6 or not code.endswith("00") or code in upper():
        return code
    return code[:2] if code.endswith("0000") else code[:4]


def name_of(code: str) -> str:
    """The name of a division or country, also of a retired one; "" when there is none."""
    if code.startswith("x-"):
        return _country_names().get(code, "")
    short = _without_zeros(code)
    return upper().get(short) or _retired_codes().get(short, ("", ""))[0]


def full_name(code: str) -> str:
    """Names from the province down: "500101135" → "重庆市万州区龙沙镇" (rungs without a name left out)."""
    if code.startswith("x-"):
        return name_of(code)
    names: list[str] = []
    while code:
        name = name_of(code)
        if name and name not in NOT_A_NAME and name not in names:
            names.insert(0, name)
        code = parent_of(code)
    return "".join(names)


@dataclass(slots=True)
class _Chain:
    """What the names read so far agree on."""

    code: str = ""
    candidates: tuple[str, ...] = ()
    certainty: Certainty = "exact"
    other: tuple[str, ...] = ()
    names: int = 0

    def take(self, codes: tuple[str, ...], near: str, *, sure: bool) -> bool:
        """Narrow by one more name; False when the name contradicts what is known."""
        held = self.candidates or ((self.code,) if self.code else ())
        if not held:
            return self._settle(codes, near, sure=sure)
        inside = tuple(code for code in codes if any(code.startswith(above) for above in held))
        deeper = tuple(code for code in inside if code not in held)
        if deeper:
            return self._settle(deeper, near, sure=sure)
        above = [code for code in held if any(code.startswith(other) for other in codes)]
        if not above:
            self.other += codes if len(codes) == 1 and len(codes[0]) <= 4 else ()
            return False
        if self.candidates:
            return self._settle(tuple(above), near, sure=sure)
        return True

    def _settle(self, codes: tuple[str, ...], near: str, *, sure: bool) -> bool:
        chosen, certainty = _choose(codes, near)
        if chosen:
            self.code, self.candidates = chosen, ()
            self.certainty = certainty if sure else "likely"
            self.names += 1
        else:
            self.candidates = codes
        return True


def _choose(codes: tuple[str, ...], near: str) -> tuple[str, Certainty]:
    """One of several divisions of the same name, or "" when nothing settles it."""
    if len(codes) == 1:
        return codes[0], "exact"
    top = min(codes, key=len)
    if all(code.startswith(top) for code in codes) or len(top) == 2:
        return top, "exact" if len(top) == 2 else "likely"
    if near:
        shared = {code: _common_rungs(code, near) for code in codes}
        best = [code for code in codes if shared[code] == max(shared.values())]
        if len(best) == 1 and shared[best[0]]:
            return best[0], "likely"
    rivals = [code for code in codes if not code.startswith(top)]
    cities = [code for code in codes if len(code) == len(top)]
    if len(top) == 4 and len(cities) == 1 and not any(code.startswith(_MUNICIPAL) for code in rivals):
        return top, "likely"
    return "", "ambiguous"


@lru_cache(maxsize=20_000)
def _resolve(text: str, near: str) -> Resolution:
    chain, at, read = _Chain(), 0, False
    rest: list[str] = []
    while at < len(text):
        form, codes, sure = _longest(text, at, chain)
        if not form or (rest and chain.code and not sure and at):
            rest.append(text[at])
            at += 1
            continue
        at += len(form)
        read = True
        if not chain.take(codes, near, sure=sure):
            rest.append(form)
    if not read:
        return _elsewhere(text)
    return _told(chain, "".join(rest))


def _told(chain: _Chain, rest: str) -> Resolution:
    if chain.candidates:
        parent = _common(chain.candidates)
        code = parent or None
        name, level = (name_of(code), level_of(code)) if code else ("", None)
        return Resolution(code, name, level, "ambiguous", chain.candidates, rest)
    alone = rest and chain.names == 1 and len(chain.code) >= 6
    certainty = "likely" if chain.other or alone else chain.certainty
    return Resolution(
        chain.code, name_of(chain.code), level_of(chain.code), certainty, (chain.code, *chain.other), rest
    )


def _common(codes: tuple[str, ...]) -> str:
    """The lowest division above all of `codes`."""
    code = parent_of(min(codes, key=len))
    while code and not all(other.startswith(code) for other in codes):
        code = parent_of(code)
    return code


def _elsewhere(text: str) -> Resolution:
    if _NOWHERE.search(text):
        return Resolution(None, rest=text)
    for length in range(min(len(text), 12), 1, -1):
        for start in range(len(text) - length + 1):
            if code := _countries().get(text[start : start + length]):
                rest = text[:start] + text[start + length :]
                return Resolution(
                    code, name_of(code), "country", "exact" if not rest else "likely", (code,), rest
                )
    return Resolution(None, rest=text)


def _longest(text: str, at: int, chain: _Chain) -> tuple[str, tuple[str, ...], bool]:
    """The longest name at this place of the text, the codes that bear it, and whether it is a proper name."""
    forms = _forms()
    known = chain.code
    for length in range(min(_LONGEST, len(text) - at), 0, -1):
        form = text[at : at + length]
        if length == 1 and form != text:
            break
        if known and (codes := _streets_below(known).get(form)):
            return form, codes, True
        if found := forms.get(form):
            if not _ROAD.match(text[at + length :]):
                return form, *found
        elif at == 0 and length == len(text) and (streets := _streets().get(form)):
            return form, streets, len(streets) == 1 and form not in forms
    return "", (), False


@cache
def _forms() -> dict[str, tuple[tuple[str, ...], bool]]:
    """Form → codes of provinces, cities and counties; True when it is a full name or a plain short one."""
    found: dict[str, dict[str, None]] = {}
    for code, name in upper().items():
        if len(code) <= 6 and name not in NOT_A_NAME:
            for form in {name, middle_name(name), short_name(name), *_zone_forms(code, name)}:
                found.setdefault(form.upper(), {})[code] = None
    sure = {form: (tuple(sorted(codes, key=lambda c: (len(c), c))), True) for form, codes in found.items()}
    for code, name, _, to in retired():
        for form in (name, short_name(name)):
            if to and form not in sure and name not in NOT_A_NAME and len(form) > 1:
                sure[form] = ((to,), False) if len(code) <= 6 else sure[form]
    for form, code in _ALIASES.items():
        sure.setdefault(form, ((code,), False))
    return {form: (_without_same_place(codes), known) for form, (codes, known) in sure.items()}


def _zone_forms(code: str, name: str) -> set[str]:
    """Functional zones with a code of their own bear their city's name in front: 益阳市大通湖管理区."""
    if len(code) != 6 or not re.search(r"(?:开发区|园区|管理区|示范区)$", name):
        return set()
    city = upper().get(code[:4], "")
    bare = name.removeprefix(upper()[code[:2]]).removeprefix(short_name(upper()[code[:2]]))
    bare = bare.removeprefix(city).removeprefix(short_name(city)).removeprefix("市")
    forms = {bare, bare.removesuffix("管理区")}
    forms |= {"高新区"} if "高新技术" in bare else {"经开区"} if "经济" in bare else set()
    return {form for form in forms if len(form) > 2}


def _without_same_place(codes: tuple[str, ...]) -> tuple[str, ...]:
    """4419 and 441900 are both 东莞市: the city stands for both."""
    return tuple(code for code in codes if not (code.endswith("00") and code[:4] in codes))


@cache
def _streets() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for code, name in upper().items():
        if len(code) == TOWN_DIGITS:
            for form in _street_forms(name):
                found.setdefault(form, []).append(code)
    return {form: tuple(codes) for form, codes in found.items()}


@cache
def _streets_by_county() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code in upper():
        if len(code) == TOWN_DIGITS:
            found.setdefault(code[:6], []).append(code)
            if code[4:6] == "00":
                found.setdefault(code[:4], []).append(code)
    return found


@cache
def _streets_below(code: str) -> dict[str, tuple[str, ...]]:
    """Street forms inside one county (or a city without counties)."""
    found: dict[str, list[str]] = {}
    for street in _streets_by_county().get(code, ()):
        for form in _street_forms(upper()[street]):
            found.setdefault(form, []).append(street)
    return {form: tuple(codes) for form, codes in found.items()}


def _street_forms(name: str) -> set[str]:
    forms = {name.upper(), short_name(name).upper()}
    return forms | {name.removesuffix("道")} if name.endswith("街道") else forms


@cache
def _retired_codes() -> dict[str, tuple[str, str]]:
    """Retired code → (last name, successor or "")."""
    found: dict[str, tuple[int, str, str]] = {}
    for code, name, year, to in retired():
        if code not in found or year >= found[code][0]:
            found[code] = (year, name, to)
    return {code: (name, to) for code, (_, name, to) in found.items()}


@cache
def _countries() -> dict[str, str]:
    names = {name: code for code, name in _country_names().items()}
    return names | {"南韩": "x-KR", "迪拜": "x-AE", "北朝鲜": "x-KP", "英格兰": "x-GB", "阿联酋": "x-AE"}


@cache
def _country_names() -> dict[str, str]:
    from babel import Locale

    chinese = Locale.parse("zh_Hans").territories
    ours = ("CN", "HK", "MO", "TW", "EU", "UN", "QO", "ZZ", "EZ", "XA", "XB")
    return {f"x-{code}": str(name) for code, name in chinese.items() if len(code) == 2 and code not in ours}
