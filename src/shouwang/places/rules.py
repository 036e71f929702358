"""地址: pure decisions on places: paths, village names, and addresses as locals say them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shouwang.kernel.areas import VILLAGE_DIGITS, village_of

SEGMENT = 3
"""Digits of a path segment below the official divisions ("-001"). Fixed width keeps prefixes exact."""

_VILLAGE_BODY = re.compile(
    r"(社区|村)?(居民委员会|村民委员会|村委员会|居民居委会|村民委会|居委会|村委会|居委|村委|委会|村民委|家委会|委员会)$"
)
_OTHER_BODY = re.compile(r"(委会|家委会|委员会)$")
"""Bodies that say neither village nor community: "第一街委员会"."""
_LOOSE_SPACE = re.compile(r"(?<![a-z0-9])\s+|\s+(?![a-z0-9])", re.IGNORECASE)
_BRACKETS = str.maketrans("()", "（）")
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CN_NUMBER = r"[零〇一二三四五六七八九十]{1,3}"
_GROUP = re.compile(rf"^第?(\d{{1,3}}|{_CN_NUMBER})(?:村民小组|居民小组|村民组|居民组|小组|组|社|生产队|队)")
_REMARK = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class AddressReading:
    """An address split the way it is looked up. `area` is None when no village of the list was named.

    `group` as "7组" or "", `door` as locals say it, `address_key` what two writings of one door share
    ("" when nothing tells which door).
    """

    area: str | None
    group: str
    door: str
    address_key: str


def full_name(told: Mapping[str, str], path: str) -> str:
    """A place as people say it; what lies below a village with the village, for a “first grid” could be anybody's:
    海螺村第一网格. `told`: path → the name as it is said; "" for who is not in it."""
    name = told.get(path, "")
    return told.get(village_of(path), "") + name if len(path) > VILLAGE_DIGITS else name


def next_path(parent: str, taken: Iterable[str]) -> str:
    """The first free path below `parent` for a place without an official code. Raises when 999 are taken."""
    used = set(taken)
    for number in range(1, 10**SEGMENT):
        path = f"{parent}-{number:0{SEGMENT}d}"
        if path not in used:
            return path
    raise ValueError(f"no path left below {parent}")


def door_number(door: str) -> int | None:
    """The number that ranges of doors go by, the first of the door: "9号" → 9, "25栋2单元4-4" → 25, "祠堂" → None."""
    found = re.search(r"\d+", address_key("", door))
    return int(found[0]) if found else None


@dataclass(frozen=True, slots=True)
class DoorChoice:
    """Which doors of a village are meant: a group or any, a range of door numbers or any.

    `group` None: any group; "": doors that name no group.
    """

    group: str | None = None
    first: int | None = None
    last: int | None = None

    def takes(self, group: str, door: str) -> bool:
        """Whether a door is meant. One without a number is in no range."""
        if self.group is not None and group != self.group:
            return False
        if self.first is None and self.last is None:
            return True
        number = door_number(door)
        return number is not None and (self.first or 0) <= number <= (
            self.last if self.last is not None else number
        )


EVERY = frozenset({"全部", "全村", "全社区", "*", "all"})
"""What a list writes where every door of the village is meant."""
_RANGE = re.compile(r"^(\d{1,4})(?:号|栋|幢|座)?(-|~|至|到)(\d{1,4})(号|栋|幢|座)?$")


def read_choice(text: str) -> DoorChoice | AddressReading | None:
    """What a line of a list means: "3组" a group, "3组1-40号" or "1至6栋" a range, "3组15号" one door, "全部" all.

    None where it means nothing. "15-2" without a word behind it is a door, as locals write one.
    """
    if text.strip() in EVERY:
        return DoorChoice()
    reading = read_address(text, {})
    if not reading.door:
        return DoorChoice(reading.group) if reading.group else None
    found = _RANGE.match(reading.door)
    if found and (found[4] or found[2] != "-") and int(found[1]) < int(found[3]):
        return DoorChoice(reading.group or None, int(found[1]), int(found[3]))
    return reading if reading.address_key else None


def village_name(text: str) -> str:
    """What people call a village: "红鹤村村民委员会" → "红鹤村", "岩口居委会" → "岩口社区"; any other name stays.

    Two writings of one name become one: width, brackets, spaces other than those between Latin words.
    """
    plain = _LOOSE_SPACE.sub("", unicodedata.normalize("NFKC", text)).translate(_BRACKETS)
    found = _VILLAGE_BODY.search(plain)
    if found is None or found.start() == 0:
        return plain
    if found[1]:
        return plain[: found.end(1)]
    if _OTHER_BODY.fullmatch(found[2]):
        return plain
    return plain[: found.start()] + ("社区" if found[2].startswith("居") else "村")


def village_forms(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Every name a village of `rows` (path, official name) goes by → its path. Shared names are left out."""
    found: dict[str, set[str]] = {}
    for path, name in rows:
        said = village_name(name)
        stem = re.sub(r"(社区|村|委会|家委会|委员会)$", "", said)
        forms = {name, said} | ({stem, stem + "居委会", stem + "村委会"} if len(stem) > 1 else set())
        forms |= {f"{stem}社区村", f"{stem}社区居委会"} if said.endswith("社区") else {f"{said}委会"}
        for form in forms:
            found.setdefault(form, set()).add(path)
    return {form: next(iter(paths)) for form, paths in found.items() if len(paths) == 1}


