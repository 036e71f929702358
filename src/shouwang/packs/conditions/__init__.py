"""Conditions: one closed tree, three faces that must agree (Python, SQL, words)."""

from shouwang.packs.conditions.tree import (
    LEAVES,
    All,
    AnyOf,
    Condition,
    ConditionError,
    Exposure,
    Leaf,
    Not,
    Ref,
    Trip,
    leaves,
    parse,
    to_raw,
)

__all__ = [
    "LEAVES",
    "All",
    "AnyOf",
    "Condition",
    "ConditionError",
    "Exposure",
    "Leaf",
    "Not",
    "Ref",
    "Trip",
    "leaves",
    "parse",
    "to_raw",
]
