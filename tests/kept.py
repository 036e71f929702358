"""What a test's ground is made of, made once in a process: later tests get the same rows by COPY, not by the actions;
and what a test committed is deleted where it stands.

Founding the town takes a second and a half and some nine hundred statements; putting its rows back, a tenth of that.
Nothing is assumed of what was made: all tables are looked at before and after, and where the database is not as empty
as it was the first time, everything is made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection, transaction

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows by table in PostgreSQL's binary form, where sequences stood, and what the maker gave back."""

    before: dict[str, int]
    rows: dict[str, bytes]
    sequences: dict[str, int]
    made: Any


_KEPT: dict[Hashable, Kept] = {}


def made_once(key: Hashable, make: Callable[[], T]) -> T:
    """What `make` gives back, with its rows in the database; `key`: everything that it depends on."""
    before = _counts()
    kept = _KEPT.get(key)
    if kept is not None and kept.before == before:
        with transaction.atomic():
            _put_back(kept)
        return deepcopy(kept.made)  # type: ignore[no-any-return]
    made = make()
    after = _counts()
    if all(after[table] == number for table, number in before.items()):
        rows = {table: _copied(table) for table in sorted(after.keys() - before.keys())}
        _KEPT[key] = Kept(before, rows, _sequences(), deepcopy(made))
    return made


class Emptied:
    """Clears away what a test committed: of its own tables alone, where Django truncates a hundred and sixty."""

    def __init__(self, truncate: Callable[[Any], None]) -> None:
        self._truncate = truncate
        self.founded: dict[str, int] = _counts()
        """What migrations left: it stays."""

    def __call__(self, case: Any) -> None:
        """In the place of `TransactionTestCase._fixture_teardown`."""
        now = _counts()
        more = [table for table in now if table not in self.founded]
        kept = all(now.get(table) == number for table, number in self.founded.items())
        if not kept or max((now[table] for table in more), default=0) > MANY:
            self._truncate(case)
            return
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("set local session_replication_role = replica")
            for table in more:
                cursor.execute(f"delete from {table}")


MANY = 20_000
"""Rows from which truncating is the quicker way."""


def _counts() -> dict[str, int]:
    """The tables that hold anything, with their number of rows."""
    asked = " union all ".join(f"select '{table}', count(*) from {table}" for table in _columns())
    with connection.cursor() as cursor:
        cursor.execute(f"select * from ({asked}) as t (name, number) where number > 0")
        return dict(cursor.fetchall())


def _columns() -> dict[str, str]:
    """Table → its columns that are written, as COPY names them. The same in every test of a run."""
    if not _COLUMNS:
        with connection.cursor() as cursor:
            cursor.execute(
                "select table_name, string_agg(quote_ident(column_name), ', ' order by ordinal_position)"
                " from information_schema.columns join information_schema.tables using (table_schema, table_name)"
                " where table_schema = 'public' and table_type = 'BASE TABLE' and is_generated = 'NEVER' group by 1"
            )
            _COLUMNS.update(cursor.fetchall())
    return _COLUMNS


_COLUMNS: dict[str, str] = {}


def _copied(table: str) -> bytes:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"copy {table} ({_columns()[table]}) to stdout (format binary)") as out,
    ):
        return b"".join(bytes(part) for part in out)


def _sequences() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("select sequencename, last_value from pg_sequences where last_value is not null")
        return dict(cursor.fetchall())


def _put_back(kept: Kept) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")  # neither triggers nor foreign keys
        for table, rows in kept.rows.items():
            with cursor.copy(f"copy {table} ({_columns()[table]}) from stdin (format binary)") as into:
                into.write(rows)
        names = list(kept.sequences)
        cursor.execute(
            "select setval(name::regclass, value) from unnest(%s::text[], %s::bigint[]) as t (name, value)",
            [names, [kept.sequences[name] for name in names]],
        )
        cursor.execute("set local session_replication_role = origin")
