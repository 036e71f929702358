"""The servers of the bench as processes: ours as an office starts it, and the plain one it is compared with."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from shouwang.cli.serve_command import WEB_THREADS

START_SECONDS = 120


@dataclass
class Memory:
    """The most that was seen, in MB."""

    most: float = 0.0
    database: float = 0.0


@dataclass
class Serving:
    """A server that answers."""

    port: int
    process: psutil.Process

    @contextmanager
    def measured(self) -> Iterator[Memory]:
        """Looks at the memory of the web processes and of the database every second."""
        memory, over = Memory(), threading.Event()

        def look() -> None:
            while not over.wait(1.0):
                memory.most = max(memory.most, _megabytes(self._web()))
                memory.database = max(memory.database, _megabytes(_database()))

        watcher = threading.Thread(target=look, daemon=True)
        watcher.start()
        try:
            yield memory
        finally:
            over.set()
            watcher.join()

    def _web(self) -> list[psutil.Process]:
        family = [self.process, *self.process.children(recursive=True)]
        return [p for p in family if _name(p) == "shouwang-web"]


def _name(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.Error:
        return ""


def _database() -> list[psutil.Process]:
    keeper = Path(os.environ["SHOUWANG_HOME"]) / "pg" / "postmaster.pid"
    if not keeper.exists():
        return []
    postmaster = psutil.Process(int(keeper.read_text().split("\n", 1)[0]))
    return [postmaster, *postmaster.children()]


def _megabytes(processes: list[psutil.Process]) -> float:
    """Proportional: what is shared counts once."""
    total = 0
    for process in processes:
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue
    return total / 1e6


@contextmanager
def shouwang_server(offset: float) -> Iterator[Serving]:
    """`shouwang serve` with everything as shipped; its clock is the bench's, and no second factor is asked."""
    port = free_port()
    command = [str(Path(sys.executable).parent / "shouwang"), "serve", "--port", str(port)]
    with _served(command, port, "/", {"SHOUWANG_CLOCK_OFFSET": str(offset)}) as server:
        yield server


@contextmanager
def plain_server(offset: float) -> Iterator[Serving]:
    """The plain endpoints behind the same granian."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--no-ws"]
    command += [
        "--blocking-threads",
        str(WEB_THREADS),
        "--log-level",
        "error",
        "bench.field.plain:application",
    ]
    more = {"SHOUWANG_CLOCK_OFFSET": str(offset), "DJANGO_SETTINGS_MODULE": "shouwang.config.settings"}
    with _served(command, port, "/ready", more) as server:
        yield server


@contextmanager
def _served(command: list[str], port: int, path: str, more: dict[str, str]) -> Iterator[Serving]:
    environment = os.environ | {"SHOUWANG_REQUIRE_MFA": "0"} | more
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(port, path):
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError(f"{command} does not answer")
            time.sleep(0.1)
        yield Serving(port, psutil.Process(process.pid))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _answers(port: int, path: str) -> bool:
    try:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        link.request("GET", path)
        return link.getresponse().status in {200, 302}
    except OSError:
        return False


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
