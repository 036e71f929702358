"""Who an import brings that nobody knew: their doors, their households, and where both stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from shouwang.kernel.areas import VILLAGE_DIGITS
from shouwang.kernel.masking import mask_id, mask_telephone
from shouwang.kernel.names import initials, sort_key
from shouwang.people.actions import NewHousehold, NewIdentifier, NewPerson, NewTelephone
from shouwang.people.queries import household_areas
from shouwang.places.actions import DwellingDraft
from shouwang.places.queries import dwelling_areas
from shouwang.screening.actions.planning import Plan, Planned

CHUNK = 2000


def doors_wanted(newcomers: Sequence[Planned]) -> Iterator[DwellingDraft]:
    """The doors that newcomers live behind, as far as their rows say which."""
    for one in newcomers:
        if one.address_key and len(one.area) >= VILLAGE_DIGITS:
            yield DwellingDraft(one.area, one.group, one.door, one.address_key)


def settle(
    newcomers: Sequence[Planned], plan: Plan, doors: dict[tuple[str, str], UUID]
) -> dict[tuple[str, str], UUID]:
    """Put newcomers where their household or their door stands: it may have been put into a grid since the
    list was made. Returns the doors by where they stand too."""
    stands = dwelling_areas(doors.values())
    homes = household_areas(plan.households_before.values())
    moved = {at: door for at, door in doors.items() if stands[door] != at[0]}
    if not moved and not any("-" in area for area in homes.values()):
        return doors
    where: dict[str, str] = {
        key: homes[home] for key, home in plan.households_before.items() if home in homes
    }
    for one in newcomers:
        door = moved.get((one.area, one.address_key))
        if door is not None:
            where.setdefault(one.row.household, stands[door])
    for one in newcomers:
        if (area := where.get(one.row.household)) and area.startswith(one.area):
            one.area = area
    return doors | {(stands[door], key): door for (_, key), door in moved.items()}


def whole_households(newcomers: Sequence[Planned]) -> Iterator[list[Planned]]:
    """Chunks that never part a household."""
    homes: dict[str, list[Planned]] = {}
    for one in newcomers:
        homes.setdefault(one.row.household, []).append(one)
    chunk: list[Planned] = []
    for home in homes.values():
        chunk += home
        if len(chunk) >= CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def households_and_people(
    chunk: Sequence[Planned], plan: Plan, doors: dict[tuple[str, str], UUID]
) -> tuple[list[NewHousehold], list[NewPerson]]:
    """The households and persons to admit, for one chunk of newcomers."""
    homes: dict[str, list[Planned]] = {}
    for one in chunk:
        homes.setdefault(one.row.household, []).append(one)
    households: list[NewHousehold] = []
    people: list[NewPerson] = []
    for key, members in homes.items():
        home_id = plan.households_before.get(key)
        if home_id is None:
            household = _household(members, doors)
            households.append(household)
            home_id = household.id
        people += [_person(one, home_id) for one in members]
    return households, people


def _household(members: Sequence[Planned], doors: dict[tuple[str, str], UUID]) -> NewHousehold:
    head = next((one for one in members if one.who.is_head), members[0])
    place = next((one for one in members if one.address_key), head)
    return NewHousehold(
        area=place.area,
        address=f"{place.group}{place.door}",
        address_key=place.address_key,
        number=head.who.household_no,
        head_name=head.who.name,
        dwelling_id=doors.get((place.area, place.address_key)),
    )


def _person(one: Planned, household_id: UUID) -> NewPerson:
    who = one.who
    assert one.person_id is not None
    return NewPerson(
        id=one.person_id,
        area=one.area,
        name=who.name,
        sort_key=sort_key(who.name),
        initials=initials(who.name),
        household_id=household_id,
        sex=who.sex[:1],
        birth_date=who.born_on,
        relation=who.relation,
        is_resident=who.resident,
        identifiers=[paper_of(one)] if who.id_value else [],
        telephones=[telephone_of(number) for number in who.telephones],
        tags=who.tags,
    )


def paper_of(one: Planned) -> NewIdentifier:
    """The identity paper of a row, with what is wrong with it."""
    who = one.who
    problem = next((p.code for p in one.problems if p.field == "id_no"), "")
    return NewIdentifier(who.id_kind, who.id_value, mask_id(who.id_value)[:24], problem)


def telephone_of(number: str) -> NewTelephone:
    """A telephone number as it is kept, and as lists show it."""
    return NewTelephone(number, mask_telephone(number)[:24])
