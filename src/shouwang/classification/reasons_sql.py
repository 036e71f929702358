# ruff: noqa: S608 - table names come from code, everything of a pack is a parameter
"""Reasons in SQL: what `packs.conditions.explain` says of one person, said of a million in the statement.

Why in SQL and not in Python for those who changed: a revision may change everybody, and then explaining one
by one would take longer than everything else together. The wording is not written twice: it is asked of
`packs` with placeholders in it and filled in by the database. A property test holds both faces equal.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count, product

from shouwang.kernel.decision import Reason
from shouwang.packs.conditions import (
    All,
    AnyOf,
    Condition,
    Context,
    Exposure,
    Leaf,
    Not,
    Params,
    Tables,
    Trip,
    Vocabulary,
    compile_sql,
    leaves,
    reason_words,
    to_raw,
)

_PLACE, _DAY, _KIND, _SOURCE = "⟦place⟧", "9999-12-31", "⟦kind⟧", "⟦source⟧"
_DAY_ZH = "9999年12月31日"
_NONE = "'[]'::jsonb"
_MONTHS = """'FMYYYY"年"FMMM"月"FMDD"日"'"""


@dataclass
class ReasonWriter:
    """Writes the reasons of one condition as a `jsonb` array expression over the person alias."""

    ctx: Context
    vocabulary: Vocabulary
    source: str
    """SQL text of where a trip `t` was written down."""
    prefix: str
    tables: Tables = field(default_factory=Tables)
    params: Params = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=count)

    def found(self, condition: Condition) -> str:
        """The reasons of a condition known not to be false: every part of an `all` then tells."""
        if isinstance(condition, All):
            return " || ".join(self.found(item) for item in condition.items)
        return self.reasons(condition)

    def reasons(self, condition: Condition) -> str:
        """The reasons of a condition, whatever it came out as."""
        match condition:
            case All(items) | AnyOf(items):
                whole, conjunction = self._verdict(condition), isinstance(condition, All)
                return "(" + " || ".join(self._part(item, whole, conjunction) for item in items) + ")"
            case Not(item):
                return self.reasons(item)
            case Trip(item):
                return self._quantified(item, self.tables.trip, "t", "trip")
            case Exposure(item):
                return self._quantified(item, self.tables.exposure, "e", "exposure")
            case Leaf():
                return self._leaf(condition)

    def _part(self, item: Condition, whole: str, conjunction: bool) -> str:
        verdict = self._verdict(item)
        tells = f"{verdict} IS NOT DISTINCT FROM {whole}"
        if conjunction:
            tells = f"CASE WHEN {whole} IS NULL THEN {verdict} IS NOT FALSE ELSE {tells} END"
        return f"(CASE WHEN {tells} THEN {self.reasons(item)} ELSE {_NONE} END)"

    def _leaf(self, leaf: Leaf) -> str:
        raw = to_raw(leaf)
        told = {
            word: self._json([self._entry(Reason("leaf", {"condition": raw, "verdict": word}))])
            for word in ("true", "unknown", "false")
        }
        verdict = self._verdict(leaf)
        return (
            f"(CASE WHEN {verdict} THEN {told['true']} WHEN {verdict} IS NULL THEN {told['unknown']}"
            f" ELSE {told['false']} END)"
        )

    def _quantified(self, item: Condition, table: str, alias: str, kind: str) -> str:
        held = self._held(alias)
        none = self._json([self._entry(Reason(f"no-{kind}"))])
        entry = self._trip_entry() if kind == "trip" else self._exposure_entry()
        opens = self._open(item)
        return (
            f"(SELECT CASE WHEN count(*) = 0 THEN {none} ELSE coalesce(jsonb_agg({entry} ORDER BY {alias}.id)"
            f" FILTER (WHERE {alias}.h IS NOT DISTINCT FROM {alias}.v), {_NONE}) END"
            f" FROM (SELECT {alias}.*, CASE WHEN bool_or({alias}.h) OVER () THEN TRUE"
            f" WHEN bool_or({alias}.h IS NULL) OVER () THEN NULL ELSE FALSE END AS v"
            f" FROM (SELECT {alias}.*, {self._verdict(item)} AS h, {opens} AS opens FROM {table} {alias}"
            f" WHERE {alias}.person_id = {self.tables.alias}.id AND {held}) {alias}) {alias})"
        )

    def _trip_entry(self) -> str:
        titles = {
            code: text.zh_hans for (kind, code), text in self.vocabulary.titles.items() if kind == "place"
        }
        templates = {
            "".join("01"[flag] for flag in flags): _template(*flags)
            for flags in product((False, True), repeat=4)
            if flags[0] or not flags[2]
        }
        place = (
            f"coalesce({self._json(titles)} ->> t.origin_code, (SELECT pl.name FROM places_place pl"
            " WHERE pl.path = t.origin_code), t.origin_code)"
        )
        source = f"coalesce({self.source}, '')"
        broad = "(t.origin_code IS NOT NULL AND t.opens ? 'stayed-in')"
        key = (
            "concat((t.origin_code IS NOT NULL)::int, (t.returned_on IS NOT NULL)::int,"
            f" {broad}::int, ({source} <> '')::int)"
        )
        words = _filled(f"({self._json(templates)} ->> {key})", place, "t.returned_on", source)
        return (
            "jsonb_build_object('code', 'trip', 'zh', " + words + ", 'params', jsonb_build_object("
            f"'origin', t.origin_code, 'left_on', {_iso('t.left_on')},"
            f" 'returned_on', {_iso('t.returned_on')}, 'source', {source},"
            f" 'verdict', {_word('t.v')}, 'open', t.opens))"
        )

    def _exposure_entry(self) -> str:
        titles = {
            code: text.zh_hans for (kind, code), text in self.vocabulary.titles.items() if kind == "kind"
        }
        templates = {str(int(dated)): _exposure_template(dated) for dated in (False, True)}
        kind = f"coalesce({self._json(titles)} ->> e.kind, e.kind)"
        template = f"({self._json(templates)} ->> ((e.last_on IS NOT NULL)::int)::text)"
        words = _filled(f"replace({template}, '{_KIND}', {kind})", "''", "e.last_on", "''")
        return (
            "jsonb_build_object('code', 'exposure', 'zh', " + words + ", 'params', jsonb_build_object("
            f"'kind', e.kind, 'first_on', {_iso('e.first_on')}, 'last_on', {_iso('e.last_on')},"
            f" 'source', '', 'verdict', {_word('e.v')}, 'open', e.opens))"
        )

    def _open(self, item: Condition) -> str:
        """Names of the leaves that could not be answered, sorted, as a jsonb array."""
        by_name: dict[str, list[str]] = {}
        for _, leaf in leaves(item):
            by_name.setdefault(leaf.name, []).append(f"{self._verdict(leaf)} IS NULL")
        cases = ", ".join(
            f"CASE WHEN {' OR '.join(tests)} THEN {self._param(name)}::text END"
            for name, tests in sorted(by_name.items())
        )
        return f"to_jsonb(array_remove(ARRAY[{cases}], NULL))"

    def _held(self, alias: str) -> str:
        at = self._param(self.ctx.as_of)
        return (
            f"{alias}.recorded_at <= {at} AND ({alias}.superseded_at IS NULL OR {alias}.superseded_at > {at})"
        )

    def _verdict(self, condition: Condition) -> str:
        text, params = compile_sql(
            condition, self.ctx, self.tables, prefix=f"{self.prefix}v{next(self._numbers)}"
        )
        self.params |= params
        return text

    def _entry(self, reason: Reason) -> Mapping[str, object]:
        told = reason_words(reason, "zh-hans", self.vocabulary)
        return {"code": reason.code, "params": dict(reason.params), "zh": told}

    def _json(self, value: object) -> str:
        return f"{self._param(json.dumps(value, ensure_ascii=False))}::jsonb"

    def _param(self, value: object) -> str:
        name = f"{self.prefix}p{next(self._numbers)}"
        self.params[name] = value
        return f"%({name})s"


def _template(placed: bool, dated: bool, broad: bool, sourced: bool) -> str:
    """The words of packs for a trip of this shape, placeholders where its values go."""
    return reason_words(
        Reason(
            "trip",
            {
                "origin": _PLACE if placed else None,
                "returned_on": _DAY if dated else None,
                "source": _SOURCE if sourced else "",
                "open": ["stayed-in"] if broad else [],
            },
        ),
        "zh-hans",
    )


def _exposure_template(dated: bool) -> str:
    params: dict[str, object] = {"kind": _KIND, "last_on": _DAY if dated else None, "source": ""}
    return reason_words(Reason("exposure", params), "zh-hans")


def _filled(template: str, place: str, day: str, source: str) -> str:
    parts: Iterable[tuple[str, str]] = (
        (_DAY_ZH, f"coalesce(to_char({day}, {_MONTHS}), '')"),
        (_SOURCE, source),
        (_PLACE, f"coalesce({place}, '')"),
    )
    for mark, value in parts:
        template = f"replace({template}, '{mark}', {value})"
    return template


def _iso(column: str) -> str:
    return f"to_char({column}, 'YYYY-MM-DD')"


def _word(verdict: str) -> str:
    return f"CASE WHEN {verdict} THEN 'true' WHEN {verdict} IS NULL THEN 'unknown' ELSE 'false' END"
