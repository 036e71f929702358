"""Classifying: everyone of a place in one statement, or the people an import touched."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import connection, transaction

from shouwang.classification.statement import Whom, classify_sql, everyone_in, these
from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.packs.schema import Pack


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a classification did.

    `judged` people could be of some category; of `changed` the category or its certainty changed; for
    `renewed` only the facts behind it changed, so that a decision with new reasons was written.
    """

    judged: int
    changed: int
    renewed: int
    counts: tuple[tuple[str | None, str | None, int], ...]
    """(category before, category now, people) of those who changed."""


@transaction.atomic
def classify_area(*, area: str, pack: Pack, revision_id: UUID, by: Actor, at: datetime) -> Outcome:
    """Reclassify everyone of a subtree by `pack` in one statement.

    A decision is written only for whom the outcome or the facts behind it changed.
    """
    outcome = _classified(pack, everyone_in([area]), revision_id, at)
    _journal(outcome, verb="area", area=area, revision_id=revision_id, by=by, at=at)
    return outcome


@transaction.atomic
def classify_people(
    *, ids: Sequence[UUID], area: str, pack: Pack, revision_id: UUID, by: Actor, at: datetime
) -> Outcome:
    """Reclassify these people (an import, a correction). `area` is the place the journal files it under."""
    outcome = _classified(pack, these(ids), revision_id, at)
    _journal(outcome, verb="people", area=area, revision_id=revision_id, by=by, at=at)
    return outcome


@transaction.atomic
def withdraw_people(
    *,
    people: Sequence[UUID],
    decided_at: datetime,
    area: str,
    source: str,
    reason: str,
    by: Actor,
    at: datetime,
) -> int:
    """Take back what `source` made of these people at `decided_at`; returns how many decisions. For undoing an
    import only.

    Of each person the one decision taken at that instant goes, and they stand where they stood before. The
    journal keeps that it was taken. Refuses `reason-missing`.
    """
    if not reason.strip():
        raise Refused("reason-missing")
    with connection.cursor() as cursor:
        cursor.execute(_WITHDRAW, {"people": list(people), "decided_at": decided_at})
        gone = [row[0] for row in cursor.fetchall()]
        cursor.execute(_STAND_BACK, {"people": gone})
    append_event(
        verb="classification.people.withdrawn",
        subject=("source", source),
        area=area,
        by=by,
        at=at,
        payload={"decisions": len(gone), "reason": reason},
    )
    return len(gone)


_WITHDRAW = """
delete from classification_decision d using (
    select distinct on (person_id) id from classification_decision
    where person_id = any(%(people)s) and decided_at = %(decided_at)s order by person_id, id desc
) last where d.id = last.id returning d.person_id
"""
_STAND_BACK = """
with before as (
    select distinct on (person_id) person_id, id, category, certain, revision_id, facts_digest
    from classification_decision where person_id = any(%(people)s)
    order by person_id, decided_at desc, id desc
), gone as (
    delete from classification_standing where person_id = any(%(people)s)
        and person_id not in (select person_id from before)
)
update classification_standing s set decision_id = b.id, category = b.category, certain = b.certain,
    revision_id = b.revision_id, facts_digest = b.facts_digest
from before b where s.person_id = b.person_id
"""


def _classified(pack: Pack, whom: Whom, revision_id: UUID, at: datetime) -> Outcome:
    sql, params = classify_sql(pack, whom, revision_id, at)
    with connection.cursor() as cursor:
        cursor.execute(sql, cast(dict[str, Any], params))
        judged, changed, written, moves = cursor.fetchone()
    moves = json.loads(moves) if isinstance(moves, str) else moves
    return Outcome(judged, changed, written - changed, tuple((was, now, n) for was, now, n in moves))


def _journal(outcome: Outcome, *, verb: str, area: str, revision_id: UUID, by: Actor, at: datetime) -> None:
    append_event(
        verb=f"classification.{verb}.classified",
        subject=("area", area),
        area=area,
        by=by,
        at=at,
        payload={
            "revision": str(revision_id),
            "judged": outcome.judged,
            "changed": outcome.changed,
            "renewed": outcome.renewed,
            "moves": [list(move) for move in outcome.counts],
        },
    )
