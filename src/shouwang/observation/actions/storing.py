# ruff: noqa: S608 - statements are made of this room's own text; every value is a parameter
"""The statements behind recording: few, set-based, parameterised."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from shouwang.kernel.actor import Actor
from shouwang.kernel.canon import canonical
from shouwang.kernel.ids import uuid7
from shouwang.observation.actions.arrays import plain_array, text_array, time_array, uuid_array
from shouwang.observation.actions.commands import FileState
from shouwang.observation.actions.judging import Judged
from shouwang.observation.queries.plans import timetable
from shouwang.observation.rules import Schedule, climb_time
from shouwang.people.sealed import seal


def files_for_update(ids: Collection[UUID]) -> dict[UUID, FileState]:
    """These files, locked in the order of their ids until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_FILES, [list(ids)])
        rows = cursor.fetchall()
    return {
        row[0]: FileState(row[0], row[1], row[2], Schedule(timetable(row[3]), *row[4:8]), *row[8:])
        for row in rows
    }


def signed_days(files: Iterable[FileState]) -> set[tuple[UUID, date]]:
    """The days of these files that are signed."""
    ids = [file.id for file in files]
    if not ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute("select file_id, day from observation_daysignature where file_id = any(%s)", [ids])
        return set(cursor.fetchall())


def store_checks(
    judged: Sequence[Judged], *, by: Actor, at: datetime, corrects: UUID | None = None
) -> set[UUID]:
    """Write checks, move files on, raise alerts, in one statement. Returns the ids that were new."""
    params = [*_check_columns(judged), at, by.id, by.name, by.id, by.name, corrects]
    statement = _STORE
    if any(j.raised for j in judged):
        params += [at, *_alert_columns(judged, at)]
        statement = _STORE_WITH_ALERTS
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return {row[0] for row in cursor.fetchall()}


def _check_columns(judged: Sequence[Judged]) -> list[str]:
    """The columns of `_STORE_HEAD`'s input, in its order."""
    commands, dues = [j.command for j in judged], [j.due for j in judged]
    return [
        uuid_array([c.id for c in commands]),
        uuid_array([c.file_id for c in commands]),
        plain_array([j.slot for j in judged]),
        time_array([c.taken_at for c in commands]),
        plain_array([c.deci for c in commands]),
        text_array([_codes(c.symptoms) for c in commands]),
        text_array([c.channel for c in commands]),
        text_array([c.outcome for c in commands]),
        text_array([c.measured_by for c in commands]),
        text_array([c.measured_by_name for c in commands]),
        text_array([c.seen for c in commands]),
        text_array([_codes(j.roles) for j in judged]),
        text_array([uuid_array(c.came) for c in commands]),
        text_array(["" if j.vouched is None else _codes(j.vouched) for j in judged]),
        text_array([c.thermometer for c in commands]),
        text_array([c.witness for c in commands]),
        plain_array([c.photo_seen for c in commands]),
        plain_array([j.late for j in judged]),
        plain_array([bool(j.raised) for j in judged]),
        text_array([_sealed(c.id, c.note) for c in commands]),
        text_array([j.digest for j in judged]),
        text_array([c.reason for c in commands]),
        plain_array([due.slot for due in dues]),
        time_array([due.at for due in dues]),
        text_array([due.stage for due in dues]),
        text_array([due.channel for due in dues]),
        plain_array([j.moves for j in judged]),
    ]


def _alert_columns(judged: Sequence[Judged], at: datetime) -> list[str]:
    """The columns of the alerts in `_STORE_WITH_ALERTS`, in its order."""
    pairs = [(j, alert) for j in judged for alert in j.raised]
    return [
        uuid_array([uuid7() for _ in pairs]),
        uuid_array([j.command.id for j, _ in pairs]),
        uuid_array([j.file.id for j, _ in pairs]),
        text_array([j.file.area for j, _ in pairs]),
        text_array([alert.code for _, alert in pairs]),
        text_array([alert.severity for _, alert in pairs]),
        text_array([_codes(alert.tell) for _, alert in pairs]),
        text_array([plain_array(alert.climb) for _, alert in pairs]),
        time_array([climb_time(at, alert.climb, 0) for _, alert in pairs]),
    ]


def _codes(codes: Sequence[str]) -> str:
    """An array literal of codes: letters, digits and dashes, checked against the pack."""
    return "{" + ",".join(codes) + "}"


def _sealed(check_id: UUID, note: str) -> str:
    """The note, sealed and in hex; "" for none."""
    if not note:
        return ""
    return seal(note, table="observation_dailycheck", row=check_id, field="note_sealed").hex()


@dataclass(frozen=True, slots=True)
class Stored:
    """A check that was there already."""

    digest: str
    slot: int
    day_no: int
    late: bool
    abnormal: bool
    alerts: tuple[str, ...]
    next_due_at: datetime | None


def stored_checks(ids: Sequence[UUID]) -> dict[UUID, Stored]:
    """What is stored under these ids."""
    with connection.cursor() as cursor:
        cursor.execute(_STORED, [list(ids)])
        rows = cursor.fetchall()
    return {
        check_id: Stored(digest.hex, slot, day_no, late, abnormal, tuple(alerts), next_due_at)
        for check_id, digest, slot, day_no, late, abnormal, alerts, next_due_at in rows
    }


