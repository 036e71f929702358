# ruff: noqa: S608 - table names come from code, everything of a pack is a parameter
"""Reading decisions, standings, and what a revision would change before it is adopted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.db import connection

from shouwang.classification.facts import facts_as_of
from shouwang.classification.models import Decision, Standing
from shouwang.classification.rules import Judged, judge
from shouwang.classification.statement import changed_sql, context_of, everyone_in
from shouwang.kernel.areas import VILLAGE_DIGITS
from shouwang.kernel.decision import Reason
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.packs.conditions import PersonFacts, Vocabulary, reason_words
from shouwang.packs.schema import Lang, Pack
from shouwang.people import queries as people
from shouwang.policy.queries import pack_of


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision as others read it."""

    id: UUID
    person_id: UUID
    area: str
    revision_id: UUID
    category: str | None
    certain: bool
    was: str | None
    reasons: tuple[Reason, ...]
    words: tuple[str, ...]
    """The reasons as clauses in Chinese, as they were told at the time."""
    facts_digest: str
    decided_at: datetime

    def told(self, lang: Lang, vocabulary: Vocabulary) -> tuple[str, ...]:
        """The reasons in another language."""
        return tuple(reason_words(reason, lang, vocabulary) for reason in self.reasons)


def standing(scope: Scope, person_id: UUID) -> DecisionRow | None:
    """The decision that holds of a person now, None for someone never found to be anything.

    Out of scope does not exist.
    """
    row = Standing.objects.within(scope).select_related("decision").filter(person_id=person_id).first()
    return None if row is None else _decision(row.decision)


def standings(scope: Scope, ids: Sequence[UUID]) -> dict[UUID, DecisionRow]:
    """The decisions that hold of these people now, by person. One query."""
    rows = Standing.objects.within(scope).select_related("decision").filter(person_id__in=ids)
    return {row.person_id: _decision(row.decision) for row in rows}


def decisions_of(scope: Scope, person_id: UUID) -> list[DecisionRow]:
    """Every decision about a person in sight, newest first."""
    people.person(scope, person_id)
    rows = Decision.objects.unscoped("of a person in scope").filter(person_id=person_id)
    return [_decision(row) for row in rows.order_by("-decided_at", "-id")]


def counts(scope: Scope, area: str = "") -> dict[str, int]:
    """People by category now, within `area`."""
    from django.db.models import Count

    rows = Standing.objects.within(scope.narrowed(area)).filter(
        category__isnull=False, person__merged_into__isnull=True
    )
    return dict(rows.order_by("category").values_list("category").annotate(people=Count("person")))


def people_in(scope: Scope, area: str, categories: Sequence[str]) -> list[UUID]:
    """Who stands in one of these categories now, within `area`."""
    rows = Standing.objects.within(scope).filter(person__area__startswith=area, category__in=categories)
    return list(rows.values_list("person_id", flat=True))


def changes_between(
    scope: Scope, since: datetime, until: datetime, *, area: str = "", limit: int = 500
) -> list[DecisionRow]:
    """Decisions with since < decided_at <= until within `area`, newest first, at most `limit`."""
    rows = Decision.objects.within(scope.narrowed(area)).filter(decided_at__gt=since, decided_at__lte=until)
    return [_decision(row) for row in rows.order_by("-decided_at", "-id")[:limit]]


def decided_after(scope: Scope, ids: Sequence[UUID], since: datetime) -> set[UUID]:
    """Which of these people were decided about again after `since`, as far as in sight."""
    rows = Decision.objects.within(scope).filter(person_id__in=ids, decided_at__gt=since)
    return set(rows.values_list("person_id", flat=True))


@dataclass(frozen=True, slots=True)
class Replay:
    """A past decision beside what its revision says today of the facts of then."""

    stored: DecisionRow
    again: Judged
    agrees: bool


def replay(scope: Scope, decision_id: UUID, pack: Pack | None = None) -> Replay:
    """Evaluate a past decision again, from facts as of then, by the revision stored with it (or by `pack`).

    Refuses `decision-not-found`.
    """
    row = Decision.objects.within(scope).filter(id=decision_id).first()
    if row is None:
        raise Refused("decision-not-found")
    at = row.decided_at
    facts = facts_as_of([row.person_id], at)[row.person_id]
    pack = pack or pack_of(row.revision_id)
    again = judge(pack, _uncorrected(scope, row.person_id, at, facts), context_of(pack, at))
    agrees = (again.category, again.certain) == (row.category, row.certain) and (
        row.category is None or again.digest == row.facts_digest
    )
    return Replay(_decision(row), again, agrees)


