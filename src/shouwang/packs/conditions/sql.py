# ruff: noqa: S608 - table names come from code, everything of a pack is a parameter
"""The SQL face: a condition as a PostgreSQL expression, so that millions are classified in one statement.

Text and parameters are separate; parameters are named (`%(c_0)s`) with a prefix, so that several conditions
fit into one statement. Nothing from a pack ever becomes SQL text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from shouwang.packs.conditions.evaluate import born_by, shifted
from shouwang.packs.conditions.facts import Context
from shouwang.packs.conditions.tree import LEAVES, All, AnyOf, Condition, Exposure, Leaf, Not, Trip

Params = dict[str, object]


@dataclass(frozen=True, slots=True)
class Tables:
    """Names of the tables and of the person's alias. They come from code, never from a pack."""

    person: str = "people_person"
    tag: str = "people_persontag"
    trip: str = "screening_trip"
    exposure: str = "screening_exposure"
    alias: str = "p"


def compile_sql(
    condition: Condition, ctx: Context, tables: Tables | None = None, *, prefix: str = "c"
) -> tuple[str, Params]:
    """A boolean expression over the person `tables.alias`: TRUE, FALSE, or NULL for unknown.

    Equal to `evaluate` by property test. Raises `ValueError` for leaves about a check or a file.
    """
    writer = _Writer(ctx, tables or Tables(), prefix)
    return writer.three_valued(condition), writer.params


def compile_found_sql(
    condition: Condition, ctx: Context, tables: Tables | None = None, *, prefix: str = "c"
) -> tuple[str, Params]:
    """`compile_sql(...) IS NOT FALSE`, pushed down to plain EXISTS, which the planner turns into semi-joins.

    For a WHERE clause that wants everyone who counts as found.
    """
    writer = _Writer(ctx, tables or Tables(), prefix)
    return writer.two_valued(condition, "IS NOT FALSE"), writer.params


def compile_candidates_sql(
    condition: Condition, ctx: Context, tables: Tables | None = None, *, prefix: str = "c"
) -> tuple[str, Params] | None:
    """A cheap restriction that everyone for whom `condition` is not false satisfies, or None without one.

    A condition that is false of a person without trips only needs people with a trip: `p.id IN (SELECT
    person_id FROM screening_trip …)`. A superset of the found: combine it with the full condition.
    """
    writer = _Writer(ctx, tables or Tables(), prefix)
    found = writer.candidates(condition)
    return None if found is None else (found, writer.params)


