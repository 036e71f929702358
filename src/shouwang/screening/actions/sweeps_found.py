"""People met at a door who are on no register there: matched first, else admitted; never lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from shouwang.kernel.actor import Actor
from shouwang.kernel.ids import uuid7
from shouwang.kernel.masking import mask_id, mask_telephone
from shouwang.kernel.names import initials, normalise_name, sort_key
from shouwang.kernel.national_id import IdCheck, check_national_id
from shouwang.kernel.telephone import Telephones, read_telephones
from shouwang.people.actions import NewHousehold, NewIdentifier, NewPerson, NewTelephone, admit_people
from shouwang.people.matching import Candidate, Match, match_people
from shouwang.screening.actions.rows import copy_into, write_verify_items
from shouwang.screening.actions.sweeps_commands import NewFound, NewVisit
from shouwang.screening.reading import Problem

UNNAMED = "未报姓名"
"""Stands for the name of somebody who gave none, until it is verified."""


@dataclass(frozen=True, slots=True)
class Door:
    """The door as recording sees it."""

    id: UUID
    area: str
    number: int
    dwelling_id: UUID | None
    household_id: UUID | None
    stands: str
    """Where it stands now: it may have been put into a grid after the list of the round was made."""


@dataclass(frozen=True, slots=True)
class _Found:
    key: int
    visit: UUID
    door: Door
    told: NewFound
    name: str
    paper: IdCheck
    phones: Telephones
    household: tuple[UUID | None, str, str]
    """(id, address key, address) of the household at the door, as far as there is one."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """Whom visits found: visit → persons, and which of them nobody knew before."""

    who: dict[UUID, tuple[UUID, ...]]
    new: frozenset[UUID]


def take_in_found(visits: Sequence[tuple[NewVisit, Door]], *, area: str, by: Actor, at: datetime) -> TakenIn:
    """Put whoever was found in the books, inside the caller's action.

    Known by paper, or by name with telephone or door: that person, also from somewhere else, and it is to be
    verified where they live. Else admitted into the household at the door; what is missing is to be verified.
    The rows about them are written by `note_found`, once the visit stands.
    """
    homes = _homes([door for item, door in visits if item.found])
    found: list[_Found] = []
    for item, door in visits:
        for told in item.found:
            if not told.is_empty():
                found.append(_read(len(found), item.id, door, told, homes.get(door.id, (None, "", "")), at))
    if not found:
        return TakenIn({}, frozenset())
    matches = match_people(_candidate(one) for one in found)
    problems: list[tuple[UUID, str, UUID | None, Problem]] = []
    fresh: list[NewPerson] = []
    households: dict[UUID, NewHousehold] = {}
    who: dict[UUID, list[UUID]] = {}
    for one in found:
        match = matches.same.get(one.key)
        person = match.person_id if match else _admit(one, households, fresh)
        problems += _problems(one, person, match, conflict=one.key in matches.conflicts)
        who.setdefault(one.visit, []).append(person)
    if fresh:
        admit_people(
            households=list(households.values()), people=fresh, area=area, source="sweep", by=by, at=at
        )
    write_verify_items(problems, at)
    people = {visit: tuple(dict.fromkeys(persons)) for visit, persons in who.items()}
    return TakenIn(people, frozenset(person.id for person in fresh))


def note_found(sweep_id: UUID, taken: TakenIn, areas: dict[UUID, str], *, at: datetime) -> None:
    """Write who was found at which visit, inside the caller's action."""
    copy_into(
        "screening_sweepfound (id, visit_id, sweep_id, area, person_id, is_new, recorded_at)",
        (
            (uuid7(), visit, sweep_id, areas[visit], person, person in taken.new, at)
            for visit, found in taken.who.items()
            for person in found
        ),
    )


def _read(
    key: int,
    visit: UUID,
    door: Door,
    told: NewFound,
    home: tuple[UUID | None, str, str],
    at: datetime,
) -> _Found:
    paper = check_national_id(told.id_no, on=at.date())
    return _Found(
        key, visit, door, told, normalise_name(told.name), paper, read_telephones(told.telephone), home
    )


def _homes(doors: Sequence[Door]) -> dict[UUID, tuple[UUID | None, str, str]]:
    """The first household at each door."""
    if not doors:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_HOMES, {"doors": [door.id for door in doors]})
        return {row[0]: (row[1], row[2] or "", row[3] or "") for row in cursor.fetchall()}


def _candidate(one: _Found) -> Candidate:
    return Candidate(
        key=one.key,
        name=one.name,
        paper=one.paper.value,
        paper_ok=one.paper.ok and bool(one.paper.value),
        telephones=one.phones.numbers,
        area=one.door.stands,
        address_key=one.household[1],
    )


def _admit(one: _Found, households: dict[UUID, NewHousehold], fresh: list[NewPerson]) -> UUID:
    household_id, key, address = one.household
    if household_id is None:
        home = households.get(one.door.id)
        if home is None:
            home = NewHousehold(
                area=one.door.stands,
                address=address,
                address_key=key,
                head_name=one.name,
                dwelling_id=one.door.dwelling_id,
            )
            households[one.door.id] = home
        household_id = home.id
    name = one.name or one.told.note.strip()[:40] or UNNAMED
    numbers = [NewTelephone(n, mask_telephone(n)[:24]) for n in one.phones.numbers]
    papers = []
    if one.paper.value:
        problem = next(iter(one.paper.problems), "")
        papers = [NewIdentifier(one.paper.kind, one.paper.value, mask_id(one.paper.value)[:24], problem)]
    person = NewPerson(
        area=one.door.stands,
        name=name,
        sort_key=sort_key(name),
        initials=initials(name),
        household_id=household_id,
        sex=(one.told.sex or one.paper.sex or "")[:1],
        birth_date=one.paper.birth_date,
        relation=one.told.relation.strip(),
        is_resident=None,
        identifiers=papers,
        telephones=numbers,
    )
    fresh.append(person)
    return person.id


def _problems(
    one: _Found, person: UUID, match: Match | None, *, conflict: bool
) -> list[tuple[UUID, str, UUID | None, Problem]]:
    found: list[Problem] = []
    if match is not None:
        if match.area != one.door.stands:
            found.append(Problem("met-elsewhere", "address", one.household[2]))
    else:
        if not one.name:
            found.append(Problem("name-missing", "name", one.told.note))
        found += [Problem(code, "id_no", one.told.id_no) for code in one.paper.problems[:1]]
        found += [Problem(code, "phone", one.told.telephone) for code in one.phones.problems[:1]]
    if conflict:
        found.append(Problem("id-conflict", "id_no", one.told.id_no))
    area = match.area if match else one.door.stands
    return [(person, area, None, problem) for problem in found]


_HOMES = """
select d.id, h.id, coalesce(w.address_key, h.address_key), coalesce(w.group_name || w.door, h.address)
from screening_sweepdoor d left join places_dwelling w on w.id = d.dwelling_id
left join lateral (select x.* from people_household x
    where x.dwelling_id = d.dwelling_id or x.id = d.household_id order by x.id limit 1) h on true
where d.id = any(%(doors)s)
"""
