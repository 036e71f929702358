"""The statements behind recording visits: few, set-based, parameterised."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from shouwang.kernel.actor import Actor
from shouwang.kernel.ids import uuid7
from shouwang.people.sealed import seal
from shouwang.screening.actions.sweeps_commands import NewVisit
from shouwang.screening.actions.sweeps_doors import uuid_array
from shouwang.screening.actions.sweeps_found import Door


def doors_of(sweep_id: UUID, ids: Collection[UUID]) -> dict[UUID, Door]:
    """These doors as far as they stand on the list of the round."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select d.id, d.area, d.number, d.dwelling_id, d.household_id, coalesce(w.area, h.area, d.area)
            from screening_sweepdoor d left join places_dwelling w on w.id = d.dwelling_id
            left join people_household h on h.id = d.household_id
            where d.id = any(%s::uuid[]) and d.sweep_id = %s""",
            [uuid_array(ids), sweep_id],
        )
        return {row[0]: Door(*row) for row in cursor.fetchall()}


def stored_digests(ids: Collection[UUID]) -> dict[UUID, str]:
    """The hashes of the visits that are there already under these ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, payload_hash from screening_doorvisit where id = any(%s::uuid[])", [uuid_array(ids)]
        )
        return {visit: digest.hex for visit, digest in cursor.fetchall()}


def people_in(areas: Sequence[str], ids: Collection[UUID]) -> set[UUID]:
    """Which of these persons are on a register below one of the areas."""
    if not ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute("select id, area from people_person where id = any(%s::uuid[])", [uuid_array(ids)])
        starts = tuple(areas)
        return {person for person, area in cursor.fetchall() if area.startswith(starts)}


@dataclass(frozen=True, slots=True)
class Ready:
    """A visit that may be written: judged, its door known, whom it names complete."""

    item: NewVisit
    door: Door
    named: tuple[UUID, ...]
    people: int
    digest: str


def store_visits(
    sweep_id: UUID,
    ready: Sequence[Ready],
    *,
    zone: str,
    by: Actor,
    at: datetime,
    corrects: UUID | None = None,
    reason: str = "",
) -> list[tuple[str, date]]:
    """Append visits in one statement; returns the (leaf, local day) of each. A known id is an error here."""
    params: dict[str, Any] = {
        "sweep": sweep_id,
        "zone": zone,
        "by": by.id,
        "name": by.name,
        "at": at,
        "corrects": corrects,
        "reason": reason,
        "ids": uuid_array([one.item.id for one in ready]),
        "doors": uuid_array([one.door.id for one in ready]),
        "areas": [one.door.area for one in ready],
        "ats": "{" + ",".join([one.item.visited_at.isoformat() for one in ready]) + "}",
        "outcomes": [one.item.outcome for one in ready],
        "people": "{" + ",".join([str(one.people) for one in ready]) + "}",
        "named": [uuid_array(one.named) for one in ready],
        "notes": [_note(one.item) for one in ready],
        "visitors": [one.item.visitor.strip() or by.name for one in ready],
        "digests": [one.digest for one in ready],
    }
    with connection.cursor() as cursor:
        cursor.execute(_STORE, params)
        return [(area, day) for area, day in cursor.fetchall()]


def keep_conflict(item: NewVisit, digest: str, *, area: str, by: Actor, at: datetime) -> bool:
    """Keep what came under the id of another visit; the same conflict once. Whether it was new."""
    row = uuid7()
    sealed = seal(item.told(), table="screening_visitconflict", row=row, field="payload_sealed")
    with connection.cursor() as cursor:
        cursor.execute(_CONFLICT, [row, item.id, area, sealed, digest, by.id, by.name, at])
        return bool(cursor.rowcount)


def _note(item: NewVisit) -> str:
    """The note, sealed and in hex; "" for none."""
    note = item.note.strip()
    return seal(note, table="screening_doorvisit", row=item.id, field="note_sealed").hex() if note else ""


_STORE = """
insert into screening_doorvisit (id, sweep_id, door_id, area, visited_at, local_day, outcome, people, named,
    note_sealed, visitor_name, payload_hash, corrects_id, reason, by_id, by_name, recorded_at)
select i.id, %(sweep)s, i.door_id, i.area, i.visited_at, (i.visited_at at time zone %(zone)s)::date,
    i.outcome, i.people, i.named::uuid[], decode(nullif(i.note, ''), 'hex'), i.visitor, i.digest::uuid,
    %(corrects)s, %(reason)s, %(by)s, %(name)s, %(at)s
from unnest(%(ids)s::uuid[], %(doors)s::uuid[], %(areas)s::text[], %(ats)s::timestamptz[],
    %(outcomes)s::text[], %(people)s::smallint[], %(named)s::text[], %(notes)s::text[], %(visitors)s::text[],
    %(digests)s::text[])
    as i (id, door_id, area, visited_at, outcome, people, named, note, visitor, digest)
returning area, local_day
"""

_CONFLICT = """
insert into screening_visitconflict (id, visit_id, area, payload_sealed, payload_hash, by_id, by_name, at)
values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing
"""
