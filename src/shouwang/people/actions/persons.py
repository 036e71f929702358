"""Writing people. `admit_people` is the one door for many; the others change one person at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.people.models import (
    Household,
    Person,
    PersonCorrection,
    PersonTag,
    Residence,
)
from shouwang.people.sealed import blind, seal

TAIL_LENGTH = 4


@dataclass(slots=True)
class NewHousehold:
    """A household to admit; its id is known before it is written."""

    area: str
    address: str = ""
    address_key: str = ""
    number: str = ""
    head_name: str = ""
    dwelling_id: UUID | None = None
    id: UUID = field(default_factory=uuid7)


@dataclass(slots=True)
class NewIdentifier:
    """An identity paper as written. `value` is normalised; `problem` a code where it must be verified."""

    kind: str
    value: str
    masked: str
    problem: str = ""


@dataclass(slots=True)
class NewTelephone:
    """A number, E.164 where it could be understood, else as written with a problem code."""

    value: str
    masked: str
    problem: str = ""


@dataclass(slots=True)
class NewPerson:
    """A person to admit, with everything that hangs on them."""

    area: str
    name: str
    sort_key: str
    initials: str
    household_id: UUID | None = None
    sex: str = ""
    birth_date: date | None = None
    relation: str = ""
    is_resident: bool | None = None
    identifiers: Sequence[NewIdentifier] = ()
    telephones: Sequence[NewTelephone] = ()
    tags: Sequence[str] = ()
    lives_here_since: date | None = None
    id: UUID = field(default_factory=uuid7)


@transaction.atomic
def admit_people(
    *,
    households: Sequence[NewHousehold],
    people: Sequence[NewPerson],
    area: str,
    source: str,
    by: Actor,
    at: datetime,
) -> None:
    """Write many households and persons by COPY, all or none, with one event for the lot.

    Whoever calls has already matched them against those who are there. `area` is the path of the place
    the lot belongs to; `source` names where it came from (an import batch, a sweep).
    """
    _copy(
        "people_household (id, area, dwelling_id, number, head_name, address, address_key, recorded_at)",
        (
            (h.id, h.area, h.dwelling_id, h.number, h.head_name, h.address, h.address_key, at)
            for h in households
        ),
    )
    _copy(
        "people_person (id, area, household_id, name, sort_key, initials, sex, birth_date, relation,"
        " is_resident, recorded_at)",
        (
            (
                *(p.id, p.area, p.household_id, p.name, p.sort_key, p.initials, p.sex, p.birth_date),
                *(p.relation, p.is_resident, at),
            )
            for p in people
        ),
    )
    _copy(
        "people_residence (id, person_id, household_id, area, since, reason, recorded_at)",
        ((uuid7(), p.id, p.household_id, p.area, p.lives_here_since, "", at) for p in people),
    )
    add_identifiers([(p.id, i) for p in people for i in p.identifiers], at=at)
    add_telephones([(p.id, t) for p in people for t in p.telephones], at=at)
    _copy(
        "people_persontag (id, person_id, code, recorded_at)",
        ((uuid7(), p.id, tag, at) for p in people for tag in dict.fromkeys(p.tags)),
    )
    append_event(
        verb="people.admitted",
        subject=("source", source),
        area=area,
        by=by,
        at=at,
        payload={"households": len(households), "people": len(people)},
    )


def add_identifiers(rows: Iterable[tuple[UUID, NewIdentifier]], *, at: datetime) -> None:
    """Write identity papers of people inside the caller's action (which journals)."""
    table = "people_identifier"

    def sealed(person_id: UUID, paper: NewIdentifier) -> tuple[object, ...]:
        row = uuid7()
        return (
            *(row, person_id, paper.kind, seal(paper.value, table=table, row=row, field="sealed")),
            *(blind(paper.value, "national-id"), blind(paper.value[-TAIL_LENGTH:], "national-id-tail")),
            *(paper.masked, paper.problem, at),
        )

    _copy(
        f"{table} (id, person_id, kind, sealed, digest, tail_digest, masked, problem, recorded_at)",
        (sealed(person_id, paper) for person_id, paper in rows),
    )


def add_telephones(rows: Iterable[tuple[UUID, NewTelephone]], *, at: datetime) -> None:
    """Write telephone numbers of people inside the caller's action (which journals)."""
    table = "people_telephone"

    def sealed(person_id: UUID, number: NewTelephone) -> tuple[object, ...]:
        row = uuid7()
        return (
            *(row, person_id, seal(number.value, table=table, row=row, field="sealed")),
            *(blind(number.value, "telephone"), blind(number.value[-TAIL_LENGTH:], "telephone-tail")),
            *(number.masked, number.problem, at),
        )

    _copy(
        f"{table} (id, person_id, sealed, digest, tail_digest, masked, problem, recorded_at)",
        (sealed(person_id, number) for person_id, number in rows),
    )


