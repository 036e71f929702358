"""Whether what was acknowledged elsewhere is here."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import connection


def visits_missing(ids: Collection[UUID]) -> int:
    """How many of these ids no visit to a door has. Unscoped: a count for `verify`, tells no content."""
    return _missing(
        "select count(*) from unnest(%s::uuid[]) as i (id)"
        " where not exists (select from screening_doorvisit v where v.id = i.id)",
        ids,
    )


def arrivals_missing(ids: Collection[UUID]) -> int:
    """How many of these ids no arrival has. Unscoped: a count for `verify`, tells no content."""
    return _missing(
        "select count(*) from unnest(%s::uuid[]) as i (id)"
        " where not exists (select from screening_arrival a where a.id = i.id)",
        ids,
    )


def _missing(statement: str, ids: Collection[UUID]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(ids)])
        (number,) = cursor.fetchone()
    return int(number)
