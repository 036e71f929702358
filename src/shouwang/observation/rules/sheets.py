"""Keying in a round's paper: what somebody typed beside a line becomes one check, or says what is wrong.

Made for the number pad: `365` is 36.5 and seen; `1`, `2`, `3` in the same field mean not at home, refused, not
reached; in the symptom field each digit is the number of a box on the paper, nothing or `0` is "none".
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from shouwang.kernel.errors import Refused
from shouwang.observation.rules.checks import PLAUSIBLE

OUTCOME_KEYS = {
    **{"1": "not-home", "2": "refused", "3": "unreachable"},
    **{"n": "not-home", "r": "refused", "u": "unreachable"},
    **{"不在": "not-home", "不在家": "not-home", "拒测": "refused", "拒绝": "refused"},
    **{"联系不上": "unreachable", "未接": "unreachable"},
}
"""What stands for not having seen somebody, in the field of the temperature."""
NONE = frozenset({"", "0", "-", "无"})


@dataclass(frozen=True, slots=True)
class Typed:
    """One line as it was typed: temperature or outcome key, symptom keys, time, note."""

    reading: str
    symptoms: str = ""
    clock: str = ""
    note: str = ""

    @property
    def is_blank(self) -> bool:
        """Nothing was typed beside this line: it is left as it is."""
        return not (self.reading.strip() or self.symptoms.strip())


@dataclass(frozen=True, slots=True)
class Told:
    """What a line says."""

    outcome: str
    deci: int | None
    symptoms: tuple[str, ...]


def read_line(typed: Typed, keys: Sequence[str]) -> Told:
    """What was typed, in words of the house; `keys` are the symptom codes behind the numbers 1, 2, 3, …

    Refuses `temperature-unreadable`, `temperature-impossible`, `symptom-key-unknown`, `nobody-measured` (symptoms
    of somebody who was not seen).
    """
    reading = _plain(typed.reading).lower().removesuffix("℃").removesuffix("°c")
    symptoms = _symptoms(_plain(typed.symptoms), keys)
    if reading in OUTCOME_KEYS:
        if symptoms:
            raise Refused("nobody-measured")
        return Told(OUTCOME_KEYS[reading], None, ())
    return Told("done", _deci(reading, typed.reading), symptoms)


def read_clock(text: str, day: date, zone: str) -> datetime:
    """The instant of `805`, `0805`, `8:05` on the sheet's day. Refuses `check-unreadable`."""
    plain = _plain(text).replace(":", "").replace(".", "")
    if not (plain.isascii() and plain.isdigit() and 1 <= len(plain) <= 4):
        raise Refused("check-unreadable", field=text)
    number = int(plain) if len(plain) > 2 else int(plain) * 100
    hours, minutes = divmod(number, 100)
    if hours > 23 or minutes > 59:
        raise Refused("check-unreadable", field=text)
    return datetime.combine(day, time(hours, minutes), tzinfo=ZoneInfo(zone))


def line_id(sheet_id: UUID, number: int) -> UUID:
    """The id of the check that line `number` of a sheet becomes: the same paper keyed in twice is one fact.

    Sorts by time like the sheet's own id (UUID version 7); the rest is a digest of sheet and line.
    """
    digest = hashlib.sha256(sheet_id.bytes + number.to_bytes(4, "big")).digest()
    low = int.from_bytes(digest[:10], "big")
    value = (sheet_id.int >> 80) << 80 | 0x7 << 76 | (low >> 64 & 0xFFF) << 64
    value |= 0b10 << 62 | low & (1 << 62) - 1
    return UUID(int=value)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).replace("。", ".").split())


def _deci(reading: str, typed: str) -> int | None:
    if not reading:
        return None
    whole, dot, tenth = reading.replace(",", ".").partition(".")
    if not (whole.isascii() and whole.isdigit()) or (dot and not (tenth.isascii() and tenth.isdigit())):
        raise Refused("temperature-unreadable", value=typed)
    deci = int(whole) * 10 + int(tenth[0]) if dot else int(whole) if len(whole) == 3 else int(whole) * 10
    if deci not in PLAUSIBLE:
        raise Refused("temperature-impossible", value=typed)
    return deci


def _symptoms(text: str, keys: Sequence[str]) -> tuple[str, ...]:
    if text in NONE:
        return ()
    chosen = []
    for key in text.replace(",", "").replace("、", "").replace(".", ""):
        if not (key.isascii() and key.isdigit() and 1 <= int(key) <= len(keys)):
            raise Refused("symptom-key-unknown", key=key)
        chosen.append(keys[int(key) - 1])
    return tuple(dict.fromkeys(chosen))
