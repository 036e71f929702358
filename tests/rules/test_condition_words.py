"""The words of a condition say neither more nor less than the condition: read back, they decide the same."""

from __future__ import annotations

import re
from datetime import date

from hypothesis import given

from shouwang.packs.conditions import (
    LEAVES,
    All,
    AnyOf,
    Condition,
    Exposure,
    Leaf,
    Not,
    PersonFacts,
    Ref,
    Trip,
    evaluate,
    words,
)
from shouwang.packs.conditions.words import LEAF_WORDS
from tests.rules.condition_strategies import CTX, conditions, persons

_SEX = {"男": "male", "女": "female"}
_QUANTIFIERS = {"有一次外出：": Trip, "有一次接触：": Exposure}


def read(text: str, level: str = "person") -> Condition:
    """A condition out of its zh-hans words: a reader that knows the grammar and nothing else."""
    for opening, node in _QUANTIFIERS.items():
        if text.startswith(opening):
            return node(read(text.removeprefix(opening), node.__name__.lower()))
    for glue, join in (("，且", All), ("，或", AnyOf)):
        parts = _split(text, glue)
        if len(parts) > 1:
            return join(tuple(read(part, level) for part in parts))
    if text.startswith("并非（"):
        return Not(read(text.removeprefix("并非（").removesuffix("）"), level))
    if text.startswith("（"):
        return read(text.removeprefix("（").removesuffix("）"), level)
    return _leaf(text, level)


def _split(text: str, glue: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for index, sign in enumerate(text):
        depth += {"（": 1, "）": -1}.get(sign, 0)
        if depth == 0 and text.startswith(glue, index):
            parts.append(text[start:index])
            start = index + len(glue)
    return [*parts, text[start:]]


def _leaf(text: str, level: str) -> Leaf:
    for name, kind in LEAVES.items():
        pattern = re.escape(LEAF_WORDS[name][0]).replace(re.escape("{x}"), "(.+)")
        found = re.fullmatch(pattern, text) if kind.level == level else None
        if found is None:
            continue
        told = found.group(1)
        if kind.arg in ("places", "codes"):
            return Leaf(name, tuple(_SEX.get(code, code) for code in told.split("、")))
        if day := re.fullmatch(r"(\d+)年(\d+)月(\d+)日", told):
            return Leaf(name, date(*(int(part) for part in day.groups())))
        return Leaf(name, int(told) if told.isdigit() else Ref(told))
    raise AssertionError(text)


@given(conditions, persons)
def test_the_words_read_back_decide_as_the_condition_does(condition: Condition, person: PersonFacts) -> None:
    assert evaluate(read(words(condition, "zh-hans")), person, CTX) is evaluate(condition, person, CTX)
