"""Whether what was acknowledged elsewhere is here."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import connection


def checks_missing(ids: Collection[UUID]) -> int:
    """How many of these ids no check has. Unscoped: a count for `verify`, tells no content."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from unnest(%s::uuid[]) as i (id)"
            " where not exists (select from observation_dailycheck c where c.id = i.id)",
            [list(ids)],
        )
        (number,) = cursor.fetchone()
    return int(number)
