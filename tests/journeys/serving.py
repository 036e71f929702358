"""`shouwang serve` as a process, the way an office runs it, with a home of its own."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg

SCRIPTS = Path(sys.executable).parent
START_SECONDS = 90
STOP_SECONDS = 40


def until(holds: Callable[[], Any], seconds: float, what: str) -> Any:
    """Ask again and again until it holds; fails after so many seconds."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while time.monotonic() < deadline:
        if found := holds():
            return found
        pause.wait(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")


@dataclass
class House:
    """An installation: its folder, its commands, its processes."""

    home: Path
    port: int = field(default_factory=lambda: free_port())

    @property
    def environment(self) -> dict[str, str]:
        """Durable, as in an office: the tests' faster database settings are left out."""
        left_out = ("SHOUWANG_PG_UNSAFE", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")
        kept = {name: value for name, value in os.environ.items() if name not in left_out}
        return kept | {"SHOUWANG_HOME": str(self.home)}

    def run(self, *arguments: str) -> str:
        """One command; fails with its stderr unless it is done."""
        done = subprocess.run(
            [str(SCRIPTS / "shouwang"), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, (
            f"shouwang {' '.join(arguments)}: {done.returncode}\n{done.stderr[-3000:]}"
        )
        return done.stdout

    def script(self, text: str) -> str:
        """Python with Django set up, as a page's process would run it."""
        head = "import django; django.setup()\n"
        done = subprocess.run(
            [sys.executable, "-c", head + text],
            env=self.environment | {"DJANGO_SETTINGS_MODULE": "shouwang.config.settings"},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.strip()

    def ask(self, question: str) -> Any:
        """One value from the running database, over a connection of its own."""
        with self.connected() as link:
            row = link.execute(question.encode()).fetchone()
        return row[0] if row else None

    def connected(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection of one's own to the running database; used with `with` it commits and closes."""
        lines = (self.home / "pg" / "postmaster.pid").read_text().splitlines()
        target = psycopg.conninfo.make_conninfo(
            host=lines[4], port=lines[3], user="postgres", dbname="shouwang"
        )
        return psycopg.connect(target)

    @contextmanager
    def locking(self, table: str) -> Iterator[Callable[[], bool]]:
        """Nobody writes to this table meanwhile: whoever wants to is held where they are. Gives a question: is
        somebody waiting there?"""
        waiting = f"select count(*) > 0 from pg_locks where relation = '{table}'::regclass and not granted"
        with self.connected() as link:
            link.execute(f"lock table {table} in share mode".encode())
            yield lambda: self.ask(waiting)

    def postgres(self) -> psutil.Process | None:
        """The embedded server, if it runs."""
        keeper = self.home / "pg" / "postmaster.pid"
        if not keeper.exists():
            return None
        number = int(keeper.read_text().split("\n", 1)[0])
        return psutil.Process(number) if psutil.pid_exists(number) else None

    def answers(self) -> bool:
        """Whether the web server answers: a stranger is sent to the log-in."""
        try:
            link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            link.request("GET", "/")
            return link.getresponse().status == 302
        except OSError:
            return False

    @contextmanager
    def serving(self) -> Iterator[Served]:
        """`shouwang serve`, answering. Whatever is left of it afterwards is killed."""
        command = [str(SCRIPTS / "shouwang"), "serve", "--port", str(self.port)]
        log = (self.home / "serve.log").open("ab")
        process = subprocess.Popen(
            command, env=self.environment, stdout=log, stderr=log, start_new_session=True
        )
        served = Served(self, psutil.Process(process.pid), process)
        try:
            until(self.answers, START_SECONDS, f"answer on port {self.port}\n{self.log()}")
            yield served
        finally:
            served.kill()
            log.close()

    def log(self) -> str:
        return (self.home / "serve.log").read_text()[-3000:]


_KEEP = "from shouwang.config.embedded import ensure_running as up; up(); print('up', flush=True); input()"


@contextmanager
def held_database(environment: dict[str, str]) -> Iterator[None]:
    """The embedded server of a home kept running, so that it is not started and stopped by every command."""
    command = [sys.executable, "-c", _KEEP]
    keeper = subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert keeper.stdout is not None
        assert keeper.stdout.readline() == "up\n"
        yield
    finally:
        keeper.communicate("\n", timeout=60)


@dataclass
class Served:
    """The processes of a running server."""

    house: House
    parent: psutil.Process
    process: subprocess.Popen[bytes]

    def everyone(self) -> list[psutil.Process]:
        """Parent, web, worker, and all of the database."""
        found = _family(self.parent)
        if postgres := self.house.postgres():
            found += _family(postgres)
        return found

    def worker(self) -> psutil.Process:
        """The background worker, the child of its keeper."""

        def found() -> psutil.Process | None:
            for child in self.parent.children():
                if child.name() == "shouwang-worker":
                    return next(iter(child.children()), None)
            return None

        worker: psutil.Process = until(found, START_SECONDS, "a worker")
        return worker

    def stop(self) -> int:
        """SIGTERM, as a service manager does; returns the exit status."""
        self.parent.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)

    def kill(self) -> None:
        """kill -9 for all of it at once, the database too."""
        for one in self.everyone():
            kill(one)
        self.process.wait(STOP_SECONDS)


def kill(process: psutil.Process) -> None:
    """kill -9, and wait until it is gone."""
    try:
        process.kill()
        process.wait(STOP_SECONDS)
    except psutil.NoSuchProcess:
        pass


def _family(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
