"""Statements of a person: what they answered each time, and what came of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shouwang.kernel.scope import Scope
from shouwang.people.queries import person
from shouwang.people.sealed import unseal
from shouwang.screening.models import Statement

OWN = "of a person in scope"


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One statement, opened. `is_replaced`: a later one names it."""

    id: UUID
    script: str
    revision_id: UUID
    source: str
    told_at: datetime
    replaces_id: UUID | None
    is_correction: bool
    reason: str
    by_name: str
    recorded_at: datetime
    facts: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    is_replaced: bool = False


def statements_of(
    scope: Scope, person_id: UUID, *, script: str | None = None, limit: int = 20
) -> list[StatementRow]:
    """What a person in sight answered, newest first. Refuses `person-not-found`."""
    person(scope, person_id)
    found = Statement.objects.unscoped(OWN).filter(person_id=person_id)
    if script is not None:
        found = found.filter(script=script)
    rows = list(found.order_by("-told_at", "-id")[:limit])
    replaced = {row.replaces_id for row in rows}
    return [
        StatementRow(
            *(row.id, row.script, row.revision_id, row.source, row.told_at, row.replaces_id),
            *(row.is_correction, row.reason, row.by_name, row.recorded_at, row.facts),
            json.loads(unseal(row.answers, table="screening_statement", row=row.id, field="answers")),
            row.id in replaced,
        )
        for row in rows
    ]
