"""The planner's idea of the register. The embedded server stops with the command that started it, so that what
PostgreSQL does in the background comes late there, or never."""

from __future__ import annotations

from django.db import connection


def count_register() -> None:
    """Let the planner see what a bulk load brought, inside the caller's action.

    Without it the next list of a thousand rows was compared with each of 42,000 people: eight seconds for one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "analyze people_person, people_household, people_residence, people_identifier, people_telephone"
        )
