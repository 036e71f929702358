"""Large observation data by `generate_series`: so many open files, with the checks that they should have.

Run on a database of its own (`SHOUWANG_HOME`): it empties the rooms first. All returned on 1 February
2020 and were found that day; at the moment of the measure, 13:00 on the 8th, 13 duties of each are over.
Every 40th missed the last one, and so is late.
"""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta, timezone
from uuid import UUID

from django.db import connection

from shouwang.kernel.actor import SYSTEM
from shouwang.observation.actions.opening import keep_timetables
from shouwang.observation.rules import Schedule, next_due, slot_no, slots_on, timetable_of
from shouwang.packs.load import builtin

CHINA = timezone(timedelta(hours=8))
NOW = datetime(2020, 2, 8, 13, 0, tzinfo=CHINA)
ZERO = date(2020, 2, 1)
REVISION = UUID(int=2020)
PACK = builtin("cn-2020-longsha")
OWNER = UUID(int=1)
DISTRICT = "500101"
VILLAGE = "500101001001"
LATE_EVERY = 40


def seed(files: int, *, per_village: int = 1000, say: bool = True, revision: UUID = REVISION) -> None:
    """Fill an empty observation room with so many open files and their 13 checks."""
    start = time.perf_counter()
    table = timetable_of(PACK.protocol("home-14"), PACK)
    keep_timetables([table])
    schedule = Schedule(table, "Asia/Shanghai", ZERO, slot_no(ZERO, 0), ZERO + timedelta(days=21))
    duties = [
        s for n in range(1, 8) for s in slots_on(schedule, ZERO + timedelta(days=n)) if s.deadline < NOW
    ]
    last, before = duties[-1], duties[-2]
    params = {
        "files": files,
        "village": per_village,
        "table": table.key,
        "owner": OWNER,
        "revision": revision,
        "zero": ZERO,
        "first": schedule.first_slot,
        "end": schedule.last_day,
        "opened": datetime(2020, 2, 1, 15, tzinfo=CHINA),
        "late": LATE_EVERY,
        "by": SYSTEM.id,
        "l_slot": last.no,
        "b_slot": before.no,
        "l_at": last.deadline - timedelta(hours=1),
        "b_at": before.deadline - timedelta(hours=1),
        "l_due": next_due(schedule, last.no).at,
        "b_due": next_due(schedule, before.no).at,
        "l_next": next_due(schedule, last.no).slot,
        "b_next": next_due(schedule, before.no).slot,
        "slots": [s.no for s in duties],
        "days": [s.day_no for s in duties],
        "ats": [s.deadline - timedelta(hours=1) for s in duties],
    }
    with connection.cursor() as cursor:
        cursor.execute("truncate people_person, workforce_worker, observation_file cascade")
        cursor.execute("set session_replication_role = replica")
        cursor.execute(_WORKER, params)
        cursor.execute(_PEOPLE, params)
        cursor.execute(_FILES, params)
        cursor.execute("drop index if exists observation_check_slot")
        cursor.execute(_CHECKS, params)
        cursor.execute("create index observation_check_slot on observation_dailycheck (file_id, slot_no)")
        cursor.execute("set session_replication_role = origin")
        for name in ("people_person", "observation_file", "observation_dailycheck"):
            cursor.execute(f"vacuum analyze {name}")
    if say:
        print(f"seeded {files:,} files in {time.perf_counter() - start:.0f} s", flush=True)


_WORKER = """
insert into workforce_worker (id, area, name, telephone, unit, kinds, since)
values (%(owner)s, '500101', 'bench', '', '', '[]', %(opened)s) on conflict do nothing
"""
_UUID = "lpad(to_hex({n}), 32, '0')::uuid"
_AREA = """'500101' || lpad((1 + (n / %(village)s) / 40)::text, 3, '0')
    || lpad((1 + (n / %(village)s) %% 40)::text, 3, '0')"""
_PEOPLE = f"""
insert into people_person (id, area, name, sort_key, initials, sex, relation, recorded_at)
select {_UUID.format(n="n + 16")}, {_AREA}, 'P' || n, 'p' || n, 'p', '', '', %(opened)s
from generate_series(0, %(files)s - 1) n
"""
_FILES = f"""
insert into observation_file (id, person_id, area, zone, protocol, category, pack_id, revision_id,
    timetable_id, anchor_event, anchor_on, anchor_known, day_zero, found_late, planned_last_day,
    ordered_reason, end_reason, state, owner_id, first_slot, last_slot, next_slot,
    next_due_at, stage, next_channel, last_check_at,
    last_outcome, last_deci, last_abnormal, last_channel, restricts, legal_ground, evidence, reason,
    appeal_channel, opened_at, opened_by, opened_by_name)
select {_UUID.format(n="n + 16")}, {_UUID.format(n="n + 16")}, {_AREA}, 'Asia/Shanghai', 'home-14', 'wuhan',
    'cn-2020-longsha', %(revision)s, %(table)s, 'day-of-return', %(zero)s, 'clear', %(zero)s, false, %(end)s,
    '', '', 'open', %(owner)s, %(first)s,
    case when n %% %(late)s = 0 then %(b_slot)s else %(l_slot)s end,
    case when n %% %(late)s = 0 then %(b_next)s else %(l_next)s end,
    case when n %% %(late)s = 0 then %(b_due)s else %(l_due)s end, 'daily-visits', 'visit',
    case when n %% %(late)s = 0 then %(b_at)s else %(l_at)s end, 'done', 365, false, 'visit',
    false, '', '', '', '', %(opened)s, %(by)s, %(by)s
from generate_series(0, %(files)s - 1) n
"""
_CHECKS = f"""
insert into observation_dailycheck (id, file_id, area, slot_no, day_no, taken_at, local_day, zone,
    recorded_at, recorded_by, recorded_by_name, deci, symptoms, channel, outcome, measured_by,
    measured_by_name, seen, roles, late, abnormal, payload_hash, correct_reason)
select {_UUID.format(n="n * 16 + k")}, {_UUID.format(n="n + 16")}, {_AREA}, s.slot, s.day, s.at,
    (s.at at time zone 'Asia/Shanghai')::date, 'Asia/Shanghai', s.at, %(by)s, %(by)s, 365,
    '{{{{}}}}', 'visit',
    'done', %(by)s, '', 'person', '{{{{medic}}}}', false, false, {_UUID.format(n="n")}, ''
from generate_series(0, %(files)s - 1) n,
    unnest(%(slots)s::int[], %(days)s::int[], %(ats)s::timestamptz[]) with ordinality s (slot, day, at, k)
where n %% %(late)s <> 0 or s.slot <> %(l_slot)s
""".replace("{{", "{").replace("}}", "}")