def keep_conflicts(conflicts: Sequence[Judged], *, by: Actor, at: datetime) -> set[UUID]:
    """Keep what came under an id that holds something else; the same conflict once. Returns the new ones."""
    rows = [
        (uuid7(), j.command.id, j.file.id, j.file.area, _plain(j), j.digest, by.id, by.name, at)
        for j in conflicts
    ]
    kept: set[UUID] = set()
    with connection.cursor() as cursor:
        for row in rows:
            cursor.execute(_CONFLICT, row)
            kept |= {found[0] for found in cursor.fetchall()}
    return kept


def _plain(j: Judged) -> str:
    c = j.command
    return canonical(
        {
            "taken_at": c.taken_at.isoformat(),
            "channel": c.channel,
            "outcome": c.outcome,
            "deci": c.deci,
            "symptoms": list(c.symptoms),
            "measured_by": c.measured_by,
            "seen": c.seen,
            "roles": list(j.roles),
            "slot": j.slot,
        }
    )


_FILES = """
select id, person_id, area, timetable_id, zone, day_zero, first_slot,
    coalesce(ordered_last_day, planned_last_day), last_slot, next_due_at, state, actual_ended_at, revision_id,
    signed_to, household_id
from observation_file where id = any(%s) order by id for no key update
"""

_STORE_HEAD = """
with input as (
    select * from unnest(%s::uuid[], %s::uuid[], %s::int[], %s::timestamptz[], %s::smallint[], %s::text[],
        %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
        %s::text[], %s::text[],
        %s::bool[], %s::bool[], %s::bool[], %s::text[], %s::uuid[], %s::text[], %s::int[], %s::timestamptz[],
        %s::text[], %s::text[], %s::bool[])
    as t (id, file_id, slot_no, taken_at, deci, symptoms, channel, outcome, measured_by,
        measured_by_name, seen, roles, came, vouched, thermometer, witness, photo_seen,
        late, abnormal, note, payload_hash, reason, next_slot, next_due_at,
        stage, next_channel, moves)
), written as (
    insert into observation_dailycheck (id, file_id, area, slot_no, day_no, taken_at, local_day, zone,
        recorded_at, recorded_by, recorded_by_name, deci, symptoms, channel, outcome, measured_by,
        measured_by_name, seen, roles, came, vouched, thermometer, witness, photo_seen, late, abnormal,
        note_sealed, payload_hash, corrects_id, correct_reason)
    select i.id, i.file_id, f.area, i.slot_no, (i.slot_no >> 5) - (f.day_zero - date '2000-01-01'),
        i.taken_at, (i.taken_at at time zone f.zone)::date, f.zone, %s, %s, %s, i.deci, i.symptoms::text[],
        i.channel, i.outcome, coalesce(nullif(i.measured_by, ''), %s),
        case when i.measured_by = '' then %s else i.measured_by_name end,
        i.seen, i.roles::text[], i.came::uuid[], nullif(i.vouched, '')::text[], i.thermometer, i.witness,
        i.photo_seen, i.late, i.abnormal, decode(nullif(i.note, ''), 'hex'), i.payload_hash, %s,
        i.reason
    from input i join observation_file f on f.id = i.file_id
    on conflict (id) do nothing
    returning id
), latest as (
    select distinct on (i.file_id) i.* from input i join written w on w.id = i.id
    where i.moves order by i.file_id, i.slot_no desc, i.taken_at desc, i.id desc
), moved as (
    update observation_file f set last_slot = n.slot_no, last_check_at = n.taken_at, last_deci = n.deci,
        last_abnormal = n.abnormal, last_channel = n.channel, last_outcome = n.outcome,
        next_slot = case when f.state = 'open' then n.next_slot end,
        next_due_at = case when f.state = 'open' then n.next_due_at end,
        next_channel = case when f.state = 'open' then n.next_channel else '' end,
        stage = case when f.state = 'open' then n.stage else f.stage end
    from latest n where f.id = n.file_id
        and (f.last_slot is null or (n.slot_no, n.taken_at) > (f.last_slot, f.last_check_at)
            or (n.slot_no, n.taken_at) = (f.last_slot, f.last_check_at) and not exists (
                select from observation_dailycheck c where c.file_id = f.id and c.slot_no = n.slot_no
                    and c.taken_at = n.taken_at and c.id > n.id and c.outcome = 'done'
                    and not exists (select from observation_dailycheck r where r.corrects_id = c.id)))
)"""
"""Of two checks at one instant the greater id stands, whichever came first: what a file shows never hangs on the order
in which phones found a signal."""

_STORE = _STORE_HEAD + " select id from written"

_STORE_WITH_ALERTS = (
    _STORE_HEAD
    + """, raised as (
    insert into observation_alert (id, check_row_id, file_id, area, code, severity, tell, climb,
        next_climb_at, raised_at, level, state, answered_by, answered_by_name, answer)
    select a.id, a.check_id, a.file_id, a.area, a.code, a.severity, a.tell::text[], a.climb::int[],
        a.next_climb_at, %s, 0, 'open', '', '', ''
    from unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[],
        %s::text[], %s::timestamptz[])
    as a (id, check_id, file_id, area, code, severity, tell, climb, next_climb_at)
        join written w on w.id = a.check_id
) select id from written"""
)

_STORED = """
select c.id, c.payload_hash, c.slot_no, c.day_no, c.late, c.abnormal,
    array(select a.code from observation_alert a where a.check_row_id = c.id order by a.id), f.next_due_at
from observation_dailycheck c join observation_file f on f.id = c.file_id where c.id = any(%s)
"""

_CONFLICT = """
insert into observation_checkconflict (id, check_id, file_id, area, payload, payload_hash, by_id, by_name, at)
values (%s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s) on conflict do nothing returning check_id
"""
