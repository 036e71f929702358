"""People with trips for tests of classification and ledgers, written the short way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from shouwang.kernel.ids import uuid7
from shouwang.kernel.masking import mask_id, mask_telephone
from shouwang.kernel.names import initials, sort_key
from shouwang.packs.load import from_canonical
from shouwang.packs.schema import Pack

TOWN = "500101135"
VILLAGE = "500101135003"
OTHER_VILLAGE = "500101135200"
REVISION = UUID("01700000-0000-7000-8000-000000000001")
REVISION_2 = UUID("01700000-0000-7000-8000-000000000002")


def a_pack(*categories: dict[str, object], ledgers: Sequence[dict[str, object]] = (), **more: object) -> Pack:
    """A small pack with these categories; rank by order."""
    raw: dict[str, object] = {
        "id": "test",
        "revision": "1",
        "title": "试",
        "disease": "covid-19",
        "zone": "Asia/Shanghai",
        "category": [{"title": c["code"], "rank": n, **c} for n, c in enumerate(categories)],
        "ledger": [{"title": row["code"], **row} for row in ledgers],
        **more,
    }
    return from_canonical(raw)


HUBEI = {"code": "hubei", "ledgers": ["book"], "when": {"trip": {"stayed-in": ["42"]}}}
WUHAN = {"code": "wuhan", "ledgers": ["book"], "when": {"trip": {"stayed-in": ["4201"]}}}


def add_household(area: str, at: datetime, address: str = "1组1号", head: str = "王强") -> UUID:
    row = uuid7()
    _run(
        "insert into people_household (id, area, number, head_name, address, address_key, recorded_at)"
        " values (%s, %s, '', %s, %s, %s, %s)",
        [row, area, head, address, address, at],
    )
    return row


def add_person(
    name: str,
    at: datetime,
    *,
    area: str = VILLAGE,
    household: UUID | None = None,
    sex: str = "m",
    born: date | None = None,
) -> UUID:
    row = uuid7()
    _run(
        "insert into people_person (id, area, household_id, name, sort_key, initials, sex, birth_date,"
        " relation, recorded_at) values (%s, %s, %s, %s, %s, %s, %s, %s, '', %s)",
        [row, area, household, name, sort_key(name), initials(name), sex, born, at],
    )
    _run(
        "insert into people_residence (id, person_id, household_id, area, reason, recorded_at)"
        " values (%s, %s, %s, %s, '', %s)",
        [uuid7(), row, household, area, at],
    )
    return row


def add_tag(person: UUID, code: str, at: datetime) -> None:
    _run(
        "insert into people_persontag (id, person_id, code, recorded_at) values (%s, %s, %s, %s)",
        [uuid7(), person, code, at],
    )


def add_identifier(person: UUID, at: datetime, value: str, problem: str = "") -> None:
    from shouwang.people.actions import NewIdentifier, add_identifiers

    add_identifiers([(person, NewIdentifier("id-18", value, mask_id(value), problem))], at=at)


def add_telephone(person: UUID, at: datetime, value: str) -> None:
    from shouwang.people.actions import NewTelephone, add_telephones

    add_telephones([(person, NewTelephone(value, mask_telephone(value)))], at=at)


def add_trip(
    person: UUID,
    at: datetime,
    origin: str | None = "4201",
    returned: date | None = date(2020, 1, 20),
    left: date | None = None,
    *,
    text: str = "武汉",
) -> UUID:
    row = uuid7()
    _run(
        "insert into screening_trip (id, person_id, area, origin_text, origin_code, left_on, returned_on,"
        " returned_state, recorded_at, returned_raw, transport, vehicle, via, symptoms, reason, by_id, by_name)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, '', '', '', '', '', '', '', '')",
        [row, person, VILLAGE, text, origin, left, returned, "clear" if returned else "unclear", at],
    )
    return row


def end_trip(trip: UUID, at: datetime) -> None:
    _run("update screening_trip set superseded_at = %s where id = %s", [at, trip])


def add_problem(person: UUID, at: datetime, code: str, field: str = "returned_on") -> None:
    """An open entry of the to-verify list."""
    _run(
        "insert into screening_verifyitem (id, area, person_id, field, code, raw, recorded_at, resolved_by_id,"
        " resolved_by_name, how) values (%s, %s, %s, %s, %s, '', %s, '', '', '')",
        [uuid7(), VILLAGE, person, field, code, at],
    )


def add_exposure(
    person: UUID,
    at: datetime,
    kind: str = "close-contact",
    first: date | None = None,
    last: date | None = None,
) -> None:
    _run(
        "insert into screening_exposure (id, person_id, area, kind, first_on, last_on, recorded_at,"
        " case_ref, reason, by_id, by_name) values (%s, %s, %s, %s, %s, %s, %s, '', '', '', '')",
        [uuid7(), person, VILLAGE, kind, first, last, at],
    )


def _run(sql: str, params: list[object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
