"""A verified number in the place of one that was wrong: papers and telephones; what stood there stays as history."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.people.actions.persons import NewIdentifier, NewTelephone, add_identifiers, add_telephones
from shouwang.people.models import Identifier, Person, Telephone
from shouwang.people.sealed import blind


@transaction.atomic
def replace_identifier(
    *, person_id: UUID, paper: NewIdentifier, reason: str, by: Actor, at: datetime
) -> None:
    """Put a verified paper in the place of those that had a problem; the old ones stay as history.

    Refuses `reason-missing`, `person-not-found`.
    """
    if not reason.strip():
        raise Refused("reason-missing")
    people = Person.objects.unscoped("reached through scope by the caller")
    person = people.select_for_update().filter(id=person_id).first()
    if person is None:
        raise Refused("person-not-found")
    held = Identifier.objects.filter(person_id=person_id, superseded_at__isnull=True)
    digest = blind(paper.value, "national-id")
    held.exclude(problem="").update(superseded_at=at)
    if not held.filter(digest=digest, problem="").exists():
        add_identifiers([(person_id, paper)], at=at)
    append_event(
        verb="people.identifier.replaced",
        subject=("person", person_id),
        area=person.area,
        by=by,
        at=at,
        payload={"kind": paper.kind, "reason": reason},
    )


@transaction.atomic
def replace_telephone(*, person_id: UUID, number: NewTelephone, reason: str, by: Actor, at: datetime) -> None:
    """Put a number that was made sure in the place of those that had a problem; the old ones stay as history.

    Refuses `reason-missing`, `person-not-found`.
    """
    if not reason.strip():
        raise Refused("reason-missing")
    people = Person.objects.unscoped("reached through scope by the caller")
    person = people.select_for_update().filter(id=person_id).first()
    if person is None:
        raise Refused("person-not-found")
    held = Telephone.objects.filter(person_id=person_id, superseded_at__isnull=True)
    held.exclude(problem="").update(superseded_at=at)
    if not held.filter(digest=blind(number.value, "telephone"), problem="").exists():
        add_telephones([(person_id, number)], at=at)
    append_event(
        verb="people.telephone.replaced",
        subject=("person", person_id),
        area=person.area,
        by=by,
        at=at,
        payload={"reason": reason},
    )