def read_address(text: str, villages: Mapping[str, str]) -> AddressReading:
    """Split "龙沙社区幸福小区25栋2单元4-4" or "3组54号". `villages` is name → path (`village_forms`)."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or "").replace("—", "-"))
    plain = _REMARK.sub("", plain)
    area, rest = _split_village(plain, villages)
    group, door = "", re.sub(r"^[,、;.\-]+|[,、;.\-]+$", "", rest)
    if found := _GROUP.match(door):
        group, door = f"{_number(found[1])}组", door[found.end() :]
    return AddressReading(area, group, door, address_key(group, door))


def address_key(group: str, door: str) -> str:
    """What two writings of one door share: "3幢1单元7-3号" and "3栋1单元7-3" both give "3-1-7-3"."""
    key = unicodedata.normalize("NFKC", group + door).upper()
    key = re.sub(r"[\s#.,、]", "", key)
    key = re.sub(rf"({_CN_NUMBER})(?=组|社|队|栋|幢|号|单元|楼|层|室)", lambda m: str(_number(m[1])), key)
    key = re.sub(r"(\d)(?:村民小组|居民小组|小组|生产队|[社队])", r"\1组", key)
    key = re.sub(r"(?<=\d)(?:栋|幢|座|号楼|单元|号院|楼|层)(?=\d)", "-", key)
    key = re.sub(r"(?<=[A-Z])(?:栋|幢|座)(?=\d)", "-", key)
    key = re.sub(r"(?<=\d)号?(?:房|室|附)?$", "", key)
    key = re.sub(r"-{2,}", "-", key).strip("-")
    return re.sub(r"(?<!\d)0+(?=\d)", "", key)


def _split_village(plain: str, villages: Mapping[str, str]) -> tuple[str | None, str]:
    """The village at the front, also behind names of the divisions above it."""
    starts = [0]
    starts += [found.end() for found in re.finditer(r"省|市|区|县|镇|乡|街道", plain)]
    for start in starts:
        for length in range(min(18, len(plain) - start), 1, -1):
            form = plain[start : start + length]
            if form in villages and (start == 0 or len(form) > 2):
                return villages[form], plain[start + length :]
    return None, plain


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    if "十" not in text:
        return int("".join(str(_DIGITS[char]) for char in text))
    tens, _, ones = text.partition("十")
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones[:1], 0) if ones else 0)
