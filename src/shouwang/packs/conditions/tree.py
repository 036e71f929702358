"""The closed expression tree that a pack's conditions are made of, and its spelling in a file.

A condition is `all`, `any`, `not`, a quantifier (`trip`, `exposure`: "one and the same trip is such that …")
or a leaf from the table `LEAVES`. There is nothing else: no code, no names outside the table. Every leaf is
three-valued: a missing date or place makes it unknown, and unknown counts as found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Level = Literal["person", "trip", "exposure", "check", "case"]
"""What a leaf speaks of: the person, one trip, one exposure, the check just recorded, the file."""

ArgKind = Literal["places", "codes", "date", "int", "true", "days"]


@dataclass(frozen=True, slots=True)
class Ref:
    """A dated value of the pack, named instead of written out."""

    code: str


Argument = tuple[str, ...] | date | int | bool | Ref


@dataclass(frozen=True, slots=True)
class Leaf:
    """One statement about a fact: a name of `LEAVES` and its argument."""

    name: str
    arg: Argument


@dataclass(frozen=True, slots=True)
class All:
    """Every item holds."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one item holds."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The item does not hold; the opposite of unknown is unknown."""

    item: Condition


@dataclass(frozen=True, slots=True)
class Trip:
    """There is one trip of which the item holds."""

    item: Condition


@dataclass(frozen=True, slots=True)
class Exposure:
    """There is one exposure of which the item holds."""

    item: Condition


Condition = All | AnyOf | Not | Trip | Exposure | Leaf


@dataclass(frozen=True, slots=True)
class LeafKind:
    """The level that a leaf speaks at and the argument it takes."""

    level: Level
    arg: ArgKind


LEAVES: Mapping[str, LeafKind] = {
    "stayed-in": LeafKind("trip", "places"),
    "returned-since": LeafKind("trip", "date"),
    "returned-until": LeafKind("trip", "date"),
    "returned-within-days": LeafKind("trip", "int"),
    "left-on-or-after": LeafKind("trip", "date"),
    "left-on-or-before": LeafKind("trip", "date"),
    "kind": LeafKind("exposure", "codes"),
    "first-since": LeafKind("exposure", "date"),
    "first-within-days": LeafKind("exposure", "int"),
    "last-since": LeafKind("exposure", "date"),
    "last-within-days": LeafKind("exposure", "int"),
    "age-at-least": LeafKind("person", "int"),
    "age-under": LeafKind("person", "int"),
    "born-since": LeafKind("person", "date"),
    "born-until": LeafKind("person", "date"),
    "sex": LeafKind("person", "codes"),
    "tag-any": LeafKind("person", "codes"),
    "lives-in": LeafKind("person", "places"),
    "temperature-at-least": LeafKind("check", "int"),
    "symptom-any": LeafKind("check", "codes"),
    "symptom-count-at-least": LeafKind("check", "int"),
    "test-result-any": LeafKind("check", "codes"),
    "days-completed": LeafKind("case", "days"),
    "quorum-met": LeafKind("case", "true"),
    "no-open-alert": LeafKind("case", "true"),
    "tests-negative-at-least": LeafKind("case", "int"),
}

TEST_OUTCOMES = ("negative", "positive", "inconclusive")
"""What a laboratory test may find."""

_QUANTIFIERS: Mapping[str, tuple[type[Trip] | type[Exposure], Level]] = {
    "trip": (Trip, "trip"),
    "exposure": (Exposure, "exposure"),
}
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class ConditionError(ValueError):
    """A condition that is not one. `path` names the entry inside it, `code` and `params` the matter."""

    def __init__(self, path: str, code: str, **params: str) -> None:
        super().__init__(f"{path}: {code} {params}")
        self.path = path
        self.code = code
        self.params = params


def parse(raw: object, levels: Iterable[Level] = ("person",)) -> Condition:
    """The condition written as `raw` (the plain data of TOML, YAML or JSON).

    `levels` are the levels that leaves may speak at here. Leaves about trips written without `trip = …` at
    person level ("flat") become one quantifier over the same trip; under `not` that would be
    ambiguous. Raises `ConditionError`.
    """
    allowed = frozenset(levels)
    condition = _parse(raw, allowed, "")
    return _lifted(condition, "") if "person" in allowed else condition


def to_raw(condition: Condition) -> dict[str, object]:
    """The plain data of a condition; `parse(to_raw(c)) == c`."""
    match condition:
        case All(items):
            return {"all": [to_raw(item) for item in items]}
        case AnyOf(items):
            return {"any": [to_raw(item) for item in items]}
        case Not(item):
            return {"not": to_raw(item)}
        case Trip(item):
            return {"trip": to_raw(item)}
        case Exposure(item):
            return {"exposure": to_raw(item)}
        case Leaf(name, arg):
            return {name: _arg_to_raw(arg)}


def leaves(condition: Condition, path: str = "") -> Iterator[tuple[str, Leaf]]:
    """Every leaf with the path of its entry, in the order of the tree."""
    match condition:
        case All(items) | AnyOf(items):
            word = "all" if isinstance(condition, All) else "any"
            for index, item in enumerate(items):
                yield from leaves(item, _step(path, f"{word}[{index}]"))
        case Not(item):
            yield from leaves(item, _step(path, "not"))
        case Trip(item):
            yield from leaves(item, _step(path, "trip"))
        case Exposure(item):
            yield from leaves(item, _step(path, "exposure"))
        case Leaf(name):
            yield _step(path, name), condition


def _parse(raw: object, levels: frozenset[Level], path: str) -> Condition:
    if not isinstance(raw, Mapping):
        raise ConditionError(path, "condition-not-a-table")
    if not raw:
        raise ConditionError(path, "condition-empty")
    parts = tuple(_parse_entry(str(key), value, levels, path) for key, value in raw.items())
    return parts[0] if len(parts) == 1 else All(parts)


def _parse_entry(key: str, value: object, levels: frozenset[Level], path: str) -> Condition:
    here = _step(path, key)
    if key in ("all", "any"):
        if not isinstance(value, list | tuple) or not value:
            raise ConditionError(here, "condition-needs-a-list")
        items = tuple(_parse(item, levels, f"{here}[{index}]") for index, item in enumerate(value))
        return All(items) if key == "all" else AnyOf(items)
    if key == "not":
        return Not(_parse(value, levels, here))
    if key in _QUANTIFIERS and "person" in levels:
        node, level = _QUANTIFIERS[key]
        return node(_parse(value, frozenset({level}), here))
    if key not in LEAVES:
        raise ConditionError(here, "condition-unknown-word", word=key)
    level = LEAVES[key].level
    if level not in levels and not (level == "trip" and "person" in levels):
        raise ConditionError(here, "condition-wrong-level", word=key, level=level)
    return Leaf(key, _argument(value, LEAVES[key].arg, here))


def _lifted(condition: Condition, path: str) -> Condition:
    """`condition` with leaves written flat gathered into one quantifier a list."""
    if _is_flat(condition):
        return Trip(condition)
    match condition:
        case All(items) | AnyOf(items):
            node = type(condition)
            flat = tuple(item for item in items if _is_flat(item))
            gathered = (Trip(flat[0] if len(flat) == 1 else node(flat)),) if flat else ()
            word = "all" if node is All else "any"
            rest = tuple(
                _lifted(item, _step(path, f"{word}[{index}]"))
                for index, item in enumerate(items)
                if not _is_flat(item)
            )
            return node(gathered + rest)
        case Not(item) if _is_flat(item):
            raise ConditionError(_step(path, "not"), "condition-ambiguous-not")
        case Not(item):
            return Not(_lifted(item, _step(path, "not")))
        case _:
            return condition


def _is_flat(condition: Condition) -> bool:
    """Whether this subtree is made of bare trip leaves only."""
    match condition:
        case Leaf(name):
            return LEAVES[name].level == "trip"
        case All(items) | AnyOf(items):
            return all(_is_flat(item) for item in items)
        case _:
            return False


def _argument(value: object, kind: ArgKind, here: str) -> Argument:
    if kind in ("places", "codes") and isinstance(value, list | tuple):
        if value and all(isinstance(item, str) and item for item in value):
            return tuple(value)
    elif kind in ("true", "days") and value is True:
        return True
    elif kind in ("int", "days") and isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    elif kind == "date" and (isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value))):
        return _iso_day(str(value), here)
    elif kind in ("date", "int", "days") and isinstance(value, str) and _NAME.fullmatch(value):
        return Ref(value)
    raise ConditionError(here, f"condition-needs-{kind}")


def _iso_day(value: str, here: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ConditionError(here, "condition-needs-date") from error


def _arg_to_raw(arg: Argument) -> object:
    if isinstance(arg, Ref):
        return arg.code
    if isinstance(arg, date):
        return arg.isoformat()
    return list(arg) if isinstance(arg, tuple) else arg


def _step(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
