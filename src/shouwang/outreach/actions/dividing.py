"""A village is divided into grids: the chat group of a household follows its door."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from shouwang.people.actions import MovedHome, columns_of


def follow_homes(homes: Sequence[MovedHome]) -> int:
    """Take the open chat groups of these households to where the households stand now; returns how many.

    Runs inside the caller's action. Messages and papers stay where they were written.
    """
    if not homes:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            """update outreach_chatgroup g set area = k.area
            from unnest(%(households)s::uuid[], %(was)s::text[], %(areas)s::text[]) as k (household, was, area)
            where g.target_kind = 'household' and g.target_id = k.household::text and g.closed_at is null
                and g.area = k.was""",
            columns_of(homes),
        )
        return int(cursor.rowcount)
