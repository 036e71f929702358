"""Full identifiers and telephones, for actions that journal who looked and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.people.models import Identifier, Person, Telephone
from shouwang.people.queries.persons import person
from shouwang.people.sealed import unseal


def revealed(scope: Scope, person_id: UUID) -> tuple[tuple[str, str], ...]:
    """Full identifiers and telephones of one person as (kind, value). The caller journals the reading."""
    shown = person(scope, person_id)
    if not scope.allows("person.reveal", shown.area):
        raise Refused("not-permitted")
    papers = Identifier.objects.filter(person_id=person_id, superseded_at__isnull=True)
    phones = Telephone.objects.filter(person_id=person_id, superseded_at__isnull=True)
    return tuple(
        (i.kind, unseal(i.sealed, table="people_identifier", row=i.id, field="sealed")) for i in papers
    ) + tuple(
        ("telephone", unseal(t.sealed, table="people_telephone", row=t.id, field="sealed")) for t in phones
    )


def keys_fit() -> bool:
    """Whether what is sealed here opens with the keys of this installation; true where nothing is sealed.

    Unscoped: looks at one row of a kind and tells no content."""
    samples = (
        ("people_identifier", Identifier.objects.order_by("-id").first()),
        ("people_telephone", Telephone.objects.order_by("-id").first()),
    )
    try:
        for table, one in samples:
            if one is not None:
                unseal(one.sealed, table=table, row=one.id, field="sealed")
    except Refused:
        return False
    return True


def numbers_of(scope: Scope, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Full telephone numbers of these persons, as far as they may be revealed. The caller journals the reading."""
    near = Scope(scope.actor_id, tuple(g for g in scope.grants if {"person.reveal", "*"} & g.permissions))
    shown = Person.objects.within(near).filter(id__in=ids).values_list("id", flat=True)
    phones = Telephone.objects.filter(person_id__in=list(shown), superseded_at__isnull=True)
    table = "people_telephone"
    return {
        phone.person_id: unseal(phone.sealed, table=table, row=phone.id, field="sealed").removeprefix("+86")
        for phone in phones.order_by("recorded_at", "id")
    }


def telephones_to_ring(ids: Iterable[UUID]) -> list[tuple[UUID, str]]:
    """Every number of these persons in full, oldest first. Unscoped: for the action that has asked whose call
    it is and journals the reading."""
    phones = Telephone.objects.filter(person_id__in=list(ids), superseded_at__isnull=True)
    table = "people_telephone"
    return [
        (
            phone.person_id,
            unseal(phone.sealed, table=table, row=phone.id, field="sealed").removeprefix("+86"),
        )
        for phone in phones.order_by("recorded_at", "id")
    ]
