"""Conditions: one closed tree, three faces that must agree (Python, SQL, words)."""

from shouwang.packs.conditions.evaluate import Verdict, all_of, any_of, evaluate, within
from shouwang.packs.conditions.explain import explain, reason_words
from shouwang.packs.conditions.facts import (
    CaseFacts,
    CheckFacts,
    Context,
    ExposureFact,
    PersonFacts,
    TripFact,
)
from shouwang.packs.conditions.sql import (
    Params,
    Tables,
    compile_candidates_sql,
    compile_found_sql,
    compile_sql,
)
from shouwang.packs.conditions.tree import (
    LEAVES,
    TEST_OUTCOMES,
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
from shouwang.packs.conditions.words import Vocabulary, words

__all__ = [
    "LEAVES",
    "TEST_OUTCOMES",
    "All",
    "AnyOf",
    "CaseFacts",
    "CheckFacts",
    "Condition",
    "ConditionError",
    "Context",
    "Exposure",
    "ExposureFact",
    "Leaf",
    "Not",
    "Params",
    "PersonFacts",
    "Ref",
    "Tables",
    "Trip",
    "TripFact",
    "Verdict",
    "Vocabulary",
    "all_of",
    "any_of",
    "compile_candidates_sql",
    "compile_found_sql",
    "compile_sql",
    "evaluate",
    "explain",
    "leaves",
    "parse",
    "reason_words",
    "to_raw",
    "within",
    "words",
]
