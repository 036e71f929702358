"""The same person twice in one file: by a valid number, else by name with something else; never by the name
alone (LESSONS 12)."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from shouwang.screening.reading.households import fold_address
from shouwang.screening.reading.shapes import PersonFields

RowRef = tuple[str, int]


class Repeats:
    """Remembers everybody seen and says whom a row repeats."""

    def __init__(self) -> None:
        self._by_id: dict[str, list[tuple[str, RowRef]]] = {}
        self._by_rest: dict[tuple[str, str], tuple[PersonFields, RowRef]] = {}

    def of_document(self, person: PersonFields) -> tuple[RowRef | None, RowRef | None]:
        """(row repeated, row in conflict) by the valid number alone.

        The same number under another name is not the same person: both are kept and both are to be verified.
        """
        if not person.id_ok:
            return None, None
        known = self._by_id.get(person.id_value, ())
        for name, ref in known:
            if same_name(name, person.name):
                return ref, None
        return None, known[0][1] if known else None

    def of_rest(self, person: PersonFields, household: str) -> RowRef | None:
        """The row repeated by name and number as written, telephone, household or address."""
        for key in self._keys(person, household):
            found = self._by_rest.get(key)
            if found is not None and not contradicts(found[0], person):
                return found[1]
        return None

    def remember(self, person: PersonFields, household: str, ref: RowRef) -> None:
        """Remember an accepted row."""
        if person.id_ok:
            self._by_id.setdefault(person.id_value, []).append((person.name, ref))
        for key in self._keys(person, household):
            self._by_rest.setdefault(key, (person, ref))

    @staticmethod
    def _keys(person: PersonFields, household: str) -> list[tuple[str, str]]:
        name = person.name
        if not name:
            return [("", f"t:{number}") for number in person.telephones] if not person.id_value else []
        keys = [(name, f"t:{number}") for number in person.telephones]
        if household and not household.startswith("b:"):
            keys.append((name, household))
        if person.door or person.address:
            keys.append(
                (name, "p:" + fold_address(person.village, person.group, person.door, person.address))
            )
        raw = re.sub(r"\W", "", person.id_raw).upper()
        if raw and not person.id_ok and len(raw) > 6:
            keys.append((name, f"w:{raw}"))
        return keys


def contradicts(one: PersonFields, other: PersonFields) -> bool:
    """Whether two rows of one name cannot be one person: two numbers far apart, another sex, another age."""
    if one.id_value != other.id_value and ((one.id_ok and other.id_ok) or _far(one.id_value, other.id_value)):
        return True
    if one.sex and other.sex and one.sex != other.sex:
        return True
    return one.age.isdigit() and other.age.isdigit() and abs(int(one.age) - int(other.age)) > 2


def _far(one: str, other: str) -> bool:
    """Whether two numbers differ by more than a slip of the pen."""
    return min(len(one), len(other)) >= 15 and SequenceMatcher(None, one, other).ratio() < 0.75


def same_name(one: str, other: str) -> bool:
    """Whether two spellings may be one name; a missing name contradicts nothing."""
    return not one or not other or one == other or one.replace(" ", "") == other.replace(" ", "")
