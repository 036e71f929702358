"""Classifying: everyone of a place in one statement, or the people an import touched."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import connection, transaction

from shouwang.classification.models import Decision, Standing
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
def withdraw_decisions(*, ids: Sequence[UUID], area: str, reason: str, by: Actor, at: datetime) -> int:
    """Take back every decision about people whom an undone import had brought; how many.

    For a journey that undoes an import, before the people themselves are withdrawn: a decision is derived,
    and about nobody it is nothing. The journal keeps that it was made. Refuses `reason-missing`.
    """
    if not reason.strip():
        raise Refused("reason-missing")
    Standing.objects.unscoped("people reached by the caller").filter(person_id__in=ids).delete()
    gone, _ = Decision.objects.unscoped("people reached by the caller").filter(person_id__in=ids).delete()
    append_event(
        verb="classification.decisions.withdrawn",
        subject=("area", area),
        area=area,
        by=by,
        at=at,
        payload={"people": len(ids), "decisions": gone, "reason": reason},
    )
    return gone


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
