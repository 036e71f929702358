"""The category of one person, the digest of the facts it rests on, and what a pack looks at.

Pure. The set-based statement (`statement.py`) must agree with `judge` for everybody; a property test holds
them equal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shouwang.kernel.decision import Reason
from shouwang.packs.classify import classify
from shouwang.packs.conditions import Condition, Context, PersonFacts, leaves
from shouwang.packs.schema import Pack

FACT_KINDS = ("area", "birth_date", "sex", "tags", "trips", "exposures")
"""What a pack may look at, in the order of the digest."""

_KIND_OF_LEAF = {
    **{"lives-in": "area", "sex": "sex", "tag-any": "tags"},
    **dict.fromkeys(("age-at-least", "age-under", "born-since", "born-until"), "birth_date"),
    **dict.fromkeys(
        ("kind", "first-since", "first-within-days", "last-since", "last-within-days"), "exposures"
    ),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person is found to be: category code or None, whether certain, why, from which facts."""

    category: str | None
    certain: bool
    reasons: tuple[Reason, ...]
    digest: str


def judge(pack: Pack, facts: PersonFacts, ctx: Context) -> Judged:
    """The category of one person under `pack`, with the digest of what was looked at."""
    found = classify(pack, facts, ctx)
    kinds = looked_at(category.when for category in pack.categories)
    return Judged(found.category, found.certain, found.reasons, digest_of(facts, kinds))


def looked_at(conditions: Iterable[Condition]) -> tuple[str, ...]:
    """The kinds of facts (`FACT_KINDS`) that these conditions ask about; nothing else belongs in a digest."""
    kinds = {
        _KIND_OF_LEAF.get(leaf.name, "trips") for condition in conditions for _, leaf in leaves(condition)
    }
    return tuple(kind for kind in FACT_KINDS if kind in kinds)


def digest_of(facts: PersonFacts, kinds: Iterable[str]) -> str:
    """SHA-256 (hex) over the facts of these kinds, the same text that the statement hashes in SQL."""
    parts = {
        "area": facts.area,
        "birth_date": _day(facts.birth_date),
        "sex": facts.sex or "",
        "tags": ";".join(sorted(facts.tags)),
        "trips": _rows((t.origin_code or "", t.left_on, t.returned_on) for t in facts.trips),
        "exposures": _rows((e.kind, e.first_on, e.last_on) for e in facts.exposures),
    }
    return hashlib.sha256("|".join(parts[kind] for kind in kinds).encode()).hexdigest()


def _rows(rows: Iterable[tuple[str, date | None, date | None]]) -> str:
    return ";".join(sorted(f"{code},{_day(first)},{_day(last)}" for code, first, last in rows))


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
