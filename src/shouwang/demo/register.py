"""People of the register to whom something happens in the demonstration."""

from __future__ import annotations

from uuid import UUID

from shouwang.kernel.scope import Scope
from shouwang.observation.queries import files_of_person
from shouwang.people.queries import search_people

SCOPE = Scope.everything("demo")


def unwatched(village: str, surname: str, born: tuple[int, int], wanted: int) -> dict[UUID, UUID]:
    """Household → person: so many of this name, born in these years (the last not included), whom nobody watches."""
    first, last = born
    found: dict[UUID, UUID] = {}
    for one in search_people(SCOPE.narrowed(village), surname, limit=50):
        of_age = one.birth_date is not None and first <= one.birth_date.year < last
        if of_age and one.household_id and not files_of_person(SCOPE, one.id):
            found.setdefault(one.household_id, one.id)
    return dict(list(found.items())[:wanted])