@transaction.atomic
def move_person(
    *,
    person_id: UUID,
    household_id: UUID | None,
    area: str,
    since: date | None,
    reason: str,
    by: Actor,
    at: datetime,
) -> None:
    """Move a person to another household or place; the residence before stays as history.

    Refuses `reason-missing`, `person-not-found`.
    """
    if not reason.strip():
        raise Refused("reason-missing")
    people = Person.objects.unscoped("reached through scope by the caller")
    person = people.select_for_update().filter(id=person_id).first()
    if person is None:
        raise Refused("person-not-found")
    old_area = person.area
    held = Residence.objects.unscoped("history of a person in scope").filter(person_id=person_id)
    held.filter(superseded_at__isnull=True).update(superseded_at=at)
    Residence.objects.create(
        person_id=person_id, household_id=household_id, area=area, since=since, reason=reason, recorded_at=at
    )
    people.filter(id=person_id).update(area=area, household_id=household_id)
    append_event(
        verb="people.person.moved",
        subject=("person", person_id),
        area=area,
        by=by,
        at=at,
        payload={"from": old_area, "to": area, "reason": reason},
    )


@transaction.atomic
def mark_person(*, person_id: UUID, code: str, by: Actor, at: datetime) -> bool:
    """Set a mark (人群标识) of the pack on a person; True where it was not there. Refuses `person-not-found`."""
    person = Person.objects.unscoped("reached through scope by the caller").filter(id=person_id).first()
    if person is None:
        raise Refused("person-not-found")
    held = PersonTag.objects.filter(person_id=person_id, code=code, superseded_at__isnull=True)
    if held.exists():
        return False
    PersonTag.objects.create(person_id=person_id, code=code, recorded_at=at)
    append_event(
        verb="people.person.marked",
        subject=("person", person_id),
        area=person.area,
        by=by,
        at=at,
        payload={"mark": code},
    )
    return True


CORRECTABLE = ("name", "sex", "birth_date", "relation")


@transaction.atomic
def correct_person(
    *,
    person_id: UUID,
    name: str,
    value: str,
    sort_key: str = "",
    initials: str = "",
    reason: str,
    by: Actor,
    at: datetime,
) -> None:
    """Correct one field (`name` of the field) of a person with a reason; the old value is kept, sealed.

    `sort_key` and `initials` go with a corrected name. Refuses `reason-missing`, `field-unknown`,
    `person-not-found`.
    """
    if not reason.strip():
        raise Refused("reason-missing")
    if name not in CORRECTABLE:
        raise Refused("field-unknown", field=name)
    people = Person.objects.unscoped("reached through scope by the caller")
    person = people.select_for_update().filter(id=person_id).first()
    if person is None:
        raise Refused("person-not-found")
    row, table = uuid7(), "people_personcorrection"
    PersonCorrection.objects.create(
        id=row,
        person_id=person_id,
        field=name,
        old_sealed=seal(str(getattr(person, name) or ""), table=table, row=row, field="old_sealed"),
        new_sealed=seal(value, table=table, row=row, field="new_sealed"),
        reason=reason,
        by_id=by.id,
        by_name=by.name,
        at=at,
    )
    change: dict[str, object] = {name: value or None if name == "birth_date" else value}
    if name == "name":
        change |= {"sort_key": sort_key, "initials": initials}
    people.filter(id=person_id).update(**change)
    append_event(
        verb="people.person.corrected",
        subject=("person", person_id),
        area=person.area,
        by=by,
        at=at,
        payload={"field": name, "reason": reason},
    )


@transaction.atomic
def add_household(*, household: NewHousehold, by: Actor, at: datetime) -> UUID:
    """Write one household."""
    Household.objects.create(
        id=household.id,
        area=household.area,
        dwelling_id=household.dwelling_id,
        number=household.number,
        head_name=household.head_name,
        address=household.address,
        address_key=household.address_key,
        recorded_at=at,
    )
    append_event(
        verb="people.household.added", subject=("household", household.id), area=household.area, by=by, at=at
    )
    return household.id


@transaction.atomic
def withdraw_people(
    *, people: Sequence[UUID], area: str, source: str, reason: str, by: Actor, at: datetime
) -> None:
    """Take back persons that `source` brought, with households left empty; for undoing an import only.

    The caller has made sure that nothing was built on them and has removed its own rows. Refuses
    `reason-missing`.
    """
    if not reason.strip():
        raise Refused("reason-missing")
    with connection.cursor() as cursor:
        cursor.execute(
            "create temporary table people_leaving on commit drop as select id, household_id"
            " from people_person where id = any(%s)",
            [list(people)],
        )
        cursor.execute("analyze people_leaving")
        for table in ("identifier", "telephone", "residence", "persontag", "personcorrection"):
            cursor.execute(f"delete from people_{table} where person_id in (select id from people_leaving)")  # noqa: S608
        cursor.execute("delete from people_person where id in (select id from people_leaving)")
        cursor.execute(
            """delete from people_household h where h.id in (select household_id from people_leaving)
            and not exists (select 1 from people_person p where p.household_id = h.id)
            and not exists (select 1 from people_residence r where r.household_id = h.id)"""
        )
        cursor.execute("drop table people_leaving")
    append_event(
        verb="people.withdrawn",
        subject=("source", source),
        area=area,
        by=by,
        at=at,
        payload={"people": len(people), "reason": reason},
    )


def _copy(target: str, rows: Iterable[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"copy {target} from stdin") as stream:
        for row in rows:
            stream.write_row(row)
