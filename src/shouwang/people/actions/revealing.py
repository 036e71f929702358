"""Seeing what lists mask: one person's identifiers with a purpose, the number of one's own call; journalled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.people.queries import person, revealed, telephones_to_ring


@transaction.atomic
def reveal_person(
    *, scope: Scope, person_id: UUID, purpose: str, by: Actor, at: datetime
) -> tuple[tuple[str, str], ...]:
    """Full identifiers and telephones of one person as (kind, value); who looked and why is recorded.

    Refuses `purpose-missing`, `person-not-found`, `not-permitted`.
    """
    if not purpose.strip():
        raise Refused("purpose-missing")
    shown = person(scope, person_id)
    opened = revealed(scope, person_id)
    append_event(
        verb="people.person.revealed",
        subject=("person", person_id),
        area=shown.area,
        by=by,
        at=at,
        payload={"purpose": purpose.strip()},
    )
    return opened


@transaction.atomic
def reveal_telephones(
    *, people: Mapping[UUID, str], call: str, purpose: str, area: str, by: Actor, at: datetime
) -> tuple[tuple[str, str], ...]:
    """(name, full telephone) of whom a call is to; who looked, and for which call, is recorded.

    Nothing but telephones, and only for a caller that has made sure whose call it is.
    """
    opened = tuple((people[key], number) for key, number in telephones_to_ring(people))
    append_event(
        verb="people.telephone.revealed",
        subject=("call", call),
        area=area,
        by=by,
        at=at,
        payload={"purpose": purpose, "people": [str(key) for key in people]},
    )
    return opened
