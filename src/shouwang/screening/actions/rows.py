"""Bulk writing of the room's own tables, by COPY."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import connection

from shouwang.kernel.actor import Actor
from shouwang.kernel.ids import uuid7
from shouwang.people.sealed import seal
from shouwang.screening.actions.planning import Plan, Planned
from shouwang.screening.models import ImportBatch
from shouwang.screening.reading import Problem
from shouwang.screening.rules import vehicle_in

_CONTACT = "area-contact"


def copy_into(target: str, rows: Iterable[tuple[object, ...]]) -> None:
    """COPY rows into `table (columns)`."""
    with connection.cursor() as cursor, cursor.copy(f"copy {target} from stdin") as stream:
        for row in rows:
            stream.write_row(row)


def write_rows(batch: ImportBatch, plan: Plan, *, linked: bool = False) -> None:
    """Keep every row with what became of it, in the place of rows kept before. `linked` when the persons
    exist already."""
    with connection.cursor() as cursor:
        cursor.execute("delete from screening_importrow where batch_id = %s", [batch.id])
    table = "screening_importrow"
    encode = msgspec.json.encode

    def line(one: Planned) -> tuple[object, ...]:
        raw = seal(encode(one.row.raw).decode(), table=table, row=one.id, field="raw")
        codes = encode(sorted({p.code for p in one.problems})).decode()
        person = one.person_id if linked or one.match is not None else None
        return (
            *(one.id, batch.id, one.area, one.row.sheet, one.row.row_no, one.state, raw, codes),
            *(one.row.reason, one.is_new, person),
        )

    copy_into(
        f"{table} (id, batch_id, area, sheet, row_no, state, raw, codes, reason, is_new, person_id)",
        (line(one) for one in plan.rows),
    )


def write_trips(planned: Sequence[Planned], by: Actor, at: datetime) -> int:
    """Append the journeys that rows add; a correction supersedes what the corrected row told.

    A clear date supersedes the same journey of the same person told without one.
    """
    adding = [one for one in planned if one.adds_trip and one.trip is not None]
    corrected = _superseded_trips([one for one in adding if one.corrects_row], at)
    dated = _dated_at_last([one for one in adding if not one.corrects_row and not one.is_new], at)
    close_verify_items(
        [(one.person_id, "returned_on") for one in adding if one.id in dated and one.person_id],
        by,
        at,
        "import-tells",
    )
    corrected |= dated
    copy_into(
        "screening_trip (id, person_id, area, origin_text, origin_code, left_on, returned_on, returned_state,"
        " returned_raw, transport, vehicle, via, contact_in_area, temperature, symptoms, row_id, corrects_id,"
        " reason, by_id, by_name, recorded_at)",
        (_trip_line(one, corrected.get(one.id), by, at) for one in adding),
    )
    copy_into(
        "screening_exposure (id, person_id, area, kind, case_ref, first_on, last_on, row_id, reason, by_id,"
        " by_name, recorded_at)",
        (
            (uuid7(), one.person_id, one.area, _CONTACT, "", None, None, one.id, "", by.id, by.name, at)
            for one in adding
            if one.trip is not None and one.trip.contact_in_area
        ),
    )
    return len(adding)


def _trip_line(one: Planned, corrects: UUID | None, by: Actor, at: datetime) -> tuple[object, ...]:
    trip = one.trip
    assert trip is not None
    return (
        *(
            uuid7(),
            one.person_id,
            one.area,
            trip.origin_text,
            one.origin_code,
            trip.left_on,
            trip.returned_on,
        ),
        *(trip.returned_state, trip.returned_raw, trip.transport, vehicle_in(trip.transport), trip.via),
        *(trip.contact_in_area, trip.temperature, trip.symptoms, one.id, corrects),
        *("correction-import" if corrects else "", by.id, by.name, at),
    )


def _dated_at_last(planned: Sequence[Planned], at: datetime) -> dict[UUID, UUID]:
    """Supersede journeys without a clear date that a row tells again with one; planned row → journey before."""
    told = {
        (one.person_id, one.origin_code): one
        for one in planned
        if one.trip is not None and one.trip.returned_on is not None and one.origin_code is not None
    }
    if not told:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "update screening_trip t set superseded_at = %s"
            " from unnest(%s::uuid[], %s::text[]) as w (person_id, origin_code)"
            " where t.person_id = w.person_id and t.origin_code = w.origin_code and t.returned_on is null"
            " and t.superseded_at is null returning t.person_id, t.origin_code, t.id",
            [at, [person for person, _ in told], [code for _, code in told]],
        )
        return {told[person, code].id: trip for person, code, trip in cursor.fetchall()}


def _superseded_trips(planned: Sequence[Planned], at: datetime) -> dict[UUID, UUID]:
    """Supersede the journeys told by the rows that are corrected; planned row → the journey before."""
    by_row = {one.corrects_row: one for one in planned}
    if not by_row:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "update screening_trip set superseded_at = %s where row_id = any(%s) and superseded_at is null"
            " returning row_id, id",
            [at, list(by_row)],
        )
        return {by_row[row].id: trip for row, trip in cursor.fetchall()}


def write_verify_items(items: Iterable[tuple[UUID, str, UUID | None, Problem]], at: datetime) -> int:
    """Put (person, area, row, problem) on the to-verify list; what is open there already stays as it is."""
    table = "screening_verifyitem"
    with connection.cursor() as cursor:
        cursor.execute(
            f"create temporary table screening_to_verify on commit drop as select * from {table} limit 0"  # noqa: S608
        )
    columns = (
        "id, area, person_id, row_id, field, code, raw, recorded_at, resolved_by_id, resolved_by_name, how"
    )

    def line(person: UUID, area: str, row: UUID | None, problem: Problem) -> tuple[object, ...]:
        own = uuid7()
        raw = seal(problem.raw, table=table, row=own, field="raw")
        return (own, area, person, row, problem.field, problem.code, raw, at, "", "", "")

    copy_into(f"screening_to_verify ({columns})", (line(*item) for item in items))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""insert into {table} ({columns}) select {columns} from screening_to_verify
            on conflict (person_id, field, code) where resolved_at is null do nothing"""  # noqa: S608
        )
        written: int = cursor.rowcount
        cursor.execute("drop table screening_to_verify")
    return written


def close_verify_items(fields: Iterable[tuple[UUID, str]], by: Actor, at: datetime, how: str) -> int:
    """Close open items of (person, field)."""
    pairs = list(fields)
    if not pairs:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            """update screening_verifyitem v set resolved_at = %s, resolved_by_id = %s, resolved_by_name = %s,
            how = %s from unnest(%s::uuid[], %s::text[]) as done (person, field)
            where v.person_id = done.person and v.field = done.field and v.resolved_at is null""",
            [at, by.id, by.name, how, [pair[0] for pair in pairs], [pair[1] for pair in pairs]],
        )
        closed: int = cursor.rowcount
    return closed
