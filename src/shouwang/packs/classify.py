"""Which category and which ledgers: the pack's conditions put to use, for one person or for a million.

A person's category is the first by rank whose condition is not false: unknown counts as found. `certain` says
whether it held, or could not be ruled out (then the missing fact belongs on the to-verify list).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from shouwang.kernel.decision import Reason
from shouwang.packs.conditions import (
    All,
    AnyOf,
    Condition,
    Context,
    Exposure,
    Not,
    Params,
    PersonFacts,
    Tables,
    Trip,
    compile_found_sql,
    evaluate,
    explain,
)
from shouwang.packs.schema import Alert, Pack


@dataclass(frozen=True, slots=True)
class Classified:
    """The category found, or None; whether it is certain; the facts that decided."""

    category: str | None
    certain: bool
    reasons: tuple[Reason, ...] = ()


def classify(pack: Pack, facts: PersonFacts, ctx: Context) -> Classified:
    """The category of one person under `pack`."""
    for category in pack.by_rank():
        verdict = evaluate(category.when, facts, ctx)
        if verdict is not False:
            return Classified(category.code, verdict is True, explain(category.when, facts, ctx))
    return Classified(None, True)


def category_sql(
    pack: Pack, ctx: Context, tables: Tables | None = None, *, prefix: str = "k"
) -> tuple[str, str, Params]:
    """Two expressions over the person alias and their parameters: the category code (or NULL), and `certain`.

    Equal to `classify` for every person. `certain` is NULL where there is no category.
    """
    params: Params = {}
    codes, certain = [], []
    for index, category in enumerate(pack.by_rank()):
        found, more = compile_found_sql(category.when, ctx, tables, prefix=f"{prefix}{index}f")
        doubted, others = compile_found_sql(Not(category.when), ctx, tables, prefix=f"{prefix}{index}d")
        code = f"{prefix}{index}_code"
        params |= more | others | {code: category.code}
        codes.append(f"WHEN {found} THEN %({code})s::text")
        certain.append(f"WHEN {found} THEN NOT {doubted}")
    if not codes:
        return "NULL::text", "NULL::boolean", {}
    return f"(CASE {' '.join(codes)} END)", f"(CASE {' '.join(certain)} END)", params


def ledger_condition(pack: Pack, code: str) -> Condition:
    """Who stands in a ledger: its own condition, else everyone of the categories that name it.

    A row is in the ledger when the condition is not false. Raises `Refused` for an unknown code.
    """
    ledger = pack.ledger(code)
    if ledger.when is not None:
        return ledger.when
    conditions = tuple(category.when for category in pack.categories if code in category.ledgers)
    return conditions[0] if len(conditions) == 1 else AnyOf(conditions)


def ledgers_of(pack: Pack, facts: PersonFacts, ctx: Context) -> tuple[str, ...]:
    """The ledgers that hold this person."""
    codes = (ledger.code for ledger in pack.ledgers)
    return tuple(c for c in codes if evaluate(ledger_condition(pack, c), facts, ctx) is not False)


def alerts_of(pack: Pack, facts: PersonFacts, ctx: Context) -> tuple[Alert, ...]:
    """Alerts that the check in `facts.check` raises. Unlike elsewhere an unmeasured value raises nothing."""
    return tuple(alert for alert in pack.alerts if evaluate(alert.when, facts, ctx) is True)


def relevant(condition: Condition, facts: PersonFacts, ctx: Context) -> PersonFacts:
    """The facts with only those trips and exposures that the condition speaks of (none of them ruled out).

    Day 0 is counted from these: a later trip to another province does not move it.
    """
    trips = tuple(q.item for q in _quantifiers(condition) if isinstance(q, Trip))
    exposures = tuple(q.item for q in _quantifiers(condition) if isinstance(q, Exposure))
    return replace(
        facts,
        trips=tuple(t for t in facts.trips if any(evaluate(c, t, ctx) is not False for c in trips)),
        exposures=tuple(
            e for e in facts.exposures if any(evaluate(c, e, ctx) is not False for c in exposures)
        ),
    )


def _quantifiers(condition: Condition) -> Iterator[Trip | Exposure]:
    match condition:
        case Trip() | Exposure():
            yield condition
        case All(items) | AnyOf(items):
            for item in items:
                yield from _quantifiers(item)
        case _:
            return


def exempt(pack: Pack, protocol: str, facts: PersonFacts, ctx: Context) -> str | None:
    """The exemption that frees this person from a protocol, if one certainly holds."""
    for exemption in pack.protocol(protocol).exemptions:
        if evaluate(exemption.when, facts, ctx) is True:
            return exemption.code
    return None
