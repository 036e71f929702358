# ruff: noqa: S608 - table names come from code, everything of a pack is a parameter
"""The one statement that classifies everyone in scope, and its reading twin for the preview.

Only people who can be of any category are judged at all: those with a fact that some condition needs, and
those who are of a category now. Facts are those known at the instant of the decision, so that a decision can
be replayed from facts as of then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shouwang.classification.reasons_sql import ReasonWriter
from shouwang.classification.rules import looked_at
from shouwang.kernel.days import local_day
from shouwang.kernel.ids import UUID7_SQL
from shouwang.packs.classify import category_sql
from shouwang.packs.conditions import Context, Params, Tables, Vocabulary, compile_candidates_sql
from shouwang.packs.schema import Pack

TRIP_SOURCE = "(SELECT '导入第' || w.row_no || '行' FROM screening_importrow w WHERE w.id = t.row_id)"
"""Where a trip was written down, as SQL text over `t`."""

_TABLES = Tables()


@dataclass(frozen=True, slots=True)
class Whom:
    """Who is judged: a condition over `p` and its parameters."""

    sql: str
    params: Params


def everyone_in(areas: Iterable[str], column: str = "p.area") -> Whom:
    """People of these subtrees; no areas means nobody."""
    prefixes = tuple(areas)
    if "" in prefixes:
        return Whom("TRUE", {})
    params: Params = {f"area_{index}": f"{prefix}%" for index, prefix in enumerate(prefixes)}
    tests = [f"{column} LIKE %({name})s" for name in params]
    return Whom(f"({' OR '.join(tests)})" if tests else "FALSE", params)


def these(ids: Sequence[UUID]) -> Whom:
    """These people."""
    return Whom("p.id = ANY(%(ids)s)", {"ids": list(ids)})


def context_of(pack: Pack, at: datetime) -> Context:
    """The context of a decision at `at`: the pack's local day, facts as known then."""
    return Context.of(pack, local_day(at, pack.zone), at)


def changed_sql(pack: Pack, whom: Whom, at: datetime) -> tuple[str, Params]:
    """CTEs `judged` and `changed`: whose category, certainty or looked-at facts are not as decided.

    `changed` has id, area, birth_date, sex, category, certain, digest, was, was_certain, decision_id.
    """
    ctx = context_of(pack, at)
    category, certain, params = category_sql(pack, ctx)
    candidates, more = _candidates(pack, ctx)
    digest, others = digest_sql(pack, at)
    params = params | more | others | whom.params
    return (
        f"""
    judged AS MATERIALIZED (
        SELECT f.*, CASE WHEN f.category IS NULL THEN '' ELSE {digest} END AS digest
        FROM (SELECT p.id, p.area, p.birth_date, p.sex, {category} AS category,
                coalesce({certain}, TRUE) AS certain
            FROM people_person p
            WHERE p.merged_into_id IS NULL AND {whom.sql} AND ({candidates} OR p.id IN (
                SELECT k.person_id FROM classification_standing k WHERE k.category IS NOT NULL))) f
    ),
    changed AS MATERIALIZED (
        SELECT j.id, j.area, j.birth_date, j.sex, j.category, j.certain, j.digest, s.category AS was,
            s.certain AS was_certain, {UUID7_SQL} AS decision_id
        FROM judged j LEFT JOIN classification_standing s ON s.person_id = j.id
        WHERE CASE WHEN s.person_id IS NULL THEN j.category IS NOT NULL
            ELSE (s.category, s.certain, s.facts_digest)
                IS DISTINCT FROM (j.category, j.certain, j.digest) END
    )""",
        params,
    )


