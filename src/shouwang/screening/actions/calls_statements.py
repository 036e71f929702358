"""陈述 Keeping what somebody answered: the answers, sealed; the attempt that it was; what it becomes, by key."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.canon import canonical
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.packs.schema import Pack
from shouwang.people.queries import person
from shouwang.people.sealed import seal, unseal
from shouwang.screening.actions.reaching import RECORD, Attempt, note_attempts
from shouwang.screening.models import Statement
from shouwang.screening.rules import ToldFact, fact_id, read_answers, told_by

OWN = "of a person in scope"
TABLE = "screening_statement"
SOURCES = frozenset({"call", "self", "door", "form"})
CHANNEL_OF = {"call": "phone", "self": "phone", "door": "door", "form": "form"}
OUTCOME_OF = {"call": "answered", "self": "answered", "door": "met", "form": "filled"}


@dataclass(frozen=True, slots=True)
class StatementCommand:
    """What was answered. `answers`: question → what was typed or chosen. `purpose`: which call it settles.

    `is_correction`: the answers before were wrong (with `reason`); else these are only newer.
    """

    id: UUID
    person_id: UUID
    script: str
    source: str
    told_at: datetime
    answers: Mapping[str, Sequence[str]]
    purpose: str = ""
    is_correction: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """The statement as it was kept. `is_fresh` False: it was there already. `before`: what it replaces, with
    the facts that came of that."""

    id: UUID
    area: str
    is_fresh: bool
    told: tuple[ToldFact, ...] = ()
    before: UUID | None = None
    facts_before: Mapping[str, UUID] = field(default_factory=dict)
    told_before: tuple[ToldFact, ...] = ()


@transaction.atomic
def record_statement(
    *, command: StatementCommand, pack: Pack, revision_id: UUID, scope: Scope, by: Actor, at: datetime
) -> Stated:
    """Keep the answers; the facts they become are made by the journey (`journeys.take_statement`).

    Earlier answers of the person to the script stay, and this names the last of them. Refuses
    `person-not-found`, `not-permitted`, `pack-entry-missing`, `statement-unreadable`, `answer-unreadable`,
    `statement-empty`, `reason-missing`, `nothing-to-correct`, `told-in-future`, `fact-differs`.
    """
    shown = person(scope, command.person_id)
    if not scope.allows(RECORD, shown.area):
        raise Refused("not-permitted")
    script = pack.script(command.script)
    if command.source not in SOURCES:
        raise Refused("statement-unreadable", field="source")
    if command.told_at > at:
        raise Refused("told-in-future")
    answers = read_answers(script, command.answers, pack)
    digest = _digest(command, answers)
    known = Statement.objects.unscoped(OWN).filter(id=command.id).first()
    if known is not None:
        if known.digest != digest:
            raise Refused("fact-differs", id=str(command.id))
        return Stated(command.id, known.area, is_fresh=False)
    if not answers:
        raise Refused("statement-empty")
    before = _last(command)
    if command.is_correction and before is None:
        raise Refused("nothing-to-correct")
    if command.is_correction and not command.reason.strip():
        raise Refused("reason-missing")
    told = told_by(script, answers)
    _keep(command, shown.area, revision_id, answers, told, before, digest, by, at)
    _note(command, shown.area, shown.household_id, pack, by, at)
    append_event(
        verb="screening.statement.recorded",
        subject=("person", command.person_id),
        area=shown.area,
        by=by,
        at=at,
        payload={"statement": str(command.id), "script": script.code, "source": command.source},
    )
    if before is None:
        return Stated(command.id, shown.area, is_fresh=True, told=told)
    facts = {fact["key"]: UUID(fact["id"]) for fact in before.facts}
    return Stated(command.id, shown.area, True, told, before.id, facts, told_by(script, _answers(before)))


def _last(command: StatementCommand) -> Statement | None:
    held = Statement.objects.unscoped(OWN).filter(person_id=command.person_id, script=command.script)
    replaced = held.filter(replaces__isnull=False).values("replaces_id")
    return held.exclude(id__in=replaced).order_by("-told_at", "-id").select_for_update().first()


def _answers(row: Statement) -> dict[str, str]:
    plain = unseal(row.answers, table=TABLE, row=row.id, field="answers")
    found: dict[str, str] = json.loads(plain)
    return found


def _keep(
    command: StatementCommand,
    area: str,
    revision_id: UUID,
    answers: dict[str, str],
    told: tuple[ToldFact, ...],
    before: Statement | None,
    digest: UUID,
    by: Actor,
    at: datetime,
) -> None:
    Statement.objects.create(
        id=command.id,
        area=area,
        person_id=command.person_id,
        script=command.script,
        revision_id=revision_id,
        source=command.source,
        told_at=command.told_at,
        answers=seal(canonical(answers), table=TABLE, row=command.id, field="answers"),
        facts=[
            {"key": t.key, "fact": t.fact, "kind": t.kind, "id": str(fact_id(command.id, t.key))}
            for t in told
        ],
        digest=digest,
        replaces_id=before.id if before else None,
        is_correction=command.is_correction,
        reason=command.reason.strip(),
        by_id=by.id,
        by_name=by.name,
        recorded_at=at,
    )


def _note(
    command: StatementCommand, area: str, household: UUID | None, pack: Pack, by: Actor, at: datetime
) -> None:
    """Speaking with somebody is an attempt that succeeded."""
    attempt = Attempt(
        fact_id(command.id, "attempt"),
        area,
        "person",
        command.person_id,
        command.purpose or command.script,
        CHANNEL_OF[command.source],
        OUTCOME_OF[command.source],
        command.told_at,
        household,
    )
    note_attempts([attempt], pack=pack, area=area, by=by, at=at)


def _digest(command: StatementCommand, answers: dict[str, str]) -> UUID:
    content = (
        *(command.person_id.int, command.script, command.source, command.told_at.timestamp()),
        *(sorted(answers.items()), command.is_correction, command.reason.strip()),
    )
    return UUID(bytes=blake2b(repr(content).encode(), digest_size=16).digest())
