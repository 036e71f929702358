"""身份证件: national ids and the other documents that people bring instead.

Sources: GB 11643-1999 (18 digits, check digit by ISO 7064 MOD 11-2; 15 digits before 1999), the residence
permit of Hong Kong, Macau and Taiwan residents (2018, prefixes 81, 82, 83), the foreigner's permanent
residence card (2023 edition, prefix 9; earlier 3 letters and 12 digits). Nothing is ever repaired: a wrong
value is kept as written, with its problems, so that a person with a typo is still found (LESSONS 2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from shouwang.kernel.cells import Cell, plain

IdKind = Literal[
    "id-18",
    "id-15",
    "permit-hk",
    "permit-mo",
    "permit-tw",
    "permit-foreign",
    "passport",
    "travel-permit",
    "none",
    "unknown",
]
Sex = Literal["male", "female"]

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
    ]
)
_REGIONS = _PROVINCES | frozenset(["61", "62", "63", "64", "65", "71", "81", "82", "83", "91"])

_PERMITS: dict[str, IdKind] = {"81": "permit-hk", "82": "permit-mo", "83": "permit-tw"}

_SAYS_NONE = re.compile(r"(无|没有|未办理?|未领|暂无)(身份证|证件|证|户口)|未上户|未落户|新生儿|婴儿")
_MISSING = frozenset(
    ["", "无", "没有", "不详", "未知", "不清楚", "待查", "/", "\\", "-", "--", "?", "??", "0"]
)
_LABEL = re.compile(
    r"""^(居民|公民)?
    ( 身份证号?码? | 身份号码 | 护照号?码? | 通行证号?码? | 证件号?码? | 居住证 | 回乡证 | 台胞证
    | 港澳居民来往内地通行证 | 台湾居民来往大陆通行证 ) [::]?""",
    re.VERBOSE,
)
_SCIENTIFIC = re.compile(r"^\d(\.\d+)?E\+?\d+$", re.IGNORECASE)
_OTHER_DOCUMENTS: tuple[tuple[IdKind, re.Pattern[str], tuple[str, ...]], ...] = (
    ("travel-permit", re.compile(r"^[HMC]\d{8}(\d{2})?$"), ("",)),
    ("travel-permit", re.compile(r"^\d{8}(\d{2})?$"), ("台", "通行证")),
    ("permit-foreign", re.compile(r"^[A-Z]{3}\d{12}$"), ("",)),
    ("passport", re.compile(r"^(?=.{6,10}$)[A-Z]{1,3}\d{5,9}[A-Z]?$"), ("",)),
    ("passport", re.compile(r"^[A-Z0-9]{6,10}$"), ("护照",)),
)
"""Kind, shape, and the words of which one must stand before the number ("" when the shape says enough)."""


@dataclass(frozen=True, slots=True)
class IdCheck:
    """What a document number says, and what is wrong with it.

    `value` is the number in half width without blanks (the number as written when it has problems; empty
    when missing or when a numeric cell has destroyed it). `problems` are codes in order of weight:
    id-missing, id-numeric-cell, id-length, id-characters, id-checksum, id-birth-date, id-region.
    """

    kind: IdKind
    value: str
    problems: tuple[str, ...] = ()
    birth_date: date | None = None
    sex: Sex | None = None
    county_code: str | None = None

    @property
    def ok(self) -> bool:
        return not self.problems


def check_national_id(cell: Cell, *, on: date | None = None) -> IdCheck:
    """Read a document number. `on` is the day on which a birth date must already lie in the past."""
    if isinstance(cell, int | float) and abs(cell) >= 1e15:
        return IdCheck("unknown", "", ("id-numeric-cell",))
    said = plain(cell)
    if said in _MISSING:
        return IdCheck("none", "", ("id-missing",))
    if _SAYS_NONE.search(said):
        return IdCheck("none", "")
    said = re.sub(r"(?<=[\dXx])\s*\([^()]*\)$", "", said)
    label = _LABEL.match(said)
    text = re.sub(r"[\s\-_.·]", "", said[label.end() :] if label else said).upper().replace("Х", "X")
    if _SCIENTIFIC.match(said.replace(" ", "")):
        return IdCheck("unknown", "", ("id-numeric-cell",))
    if not text:
        return IdCheck("none", "", ("id-missing",))
    return _read_number(text, label.group() if label else "", on)


def check_digit(first17: str) -> str:
    """The check character of an 18-digit id, from its first 17 digits (ISO 7064 MOD 11-2)."""
    return _CHECK[sum(int(d) * w for d, w in zip(first17, _WEIGHTS, strict=True)) % 11]


def _read_number(text: str, label: str, on: date | None) -> IdCheck:
    if re.fullmatch(r"\d{17}[\dX]", text):
        return _read_18(text, on)
    if re.fullmatch(r"\d{15}", text):
        return _read_15(text, on)
    for kind, pattern, labels in _OTHER_DOCUMENTS:
        if pattern.match(text) and label.startswith(labels):
            return IdCheck(kind, text)
    problem = "id-length" if re.fullmatch(r"\d*X?", text) else "id-characters"
    return IdCheck("unknown", text, (problem,))


def _read_18(text: str, on: date | None) -> IdCheck:
    born = _date(text[6:14])
    problems = _birth_and_region(born, text[:2] if text[0] != "9" else "91", on)
    if check_digit(text[:17]) != text[17]:
        problems.insert(0, "id-checksum")
    kind = _PERMITS.get(text[:2], "permit-foreign" if text[0] == "9" else "id-18")
    sex: Sex = "male" if int(text[16]) % 2 else "female"
    return IdCheck(kind, text, tuple(problems), born, sex, text[:6] if kind == "id-18" else None)


def _read_15(text: str, on: date | None) -> IdCheck:
    born = _date("19" + text[6:12])
    problems = _birth_and_region(born, text[:2], on)
    sex: Sex = "male" if int(text[14]) % 2 else "female"
    return IdCheck("id-15", text, tuple(problems), born, sex, text[:6])


def _birth_and_region(born: date | None, region: str, on: date | None) -> list[str]:
    problems = []
    if born is None or born.year < 1880 or (on is not None and born > on):
        problems.append("id-birth-date")
    if region not in _REGIONS:
        problems.append("id-region")
    return problems


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
