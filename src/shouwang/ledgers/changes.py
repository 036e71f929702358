# ruff: noqa: S608 - table names come from code, everything asked is a parameter
"""What changed in a ledger between two moments, and because of which fact, correction or decision."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from shouwang.kernel.days import local_day
from shouwang.kernel.decision import Reason
from shouwang.kernel.scope import Scope
from shouwang.ledgers.definition import Asked, Book
from shouwang.ledgers.fetching import fetch
from shouwang.packs.conditions import Params
from shouwang.packs.schema import Pack
from shouwang.people.queries import DIVIDED

Kind = Literal["added", "left", "changed"]


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """One person who came, went, or is no longer as before, and why.

    Reasons: `trip-recorded`, `trip-withdrawn`, `moved`, `person-added`, `tag-recorded`, `tag-withdrawn`,
    `exposure-recorded`, `exposure-withdrawn`, `identifier-recorded`, `identifier-withdrawn`, `corrected`,
    `decided`; `pack-changed` when another revision or another day's values made the difference alone.
    """

    person_id: UUID
    name: str
    area: str
    kind: Kind
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class LedgerChanges:
    """Changes after `since` up to and with `until`; the counts are of all, `rows` are the first of each."""

    since: datetime
    until: datetime
    added: int
    left: int
    changed: int
    rows: tuple[LedgerChange, ...]


def ledger_changes(
    scope: Scope,
    pack: Pack,
    code: str,
    *,
    since: datetime,
    until: datetime,
    pack_before: Pack | None = None,
    area: str | None = None,
    limit: int = 500,
    permission: str = "ledger.view",
) -> LedgerChanges:
    """Who was added, who left, who changed. `pack_before` is the revision in force at `since` if another.

    Someone is `changed` who stands in the ledger at both moments and of whom a fact was written between.
    """
    now = Asked(pack, code, scope.areas_for(permission), local_day(until, pack.zone), until, area)
    then = replace(now, pack=pack_before or pack, as_of=since, on=local_day(since, pack.zone))
    sql, params = _compared(then, now)
    found = fetch(sql, params | {"since": since, "until": until, "limit": limit})
    counts: dict[str, int] = {}
    rows: list[LedgerChange] = []
    for person_id, name, where, kind, total, told in found:
        counts[kind] = total
        facts = json.loads(told) if isinstance(told, str) else told
        rows.append(LedgerChange(person_id, name, where, kind, _reasons(facts)))
    return LedgerChanges(
        since, until, counts.get("added", 0), counts.get("left", 0), counts.get("changed", 0), tuple(rows)
    )


def _compared(then: Asked, now: Asked) -> tuple[str, Params]:
    old, old_params = _renamed(Book(then), "o")
    new, new_params = _renamed(Book(now), "n")
    told = " UNION ALL ".join(_FACTS)
    return (
        f"""WITH old AS MATERIALIZED (SELECT p.id, p.area {old}),
    new AS MATERIALIZED (SELECT p.id, p.area {new}),
    both_ AS (SELECT coalesce(n.id, o.id) AS id, coalesce(n.area, o.area) AS area,
        CASE WHEN o.id IS NULL THEN 'added' WHEN n.id IS NULL THEN 'left' ELSE 'changed' END AS kind
        FROM old o FULL JOIN new n ON n.id = o.id),
    told AS MATERIALIZED (SELECT b.id, b.area, b.kind, w.facts FROM both_ b LEFT JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_object('code', x.code, 'params', x.params)
            ORDER BY x.at, x.code) AS facts
        FROM ({told}) x) w ON TRUE
        WHERE b.kind <> 'changed' OR w.facts IS NOT NULL),
    ranked AS (SELECT t.*, count(*) OVER (PARTITION BY t.kind) AS total,
        row_number() OVER (PARTITION BY t.kind ORDER BY t.id) AS place FROM told t)
    SELECT r.id, q.name, r.area, r.kind, r.total, coalesce(r.facts, '[]') FROM ranked r
    JOIN people_person q ON q.id = r.id WHERE r.place <= %(limit)s ORDER BY r.kind, q.sort_key, r.id""",
        old_params | new_params,
    )


def _renamed(book: Book, prefix: str) -> tuple[str, Params]:
    """The source of a book with parameters of its own, so that two fit into one statement."""
    sql, params = book.source, {}
    for name in sorted(book.params, key=len, reverse=True):
        sql = sql.replace(f"%({name})s", f"%({prefix}_{name})s")
        params[f"{prefix}_{name}"] = book.params[name]
    return sql, params


def _reasons(facts: list[Mapping[str, Any]]) -> tuple[Reason, ...]:
    if not facts:
        return (Reason("pack-changed"),)
    return tuple(Reason(fact["code"], fact["params"]) for fact in facts)


def _appended(noun: str, table: str, params: str) -> list[str]:
    """A row of a fact table that began or ended to hold within the time."""
    return [
        f"SELECT d.{column} AS at, '{noun}-{word}' AS code, jsonb_build_object({params}) AS params"
        f" FROM {table} d WHERE d.person_id = b.id AND d.{column} > %(since)s AND d.{column} <= %(until)s"
        for column, word in (("recorded_at", "recorded"), ("superseded_at", "withdrawn"))
    ]


_FACTS = [
    *_appended(
        "trip",
        "screening_trip",
        "'origin', d.origin_code, 'origin_text', d.origin_text, 'returned_on', d.returned_on",
    ),
    *_appended("exposure", "screening_exposure", "'kind', d.kind, 'last_on', d.last_on"),
    *_appended("tag", "people_persontag", "'tag', d.code"),
    *_appended("identifier", "people_identifier", "'masked', d.masked, 'problem', d.problem"),
    f"""SELECT d.recorded_at, CASE WHEN e.area IS NULL THEN 'person-added' ELSE 'moved' END,
        CASE WHEN e.area IS NULL THEN '{{}}'::jsonb
            ELSE jsonb_build_object('from', e.area, 'to', d.area, 'reason', d.reason) END
    FROM people_residence d LEFT JOIN LATERAL (SELECT f.area FROM people_residence f
        WHERE f.person_id = d.person_id AND f.recorded_at < d.recorded_at
        ORDER BY f.recorded_at DESC LIMIT 1) e ON TRUE
    WHERE d.person_id = b.id AND d.recorded_at > %(since)s AND d.recorded_at <= %(until)s
        AND d.reason <> '{DIVIDED}'""",
    """SELECT d.at, 'corrected', jsonb_build_object('field', d.field, 'reason', d.reason, 'by', d.by_name)
    FROM people_personcorrection d
    WHERE d.person_id = b.id AND d.at > %(since)s AND d.at <= %(until)s""",
    """SELECT d.decided_at, 'decided', jsonb_build_object('was', d.was, 'category', d.category,
        'certain', d.certain, 'decision', d.id)
    FROM classification_decision d
    WHERE d.person_id = b.id AND d.decided_at > %(since)s AND d.decided_at <= %(until)s""",
]
