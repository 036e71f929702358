"""`shouwang serve`: web and background worker under one parent that stops cleanly."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from runpy import run_module
from types import FrameType
from typing import NoReturn

import click

from shouwang.cli.root import ready, root

STOP_SECONDS = 20
LOOK_SECONDS = 0.1
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15
STOPPING = (signal.SIGINT, signal.SIGTERM)
RESTART_PAUSE_SECONDS = 1.0
WEB_THREADS = 48
"""Blocking threads of a web process; each holds at most one database connection (STACK.md: cap them). Phones that
work or wait (`FIELD_PLACES`, `FIELD_WAITING`) take 36 of them at most, so that the desk always finds one free."""
BACKPRESSURE = 128
"""Requests a web process holds at once; more wait in the socket's queue, so that memory is bounded."""


@root.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8026, show_default=True)
@click.option("--workers", default=1, show_default=True, help="Web processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages and do the background work until stopped (Ctrl-C or SIGTERM).

    Killed outright it starts again with nothing lost: what is owed lives in tables.

    \b
    Example:
      shouwang serve --port 8026
    """
    ready()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    click.echo(f"守望 Shouwang: http://{host}:{port}/")
    serve_until_stopped(host, port, workers)


def serve_until_stopped(host: str, port: int, workers: int) -> None:
    """Run the web server and the worker under this process until it is told to stop.

    What both of them need is loaded here, once, and then shared: they answer sooner, and an office's computer holds
    one copy of it instead of three.
    """
    _load()
    Supervisor(_commands(host, port, workers)).run()


def _load() -> None:
    from django.core.servers.basehttp import get_internal_wsgi_application
    from django.db import connections
    from django.urls import get_resolver

    import shouwang.jobs.tasks  # noqa: F401 - with the journeys

    get_internal_wsgi_application()
    _ = get_resolver().url_patterns
    connections.close_all()  # no line to the database is shared by two processes
    gc.collect()
    gc.freeze()


def _commands(host: str, port: int, workers: int) -> dict[str, list[str]]:
    """A module and its arguments, as after `python -m`."""
    web = ["shouwang.config.web", "--interface", "wsgi"]
    web += ["--host", host, "--port", str(port)]
    web += ["--workers", str(workers), "--blocking-threads", str(WEB_THREADS), "--no-ws"]
    web += ["--backpressure", str(BACKPRESSURE), "--log-level", "error"]
    web += ["--respawn-failed-workers", "shouwang.config.wsgi:application"]
    return {"web": web, "worker": ["shouwang.jobs.worker"]}


class Supervisor:
    """Keeps child processes running; passes the stop on to them and waits."""

    def __init__(self, commands: dict[str, list[str]]) -> None:
        self.commands = commands
        self.children: dict[int, str] = {}
        """Those that live, by their process id."""
        self.stopping = False

    def run(self) -> None:
        """Start all, restart whichever dies, return when told to stop."""
        for number in STOPPING:
            signal.signal(number, self._stop)
        for name in self.commands:
            self._start(name)
        while not self.stopping:
            for name, status in self._ended():
                click.echo(f"{name} ended with status {status}; starting it again", err=True)
                time.sleep(RESTART_PAUSE_SECONDS)
                self._start(name)
            time.sleep(LOOK_SECONDS)
        self._wait()

    def _start(self, name: str) -> None:
        parent = os.getpid()
        with _undisturbed():
            if self.stopping:
                return
            child = os.fork()
            if child:
                self.children[child] = name
                return
            for number in STOPPING:
                signal.signal(number, signal.SIG_DFL)
        _become(name, self.commands[name], parent)

    def _ended(self) -> list[tuple[str, int]]:
        """Name and exit status of those that are over."""
        over = []
        for child in list(self.children):
            number, status = os.waitpid(child, os.WNOHANG)
            if number:
                over.append((self.children.pop(child), os.waitstatus_to_exitcode(status)))
        return over

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True
        for child in self.children:
            with suppress(ProcessLookupError):  # it has just been buried
                os.kill(child, signal.SIGTERM)

    def _wait(self) -> None:
        deadline = time.monotonic() + STOP_SECONDS
        while self.children and time.monotonic() < deadline:
            self._ended()
            time.sleep(LOOK_SECONDS)
        for child, name in self.children.items():
            click.echo(f"{name} did not stop in {STOP_SECONDS} s and was killed", err=True)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Whoever is told to stop meanwhile is told afterwards: half a child has its parent's ears."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _become(name: str, command: list[str], parent: int) -> NoReturn:
    """In the child: be what `python -m` would start, with everything loaded."""
    os.setsid()  # Ctrl-C reaches the parent alone, which passes it on
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(PR_SET_NAME, f"shouwang-{name}".encode())
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)  # a parent killed outright leaves no child on the port
        if os.getppid() != parent:
            sys.exit(0)
    sys.argv = command
    run_module(command[0], run_name="__main__", alter_sys=True)
    sys.exit(0)
