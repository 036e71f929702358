"""Conditions of a pack: what they name is there, of the right kind, from the first day on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from shouwang.packs.conditions.facts import is_division
from shouwang.packs.conditions.tree import LEAVES, TEST_OUTCOMES, Condition, Leaf, Ref, leaves
from shouwang.packs.schema import Pack
from shouwang.packs.validate.codes import codes_of
from shouwang.packs.validate.problems import Problem


def conditions_of(pack: Pack) -> Iterator[tuple[str, Condition]]:
    """Every condition of the pack with the path of its entry."""
    for i, category in enumerate(pack.categories):
        yield f"category[{i}].when", category.when
    for i, ledger in enumerate(pack.ledgers):
        if ledger.when is not None:
            yield f"ledger[{i}].when", ledger.when
    for i, alert in enumerate(pack.alerts):
        yield f"alert[{i}].when", alert.when
    for i, protocol in enumerate(pack.protocols):
        yield f"protocol[{i}].release", protocol.release
        for j, exemption in enumerate(protocol.exemptions):
            yield f"protocol[{i}].exemption[{j}].when", exemption.when
        for j, event in enumerate(protocol.events):
            if event.when is not None:
                yield f"protocol[{i}].event[{j}].when", event.when
        for j, stage in enumerate(protocol.stages):
            if stage.leave is not None:
                yield f"protocol[{i}].stage[{j}].leave", stage.leave


def conditions(pack: Pack) -> Iterator[Problem]:
    """What a condition names is there."""
    begin = _first_day(pack)
    for path, condition in conditions_of(pack):
        for inner, leaf in leaves(condition):
            yield from _leaf(pack, f"{path}.{inner}", leaf, begin)


_CODED: Mapping[str, str] = {"symptom-any": "symptom", "tag-any": "tag", "kind": "exposure-kind"}


def _leaf(pack: Pack, path: str, leaf: Leaf, begin: date | None) -> Iterator[Problem]:
    arg = leaf.arg
    if isinstance(arg, Ref):
        yield from _value(pack, path, arg.code, LEAVES[leaf.name].arg == "date", begin)
    if not isinstance(arg, tuple):
        return
    for item in arg:
        if LEAVES[leaf.name].arg == "places":
            if not is_division(item) and item not in codes_of(pack, "area"):
                yield Problem(path, "reference-missing", {"kind": "area", "code": item})
        elif leaf.name == "test-result-any" and item not in TEST_OUTCOMES:
            yield Problem(path, "reference-missing", {"kind": "test-outcome", "code": item})
        elif (kind := _CODED.get(leaf.name)) and item not in codes_of(pack, kind):
            yield Problem(path, "reference-missing", {"kind": kind, "code": item})


def _value(pack: Pack, path: str, code: str, wants_day: bool, begin: date | None) -> Iterator[Problem]:
    found = [value for value in pack.values if value.code == code]
    if not found:
        yield Problem(path, "reference-missing", {"kind": "value", "code": code})
        return
    if any(isinstance(item, date) is not wants_day for item in found[0].since.values()):
        yield Problem(path, "value-wrong-type", {"code": code})
    first = min(found[0].since)
    if begin is not None and first > begin:
        told = {"code": code, "first": first.isoformat(), "begin": begin.isoformat()}
        yield Problem(path, "value-begins-late", told)


def _first_day(pack: Pack) -> date | None:
    """The day on which the pack begins: its earliest dated value or area."""
    days = [day for value in pack.values for day in value.since]
    days += [day for area in pack.areas for day in area.since]
    return min(days, default=None)
