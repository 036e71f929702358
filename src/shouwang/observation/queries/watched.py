"""Everyone under observation, the rows behind the figures `under_observation` and `done`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from shouwang.kernel.days import day_end, day_start, local_day
from shouwang.kernel.scope import Scope
from shouwang.observation.models import ObservationFile
from shouwang.observation.queries.story import files_by_ids
from shouwang.observation.queries.story_rows import FileRow, file_row
from shouwang.observation.queries.within import VIEW, area_condition


def watched(
    scope: Scope,
    at: datetime,
    *,
    zone: str,
    area: str | None = None,
    seen_today: bool = False,
    limit: int = 50,
    after: UUID | None = None,
) -> list[FileRow]:
    """Open files in sight in the order they were opened; `after` is the id of the last row shown.

    `seen_today`: only who was seen today and owes nothing more today, as `figures().done` counts.
    """
    where, params = area_condition(scope, "f.area", area)
    today = local_day(at, zone)
    params |= {"start": day_start(today, zone), "end": day_end(today, zone), "after": after, "limit": limit}
    seen = "and f.next_due_at > %(end)s and f.last_check_at >= %(start)s" if seen_today else ""
    beyond = "and f.id > %(after)s" if after else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select f.id from observation_file f where f.state = 'open' and {where} {seen} {beyond}"  # noqa: S608 - conditions come from code
            " order by f.id limit %(limit)s",
            params,
        )
        ids = [row[0] for row in cursor.fetchall()]
    files = files_by_ids(scope, ids)
    return [files[one] for one in ids if one in files]


def files_of_household(scope: Scope, household_id: UUID) -> list[FileRow]:
    """Open files of the people of a household, as far as they are in sight."""
    rows = ObservationFile.objects.within(scope, VIEW).filter(
        household_id=household_id, state=ObservationFile.State.OPEN
    )
    return [file_row(row) for row in rows.order_by("id")]
