# ruff: noqa: S608 - statements are made of this room's own text; every value is a parameter
"""A village is divided into grids: open files follow the household's door; what was recorded stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from shouwang.kernel.actor import Actor
from shouwang.kernel.ids import UUID7_SQL
from shouwang.people.actions import MovedHome, columns_of


def follow_homes(homes: Sequence[MovedHome], *, reason: str, by: Actor, at: datetime) -> int:
    """Take the open files of people who live in these households to where the households stand now; returns
    how many. Set-based, inside the caller's action.

    With a file go its open alarms, its missed checks that somebody still owes, its laboratory tests and an
    unanswered hand-over. Its owner stays. A file that stands elsewhere (at a site) stays, and so do checks,
    signatures, test facts and every closed file.
    """
    if not homes:
        return 0
    told: dict[str, Any] = {"reason": reason, "by": by.id, "name": by.name, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_FILES, columns_of(homes))
        files = cursor.fetchall()
        if not files:
            return 0
        moved = {
            "files": [row[0] for row in files],
            "was": [row[1] for row in files],
            "areas": [row[2] for row in files],
        }
        for statement in (_EVENTS, *_STANDING):
            cursor.execute(statement, moved | told)
    return len(files)


_FILES = """
with k as (select * from unnest(%(households)s::uuid[], %(was)s::text[], %(areas)s::text[])
    as k (household, was, area)),
held as (select f.id, f.area as was, k.area from k join people_person p on p.household_id = k.household
    join observation_file f on f.person_id = p.id
    where f.state = 'open' and f.area = k.was for no key update of f)
update observation_file f set area = held.area from held where f.id = held.id
returning f.id, held.was, f.area
"""
_K = """(select * from unnest(%(files)s::uuid[], %(was)s::text[], %(areas)s::text[])
    as k (file, was, area)) k"""
_EVENTS = f"""
insert into observation_fileevent (id, file_id, area, kind, before, after, reason, decision, by_id, by_name, at)
select {UUID7_SQL}, k.file, k.area, 'relocated', jsonb_build_object('area', k.was),
    jsonb_build_object('area', k.area), %(reason)s, '{{}}'::jsonb, %(by)s, %(name)s, %(at)s from {_K}
"""
_STANDING = (
    f"update observation_alert a set area = k.area from {_K} where a.file_id = k.file and a.state <> 'closed'",
    f"update observation_testduty t set area = k.area from {_K} where t.file_id = k.file and t.area = k.was",
    f"update observation_missedcheck m set area = k.area from {_K} where m.file_id = k.file and m.state = 'open'",
    f"""update observation_handoverrequest r set area = case when r.area = k.was then k.area else r.area end,
        from_area = case when r.from_area = k.was then k.area else r.from_area end
    from {_K} where r.file_id = k.file and r.state = 'asked'""",
)