def _uncorrected(scope: Scope, person_id: UUID, at: datetime, facts: PersonFacts) -> PersonFacts:
    """Birth date and sex as they were before corrections made after `at`."""
    for row in people.corrections_of(scope, person_id):  # newest first, so that the oldest has the last word
        if row.at <= at:
            break
        if row.field == "birth_date":
            facts = replace(facts, birth_date=date.fromisoformat(row.old) if row.old else None)
        if row.field == "sex":
            facts = replace(facts, sex=row.old or None)
    return facts


def facts_of(scope: Scope, ids: Sequence[UUID], at: datetime) -> Mapping[UUID, PersonFacts]:
    """The facts of people in sight as known at `at`."""
    shown = [row.id for row in people.people_by_ids(scope, ids)]
    return facts_as_of(shown, at)


def facts_among(ids: Sequence[UUID], at: datetime) -> dict[UUID, PersonFacts]:
    """The facts of these people as known at `at`, trips in the order of their ids. Whoever asks has seen to
    the scope."""
    return facts_as_of(ids, at)


@dataclass(frozen=True, slots=True)
class Move:
    """People of one village who would go from one category to another."""

    village: str
    was: str | None
    now: str | None
    people: int


@dataclass(frozen=True, slots=True)
class Mover:
    """One person who would change."""

    person_id: UUID
    name: str
    area: str
    was: str | None
    was_certain: bool | None
    now: str | None
    certain: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """Who would change under a pack, before it is adopted. `next` is the cursor of the page after."""

    moves: tuple[Move, ...]
    movers: tuple[Mover, ...]
    total: int
    next: UUID | None


def preview(
    scope: Scope, area: str, pack: Pack, *, at: datetime, after: UUID | None = None, limit: int = 100
) -> Preview:
    """Who would change category or certainty within `area` if `pack` were in force at `at`."""
    changed, params = changed_sql(pack, everyone_in(scope.narrowed(area).areas), at)
    params |= {"after": after, "limit": limit + 1, "village": VILLAGE_DIGITS}
    sql = f"""WITH {changed}, movers AS MATERIALIZED (
        SELECT * FROM changed
        WHERE (was, coalesce(was_certain, TRUE)) IS DISTINCT FROM (category, certain)
    ), moves AS (
        SELECT left(area, %(village)s) AS village, was, category, count(*) AS people FROM movers
        GROUP BY 1, 2, 3 ORDER BY 1, 2 NULLS FIRST, 3 NULLS LAST
    ), page AS (
        SELECT m.id, q.name, m.area, m.was, m.was_certain, m.category, m.certain
        FROM movers m JOIN people_person q ON q.id = m.id
        WHERE %(after)s::uuid IS NULL OR m.id > %(after)s::uuid ORDER BY m.id LIMIT %(limit)s
    )
    SELECT coalesce((SELECT jsonb_agg(jsonb_build_array(village, was, category, people)) FROM moves), '[]'),
        coalesce((SELECT jsonb_agg(jsonb_build_array(id, name, area, was, was_certain, category, certain)
            ORDER BY id) FROM page), '[]'),
        (SELECT count(*) FROM movers)"""
    with connection.cursor() as cursor:
        cursor.execute(sql, cast(dict[str, Any], params))
        moves, movers, total = cursor.fetchone()
    page = [Mover(UUID(row[0]), *row[1:]) for row in _listed(movers)]
    more = len(page) > limit
    return Preview(
        tuple(Move(*row) for row in _listed(moves)),
        tuple(page[:limit]),
        total,
        page[limit - 1].person_id if more else None,
    )


def _listed(value: Any) -> Iterable[Any]:
    found: list[Any] = json.loads(value) if isinstance(value, str) else value
    return found


def _decision(row: Decision) -> DecisionRow:
    entries: list[dict[str, Any]] = []
    for entry in row.reasons:
        if entry not in entries:
            entries.append(entry)
    return DecisionRow(
        id=row.id,
        person_id=row.person_id,
        area=row.area,
        revision_id=row.revision_id,
        category=row.category,
        certain=row.certain,
        was=row.was,
        reasons=tuple(Reason(entry["code"], entry["params"]) for entry in entries),
        words=tuple(entry["zh"] for entry in entries),
        facts_digest=row.facts_digest,
        decided_at=row.decided_at,
    )


def decided_since(scope: Scope, area: str, at: datetime) -> bool:
    """Whether anybody below `area` was decided about after `at`."""
    found = Decision.objects.within(scope).filter(area__startswith=area, decided_at__gt=at)
    return found.exists()
