"""电话: telephone numbers as they stand in a cell, one or several, out as E.164."""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers

from shouwang.kernel.cells import Cell, plain

_SPLIT = re.compile(r"[/\\、,;|\n]|或者?|和|及")
_MOBILE = re.compile(r"(?<!\d)(?:(?:\+|00)?86[\s-]*)?(1[3-9]\d)[\s-]?(\d{4})[\s-]?(\d{4})(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(?:(?:\+|00)?86[\s-]*)?\(?(0\d{2,3})\)?[\s-]*(\d{3,4}[\s-]?\d{4})(?!\d)")
_NOTHING = frozenset(["", "无", "没有", "不详", "未知", "/", "-", "--", "?"])


@dataclass(frozen=True, slots=True)
class Telephones:
    """Numbers found in one cell: `numbers` in E.164, `unclear` as given, `problems` as codes.

    `phone-unclear`: something is there that cannot be dialled as it stands (a local number without its
    area code, too few digits). It is kept for a person to look at, never dropped and never guessed.
    """

    numbers: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def first(self) -> str:
        """The number to ring first, or what was written, or ""."""
        return next(iter(self.numbers + self.unclear), "")


def read_telephones(cell: Cell) -> Telephones:
    """Read every telephone number out of a cell, in order, without repeats. Blank is no problem."""
    said = plain(cell)
    if said.isdigit() and len(said) == 11 and said[0] == "1" and said[1] in "3456789":
        return Telephones(("+86" + said,))
    if said in _NOTHING:
        return Telephones()
    numbers: dict[str, None] = {}
    unclear: dict[str, None] = {}
    for part in _SPLIT.split(said):
        _read_part(part.strip(), numbers, unclear)
    return Telephones(tuple(numbers), tuple(unclear), ("phone-unclear",) if unclear or not numbers else ())


def national(number: str) -> str:
    """`number` (E.164) as it is dialled at home: "+8613812345678" → "13812345678", "023-58816543"."""
    if re.fullmatch(r"\+861[3-9]\d{9}", number):
        return number[3:]
    if not number.startswith("+"):
        return number
    parsed = phonenumbers.parse(number)
    form = phonenumbers.PhoneNumberFormat
    shape = form.NATIONAL if parsed.country_code == 86 else form.INTERNATIONAL
    return phonenumbers.format_number(parsed, shape).replace(" ", "-" if shape == form.NATIONAL else " ")


def _read_part(part: str, numbers: dict[str, None], unclear: dict[str, None]) -> None:
    if not part:
        return
    rest = part
    for found in _MOBILE.finditer(part):
        numbers["+86" + "".join(found.groups())] = None
    rest = _MOBILE.sub(" ", rest)
    for found in _LANDLINE.finditer(rest):
        number = _valid("".join(found.groups()))
        (numbers if number else unclear)[number or found.group().strip()] = None
    rest = _LANDLINE.sub(" ", rest)
    if not any(char.isdigit() for char in rest):
        if not numbers and rest.strip():
            unclear[part] = None
        return
    if rest.strip().startswith(("+", "00")) and (abroad := _valid(re.sub(r"^00", "+", rest.strip()))):
        numbers[abroad] = None
    elif re.search(r"\d{5,}", re.sub(r"[\s-]", "", rest)):
        unclear[rest.strip()] = None
    elif rest == part:
        unclear[part] = None


def _valid(text: str) -> str | None:
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number) or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
