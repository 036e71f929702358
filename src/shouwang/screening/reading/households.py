"""Which rows are one household: by its number, by merged cells, by the block under a head, by the address.

Merged ranges are filled down exactly as far as they reach. Where a column has no merged range at all (a text
file has none), a blank means "as above" inside the block of one household, and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import structs

from shouwang.kernel.cells import Cell
from shouwang.screening.reading.layout import Layout
from shouwang.screening.reading.shapes import PersonFields
from shouwang.screening.reading.tables import Merge

_KEEP = frozenset(["name", "id_no", "seq", "row_key"])
_HEAD = "户主"
_PLACE = ("village", "group", "door", "address")
_WIDE_PREFIX = re.compile(r"^.*?(?:镇|街道办?事?处?|乡)(?=[一-鿿])")


class MergedCells:
    """Cells hidden under a merged range, with the value of its first cell."""

    def __init__(self, merges: Sequence[Merge], layout: Layout, first_row: int) -> None:
        keep = {at for field in _KEEP for at in layout.columns.get(field, ())}
        self.tall: set[int] = set()
        """Columns in which at least one range reaches over several rows of data."""
        self._until: dict[int, list[tuple[int, int]]] = {}
        for top, left, bottom, right in merges:
            if bottom > top and left == right and top >= first_row and left not in keep:
                self.tall.add(left)
                self._until.setdefault(top, []).append((left, bottom))
        self._open: dict[int, tuple[int, Cell]] = {}

    def fill(self, at: int, row: list[Cell]) -> list[Cell]:
        """The row `at` with covered cells filled. Rows must be given in order."""
        if not self._until:
            return row
        if self._open:
            filled = list(row)
            for column, (bottom, value) in list(self._open.items()):
                if at > bottom:
                    del self._open[column]
                elif column < len(filled) and filled[column] in ("", None):
                    filled[column] = value
            row = filled
        for column, bottom in self._until.get(at, ()):
            if column < len(row):
                self._open[column] = (bottom, row[column])
        return row


def fold_address(*parts: str) -> str:
    """An address for comparing: no blanks, no county and town before the village, one word for a building."""
    text = re.sub(r"[\s,。.、·]", "", "".join(parts))
    text = _WIDE_PREFIX.sub("", text)
    return re.sub(r"号楼|幢", "栋", text).replace("第", "").replace("#", "号")


class Households:
    """Gives every row of a file its household, in the order of the rows."""

    def __init__(self) -> None:
        self._block = 0
        self._sheet = ""
        self._current: PersonFields | None = None
        self._current_key = ""
        self._by_number: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        self._at_door: dict[str, list[str]] = {}
        self._headed: set[str] = set()
        self.sparse: frozenset[str] = frozenset()
        """Fields whose blanks mean "as above": no merged ranges, and mostly blank after a head."""

    def open_sheet(self, sheet: str, sparse: frozenset[str]) -> None:
        """Begin a sheet; a block never reaches over its edge."""
        self._sheet, self._current, self._current_key, self.sparse = sheet, None, "", sparse

    def close_block(self) -> None:
        """A subtotal or a title ends the household above it."""
        self._current, self._current_key = None, ""

    def place(self, person: PersonFields, *, repeat: bool) -> tuple[PersonFields, str]:
        """The person with what the block says of household and address, and the household's key.

        A repeated person (`repeat`) is placed, but opens no household of its own.
        """
        person, inside = self._completed(person)
        if inside:
            return person, self._current_key
        key = self._key_of(person, repeat)
        if not repeat:
            self._current, self._current_key = person, key
        return person, key

    def _completed(self, person: PersonFields) -> tuple[PersonFields, bool]:
        above = self._current
        if above is None or person.is_head:
            return person, False
        blank = not any(getattr(person, field) for field in _PLACE if field in self.sparse)
        if "household_no" in self.sparse and not person.household_no:
            return (structs.replace(person, household_no=above.household_no, **_place(above, person)), True)
        if person.household_no and person.household_no == above.household_no:
            return structs.replace(person, **_place(above, person)), bool(blank) or _same(person, above)
        if person.head and person.head == above.head and not _written(person):
            return structs.replace(person, **_place(above, person)), True
        by_place = not person.household_no and self.sparse & set(_PLACE) and blank
        if by_place and not (person.door or person.address):
            return structs.replace(person, **_place(above, person)), True
        return person, False

    def _key_of(self, person: PersonFields, repeat: bool) -> str:
        address = fold_address(person.village, person.group, person.door, person.address)
        if person.household_no:
            return self._numbered(person, address)
        if person.head:
            return f"h:{address}/{person.head}"
        if person.door or person.address:
            return self._at_this_door(person, f"a:{address}", repeat)
        self._block += 1
        return f"b:{self._block}"

    def _at_this_door(self, person: PersonFields, door: str, repeat: bool) -> str:
        """One door is one household, unless two heads live behind it: then each begins one."""
        keys = self._at_door.setdefault(door, [])
        if not keys:
            keys.append(door)
        elif not repeat and person.relation == _HEAD and keys[-1] in self._headed:
            keys.append(f"{door}#{len(keys)}")
        elif not person.is_head and self._current_key in keys:
            return self._current_key
        if person.relation == _HEAD:
            self._headed.add(keys[-1])
        return keys[-1]

    def _numbered(self, person: PersonFields, address: str) -> str:
        """A short number may start again in another sheet, village, or further down at another address."""
        number = person.household_no
        if len(number) >= 6:
            return f"n:{number}"
        base = (self._sheet, person.village, number)
        known = self._by_number.setdefault(base, [])
        for other, key in known:
            if not address or not other or other == address or address in other or other in address:
                return key
        same_block = self._current is not None and self._current.household_no == number
        if known and (same_block or (person.relation and not person.is_head)):
            return known[-1][1]
        key = f"n:{'/'.join(base)}#{len(known)}"
        known.append((address, key))
        return key


def _place(above: PersonFields, person: PersonFields) -> dict[str, str]:
    """Address parts of the household for a member whose own row leaves all of them blank."""
    if _written(person):
        return {}
    return {field: getattr(above, field) for field in _PLACE if not getattr(person, field)}


def _written(person: PersonFields) -> bool:
    """Whether the row itself says where the person lives."""
    return bool(person.group or person.door or person.address)


def _same(person: PersonFields, above: PersonFields) -> bool:
    mine = fold_address(person.village, person.group, person.door, person.address)
    return mine == fold_address(above.village, above.group, above.door, above.address)