@dataclass
class _Writer:
    ctx: Context
    tables: Tables
    prefix: str
    params: Params = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=count)

    def three_valued(self, condition: Condition) -> str:
        match condition:
            case All(items):
                return "(" + " AND ".join(self.three_valued(item) for item in items) + ")"
            case AnyOf(items):
                return "(" + " OR ".join(self.three_valued(item) for item in items) + ")"
            case Not(item):
                return f"(NOT {self.three_valued(item)})"
            case Trip(item) | Exposure(item):
                holds = self.three_valued(item)
                return (
                    "(SELECT CASE WHEN bool_or(v.h) THEN TRUE WHEN bool_or(v.h IS NULL) THEN NULL"
                    " ELSE FALSE END"
                    f" FROM (SELECT {holds} AS h FROM {self._rows(condition)}) v)"
                )
            case Leaf():
                return self._leaf(condition)

    def two_valued(self, condition: Condition, wanted: str) -> str:
        """`condition` IS NOT FALSE (or IS TRUE), never NULL; in Kleene logic the test moves to leaves."""
        match condition:
            case All(items):
                return "(" + " AND ".join(self.two_valued(item, wanted) for item in items) + ")"
            case AnyOf(items):
                return "(" + " OR ".join(self.two_valued(item, wanted) for item in items) + ")"
            case Not(item):
                other = "IS TRUE" if wanted == "IS NOT FALSE" else "IS NOT FALSE"
                return f"(NOT {self.two_valued(item, other)})"
            case Trip(item) | Exposure(item):
                holds = self.two_valued(item, wanted)
                return f"EXISTS (SELECT 1 FROM {self._rows(condition)} AND {holds})"
            case Leaf():
                return f"({self._leaf(condition)} {wanted})"

    def candidates(self, condition: Condition) -> str | None:
        match condition:
            case Trip() | Exposure():
                table = self.tables.trip if isinstance(condition, Trip) else self.tables.exposure
                return (
                    f"{self.tables.alias}.id IN (SELECT w.person_id FROM {table} w WHERE {self._held('w')})"
                )
            case All(items):
                parts = [found for item in items if (found := self.candidates(item))]
                return "(" + " AND ".join(dict.fromkeys(parts)) + ")" if parts else None
            case AnyOf(items):
                needed = [self.candidates(item) for item in items]
                if None in needed:
                    return None
                return "(" + " OR ".join(dict.fromkeys(part for part in needed if part)) + ")"
            case _:
                return None

    def _rows(self, quantifier: Trip | Exposure) -> str:
        name, alias = (self.tables.trip, "t") if isinstance(quantifier, Trip) else (self.tables.exposure, "e")
        return f"{name} {alias} WHERE {alias}.person_id = {self.tables.alias}.id AND {self._held(alias)}"

    def _held(self, alias: str) -> str:
        """Rows that hold as of the context's instant."""
        if self.ctx.as_of is None:
            return f"{alias}.superseded_at IS NULL"
        at = self._param_once("as_of", self.ctx.as_of)
        return (
            f"{alias}.recorded_at <= {at} AND ({alias}.superseded_at IS NULL OR {alias}.superseded_at > {at})"
        )

    def _leaf(self, leaf: Leaf) -> str:
        level = LEAVES[leaf.name].level
        if level == "trip":
            return self._trip_leaf(leaf)
        if level == "exposure":
            return self._exposure_leaf(leaf)
        if level == "person":
            return self._person_leaf(leaf)
        raise ValueError(f"{leaf.name} has no SQL: it speaks of a {level}")

    def _trip_leaf(self, leaf: Leaf) -> str:
        if leaf.name == "stayed-in":
            return self._within("t.origin_code", self.ctx.codes(leaf.arg))
        column = "t.left_on" if leaf.name.startswith("left") else "t.returned_on"
        return self._day_leaf(leaf, column)

    def _exposure_leaf(self, leaf: Leaf) -> str:
        if leaf.name == "kind":
            return f"(e.kind = ANY({self._param(_listed(leaf))}::text[]))"
        return self._day_leaf(leaf, "e.first_on" if leaf.name.startswith("first") else "e.last_on")

    def _day_leaf(self, leaf: Leaf, column: str) -> str:
        if leaf.name.endswith("within-days"):
            first = shifted(self.ctx.on, -self.ctx.number(leaf.arg))
            return f"({column} BETWEEN {self._param(first)}::date AND {self._param(self.ctx.on)}::date)"
        sign = ">=" if leaf.name.endswith(("-since", "-after")) else "<="
        return f"({column} {sign} {self._param(self.ctx.day(leaf.arg))}::date)"

    def _person_leaf(self, leaf: Leaf) -> str:
        person = self.tables.alias
        match leaf.name:
            case "age-at-least" | "age-under":
                sign = "<=" if leaf.name == "age-at-least" else ">"
                bound = born_by(self.ctx.on, self.ctx.number(leaf.arg))
                return f"({person}.birth_date {sign} {self._param(bound)}::date)"
            case "sex":
                return f"({person}.sex = ANY({self._param(_listed(leaf))}::text[]))"
            case "lives-in":
                return self._within(f"{person}.area", self.ctx.codes(leaf.arg))
            case "tag-any":
                codes = self._param(_listed(leaf))
                return (
                    f"EXISTS (SELECT 1 FROM {self.tables.tag} g WHERE g.person_id = {person}.id"
                    f" AND {self._held('g')} AND g.code = ANY({codes}::text[]))"
                )
        return self._day_leaf(leaf, f"{person}.birth_date")

    def _within(self, column: str, codes: tuple[str, ...]) -> str:
        """TRUE inside one of `codes`, NULL when the place is missing or broader than one of them."""
        if not codes:
            return "FALSE"
        names = [self._param(code) for code in codes]
        inside = " OR ".join(f"starts_with({column}, {name}::text)" for name in names)
        broader = " OR ".join(f"starts_with({name}::text, {column})" for name in names)
        return f"(CASE WHEN {inside} THEN TRUE WHEN {column} IS NULL OR {broader} THEN NULL ELSE FALSE END)"

    def _param(self, value: object) -> str:
        name = f"{self.prefix}_{next(self.numbers)}"
        self.params[name] = value
        return f"%({name})s"

    def _param_once(self, name: str, value: object) -> str:
        self.params[f"{self.prefix}_{name}"] = value
        return f"%({self.prefix}_{name})s"


def _listed(leaf: Leaf) -> list[str]:
    assert isinstance(leaf.arg, tuple)
    return list(leaf.arg)
