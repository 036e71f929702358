"""`shouwang serve`: web and background worker under one parent that stops cleanly."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from types import FrameType

import click

from shouwang.cli.root import ready, root

STOP_SECONDS = 20
PR_SET_PDEATHSIG = 1
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
    """Run the web server and the worker under this process until it is told to stop."""
    Supervisor(_commands(host, port, workers)).run()


def _commands(host: str, port: int, workers: int) -> dict[str, list[str]]:
    web = [sys.executable, "-m", "shouwang.config.web", "--interface", "wsgi"]
    web += ["--host", host, "--port", str(port)]
    web += ["--workers", str(workers), "--blocking-threads", str(WEB_THREADS), "--no-ws"]
    web += ["--backpressure", str(BACKPRESSURE), "--log-level", "error"]
    web += ["--respawn-failed-workers", "shouwang.config.wsgi:application"]
    work = [sys.executable, "-m", "shouwang.jobs.worker"]
    return {"web": web, "worker": work}


def _end_with_parent() -> None:
    """Linux: a parent that is killed outright takes its children with it, so that the port is free again."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Keeps child processes running; passes the stop on to them and waits."""

    def __init__(self, commands: dict[str, list[str]]) -> None:
        self.commands = commands
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = False

    def run(self) -> None:
        """Start all, restart whichever dies, return when told to stop."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        for name in self.commands:
            self._start(name)
        while not self.stopping:
            for name, child in list(self.children.items()):
                if child.poll() is not None and not self.stopping:
                    click.echo(f"{name} ended with status {child.returncode}; starting it again", err=True)
                    time.sleep(RESTART_PAUSE_SECONDS)
                    self._start(name)
            time.sleep(0.2)
        self._wait()

    def _start(self, name: str) -> None:
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "shouwang.config.settings"}
        self.children[name] = subprocess.Popen(  # noqa: S603 - our own commands
            self.commands[name],
            env=environment,
            start_new_session=True,  # Ctrl-C reaches the parent alone, which passes it on
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - the parent has one thread here
        )

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()

    def _wait(self) -> None:
        deadline = time.monotonic() + STOP_SECONDS
        for name, child in self.children.items():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                click.echo(f"{name} did not stop in {STOP_SECONDS} s and was killed", err=True)
                child.kill()
