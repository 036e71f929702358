"""Whether a person has done anything with files since they were opened; asked before an import is undone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection

from shouwang.kernel.scope import Scope
from shouwang.observation.models import ObservationFile
from shouwang.observation.queries.within import VIEW


def files_opened_at(scope: Scope, people: Collection[UUID], at: datetime) -> dict[UUID, UUID]:
    """Files of these people in sight that were opened at exactly the instant `at`: file → person."""
    rows = ObservationFile.objects.within(scope, VIEW).filter(person_id__in=people, opened_at=at)
    return dict(rows.values_list("id", "person_id"))


def files_opened_since(scope: Scope, people: Collection[UUID], since: datetime) -> dict[UUID, UUID]:
    """Files of these people in sight opened at `since` or later: file → person."""
    rows = ObservationFile.objects.within(scope, VIEW).filter(person_id__in=people, opened_at__gte=since)
    return dict(rows.values_list("id", "person_id"))


def files_worked_on(scope: Scope, files: Collection[UUID]) -> set[UUID]:
    """Which of these files bear a check, a test, a conflict, a signature, an event, a hand-over, or are not open.

    An alert and a countersign belong to a check, so they need no question of their own.
    """
    seen = ObservationFile.objects.within(scope, VIEW).filter(id__in=files)
    ids = list(seen.values_list("id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, {"files": ids})
        return {row[0] for row in cursor.fetchall()}


_TOUCHED = """
select f.id from observation_file f where f.id = any(%(files)s) and (
    f.state <> 'open' or f.ordered_last_day is not null
    or exists (select 1 from observation_dailycheck c where c.file_id = f.id)
    or exists (select 1 from observation_checkconflict c where c.file_id = f.id)
    or exists (select 1 from observation_daysignature s where s.file_id = f.id)
    or exists (select 1 from observation_fileevent e where e.file_id = f.id)
    or exists (select 1 from observation_testfact t where t.file_id = f.id)
    or exists (select 1 from observation_handoverrequest r where r.file_id = f.id)
    or exists (select 1 from observation_handover h where h.file_id = f.id))
"""
