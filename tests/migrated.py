"""A database that was migrated once; test databases are copies of it, as long as no migration changes.

A hundred migrations take Django seven seconds of computing, whoever runs a single test.
"""

from __future__ import annotations

import fcntl
import hashlib
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from shouwang.cli.dumps import on_database

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "migrated_"


def template(home: Path) -> str:
    """The name of the migrated database in the server of `home`, made if it is not there."""
    name = PREFIX + _fingerprint()
    with (home / ".migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with connection._nodb_cursor() as cursor:
            cursor.execute("select datname from pg_database where starts_with(datname, %s)", [PREFIX])
            held = {row[0] for row in cursor.fetchall()}
            if name not in held:
                for old in held:
                    cursor.execute(f"drop database {old} with (force)")
                _make(cursor, name)
    return name


def _make(cursor: object, name: str) -> None:
    draft = f"{PREFIX}draft"
    cursor.execute(f"create database {draft}")  # type: ignore[attr-defined]
    with on_database(draft):
        call_command("migrate", verbosity=0, interactive=False)
    cursor.execute(f"alter database {draft} rename to {name}")  # type: ignore[attr-defined]


def _fingerprint() -> str:
    """Of all migrations: ours by their text, the others by the versions that are locked."""
    told = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    for file in sorted((ROOT / "src").glob("shouwang/*/migrations/*.py")):
        told.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    return told.hexdigest()[:16]