def classify_sql(pack: Pack, whom: Whom, revision_id: UUID, at: datetime) -> tuple[str, Params]:
    """The statement: judge, compare, write decisions with reasons, keep standings, count. One row comes back:
    judged, changed, renewed, and the changes as [[was, category, people], …]."""
    changed, params = changed_sql(pack, whom, at)
    reasons, more = _reasons_sql(pack, at)
    params = params | more | {"revision": revision_id, "at": at}
    return (
        f"""WITH {changed},
    decided AS (
        INSERT INTO classification_decision (id, person_id, area, revision_id, category, certain, was,
            reasons, facts_digest, decided_at)
        SELECT p.decision_id, p.id, p.area, %(revision)s, p.category, p.certain, p.was, {reasons}, p.digest,
            %(at)s
        FROM changed p
    ),
    kept AS (
        INSERT INTO classification_standing (person_id, decision_id, category, certain, revision_id,
            facts_digest)
        SELECT c.id, c.decision_id, c.category, c.certain, %(revision)s, c.digest FROM changed c
        ON CONFLICT (person_id) DO UPDATE SET decision_id = excluded.decision_id,
            category = excluded.category, certain = excluded.certain, revision_id = excluded.revision_id,
            facts_digest = excluded.facts_digest
    ),
    moves AS (
        SELECT was, category, count(*) AS people FROM changed
        WHERE (was, coalesce(was_certain, TRUE)) IS DISTINCT FROM (category, certain) GROUP BY was, category
    )
    SELECT (SELECT count(*) FROM judged), coalesce(sum(people), 0)::bigint, (SELECT count(*) FROM changed),
        coalesce(jsonb_agg(jsonb_build_array(was, category, people) ORDER BY was, category), '[]')
    FROM moves""",
        params,
    )


def digest_sql(pack: Pack, at: datetime, alias: str = "f") -> tuple[str, Params]:
    """SHA-256 over the facts that the pack looks at, as `rules.digest_of` takes it."""
    held = (
        "{0}.recorded_at <= %(facts_at)s AND ({0}.superseded_at IS NULL OR {0}.superseded_at > %(facts_at)s)"
    )
    rows = (
        "coalesce((SELECT string_agg(r.x, ';' ORDER BY r.x COLLATE \"C\") FROM"
        " (SELECT {what} AS x FROM {table} d"
        f" WHERE d.person_id = {alias}.id AND {held.format('d')}) r), '')"
    )
    day = "coalesce(to_char({0}, 'YYYY-MM-DD'), '')"
    span = "{0} || ',' || " + day.format("{1}") + " || ',' || " + day.format("{2}")
    parts = {
        "area": f"{alias}.area",
        "birth_date": day.format(f"{alias}.birth_date"),
        "sex": f"{alias}.sex",
        "tags": rows.format(what="d.code", table=_TABLES.tag),
        "trips": rows.format(
            what=span.format("coalesce(d.origin_code, '')", "d.left_on", "d.returned_on"), table=_TABLES.trip
        ),
        "exposures": rows.format(
            what=span.format("d.kind", "d.first_on", "d.last_on"), table=_TABLES.exposure
        ),
    }
    kinds = looked_at(category.when for category in pack.categories)
    text = " || '|' || ".join(parts[kind] for kind in kinds) or "''"
    return f"encode(sha256(convert_to({text}, 'UTF8')), 'hex')", {"facts_at": at}


def _candidates(pack: Pack, ctx: Context) -> tuple[str, Params]:
    """A cheap restriction to people who can be of any category; TRUE where a condition gives none."""
    tests: list[str] = []
    params: Params = {}
    for index, category in enumerate(pack.by_rank()):
        found = compile_candidates_sql(category.when, ctx, prefix=f"n{index}")
        if found is None:
            return "TRUE", {}
        tests.append(found[0])
        params |= found[1]
    return f"({' OR '.join(tests)})" if tests else "FALSE", params


def _reasons_sql(pack: Pack, at: datetime) -> tuple[str, Params]:
    ctx = context_of(pack, at)
    vocabulary = Vocabulary.of(pack, ctx.on)
    cases: list[str] = []
    params: Params = {}
    for index, category in enumerate(pack.by_rank()):
        writer = ReasonWriter(ctx, vocabulary, TRIP_SOURCE, f"r{index}")
        cases.append(f"WHEN %(r{index}_code)s THEN {writer.found(category.when)}")
        params |= writer.params | {f"r{index}_code": category.code}
    if not cases:
        return "'[]'::jsonb", {}
    return f"CASE p.category {' '.join(cases)} ELSE '[]'::jsonb END", params
