"""`shouwang backup` and `shouwang restore`: a backup nobody restored is none (LESSONS 23)."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shouwang.cli.root import COMMAND_LINE, NewFile, json_option, now_or, print_json, ready, root
from shouwang.kernel.errors import Refused

if TYPE_CHECKING:
    from shouwang.cli.dumps import Target


@root.command()
@click.argument("file", type=NewFile())
@json_option
def backup(file: Path, as_json: bool) -> None:
    """Write a backup of the database, restore it in a trial, and only then call it one.

    The dump is restored beside the database, every table is counted against the original and the journal's chain
    is verified; then phones are told that they may forget what is inside. The keys (keys.json in SHOUWANG_HOME) are
    not in it: keep them apart.

    \b
    Example:
      shouwang backup /srv/backup/shouwang-0205.dump
    """
    ready()
    from shouwang.cli.dumps import Target
    from shouwang.devices.actions import mark_verified_backup

    taken_at, draft = now_or(None), file.with_name(file.name + ".part")
    try:
        ours = Target.ours()
        noted = _dump(ours, draft)
        with _trial(ours, draft) as name:
            proved = _prove(ours, name)
            if proved != noted:
                raise Refused("backup-differs", tables=", ".join(noted.differs(proved)) or "journal")
        os.replace(draft, file)
    finally:
        draft.unlink(missing_ok=True)
    size = file.stat().st_size
    mark_verified_backup(
        server_seq=noted.server_seq,
        file=file.name,
        size=size,
        rows=sum(noted.rows.values()),
        events=noted.events,
        taken_at=taken_at,
        by=COMMAND_LINE,
        at=now_or(None),
    )
    _tell({"file": str(file), "size": size, **noted.told()}, as_json, "restored in a trial and agreed")


@root.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--older", is_flag=True, help="Even if a newer one was proved: phones have forgotten what that holds."
)
@json_option
def restore(file: Path, yes: bool, older: bool, as_json: bool) -> None:
    """Put a backup in the place of the database. Phones then offer again what it lacks.

    The backup is restored beside the database and verified first; the database that was is kept under another name
    until somebody drops it. The server may go on running. Needs the keys.json of when the backup was made. A backup
    older than the newest one that was proved is refused: what lies between the two is on no phone any more.

    \b
    Example:
      shouwang restore /srv/backup/shouwang-0205.dump
    """
    ready()
    from shouwang.cli.dumps import Target

    ours, at = Target.ours(), now_or(None)
    if not yes:
        click.confirm(f"Put {file} in the place of the database “{ours.name}”?", abort=True, err=True)
    before = _what_is_replaced()
    kept_as = f"{ours.name}_before_{at:%Y%m%d_%H%M%S}"
    with _trial(ours, file) as name:
        proved = _begin_again(ours, name, file, before.last_server_seq, at)
        if proved.server_seq < before.backed_up_to and not older:
            raise Refused("backup-older", file=before.newest_backup)
        ours.swap(name, kept_as)
    _tell({"file": str(file), "kept_as": kept_as, **proved.told()}, as_json, "restored")


@dataclass(frozen=True, slots=True)
class Noted:
    """What a database holds: compared between the original, as the dump saw it, and its trial."""

    server_seq: int
    rows: dict[str, int]
    events: int

    def differs(self, other: Noted) -> list[str]:
        """Tables of another number of rows."""
        return sorted(t for t in self.rows | other.rows if self.rows.get(t) != other.rows.get(t))

    def told(self) -> dict[str, int]:
        return {"server_seq": self.server_seq, "rows": sum(self.rows.values()), "events": self.events}


def _dump(ours: Target, draft: Path) -> Noted:
    """Dump one instant of the database, and note what it holds at that instant.

    The instant lies after every batch whose number is inside: batches hold the lock shared until they commit.
    """
    from shouwang.cli.dumps import counted
    from shouwang.devices.actions import INGEST_LOCK

    with ours.link() as link:
        link.execute("select pg_advisory_lock(%s)", [INGEST_LOCK])
        link.execute("begin isolation level repeatable read")
        (number,) = _row(link.execute("select coalesce(max(server_seq), 0) from devices_command").fetchone())
        (snapshot,) = _row(link.execute("select pg_export_snapshot()").fetchone())
        link.execute("select pg_advisory_unlock(%s)", [INGEST_LOCK])
        ours.run(
            *("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--snapshot={snapshot}"),
            *("--file", str(draft), ours.name),
        )
        rows = counted(link)
        link.execute("commit")
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    return Noted(number, rows, rows.get("public.journal_event", 0))


def _row(found: tuple[object, ...] | None) -> tuple[int]:
    assert found is not None
    return found  # type: ignore[return-value]


@contextmanager
def _trial(ours: Target, file: Path) -> Iterator[str]:
    """The backup, restored beside the database; whatever is left of it is dropped."""
    name = f"{ours.name}_trial_{secrets.token_hex(4)}"
    ours.make(name)
    try:
        ours.load(file, name)
        yield name
    finally:
        ours.drop(name)


def _prove(ours: Target, name: str) -> Noted:
    """What the trial holds, its chain verified link by link."""
    from shouwang.cli.dumps import counted, on_database
    from shouwang.journal.queries import broken_chains, event_count

    with ours.link(name) as link:
        rows = counted(link)
        (number,) = _row(link.execute("select coalesce(max(server_seq), 0) from devices_command").fetchone())
    with on_database(name):
        broken = broken_chains()
        if broken:
            raise Refused("backup-chain-broken", chains=len(broken))
        return Noted(number, rows, event_count())


def _begin_again(ours: Target, name: str, file: Path, beyond: int, at: datetime) -> Noted:
    """Bring what was restored up to this release, and begin another epoch in it before anybody talks to it."""
    from django.conf import settings
    from django.core.management import call_command

    from shouwang.cli.dumps import on_database
    from shouwang.devices.actions import begin_epoch, mark_verified_backup
    from shouwang.people.queries import keys_fit

    with on_database(name):
        call_command("migrate", verbosity=0, interactive=False)
        if not keys_fit():
            raise Refused("backup-other-keys", folder=str(settings.HOME))
    proved = _prove(ours, name)
    with on_database(name):
        begin_epoch(reason="restore", beyond=beyond, by=COMMAND_LINE, at=at)
        mark_verified_backup(
            server_seq=proved.server_seq,
            file=file.name,
            size=file.stat().st_size,
            rows=sum(proved.rows.values()),
            events=proved.events,
            taken_at=at,
            by=COMMAND_LINE,
            at=at,
        )
    return proved


@dataclass(frozen=True, slots=True)
class Before:
    """What the database that is about to be replaced knows of its numbers and backups; nothing where it cannot say."""

    last_server_seq: int = 0
    backed_up_to: int = 0
    newest_backup: str = ""


def _what_is_replaced() -> Before:
    from django.db import DatabaseError, connection

    from shouwang.devices.queries import backups, server_state

    try:
        state, proved = server_state(), backups(limit=1)
        return Before(state.last_server_seq, state.backed_up_to, proved[0].file if proved else "")
    except DatabaseError:
        return Before()
    finally:
        connection.close()


def _tell(told: dict[str, object], as_json: bool, what: str) -> None:
    if as_json:
        print_json(told)
        return
    click.echo(what)
    for name, value in told.items():
        click.echo(f"{name:<12}{value}")
