"""Servers that are killed: `python -m tests.journeys.field_nursery DATABASE CLOCK` reads one life a line from stdin.

It keeps a port of its own choice (printed first) for all lives; between them whoever connects is refused. For each
line `PHASE N` a child is forked (Django is loaded already, so that a life costs little) that answers with the
product's own WSGI application in four threads, each with its own database connection. `PHASE` says where the child
dies by its own SIGKILL while it works on a batch of commands: before the N-th `statement`, before the N-th `commit`,
after it (`committed`), or with the answer half written (`answer`); `never`. It may also be killed from outside. Prints
`UP PID` when it begins and `END STATUS` when it is over.

`CLOCK`: a file of eight bytes, the seconds (a double) by which the servers' clock is ahead.
"""

from __future__ import annotations

import mmap
import os
import signal
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

THREADS = 4
COMMANDS = "/commands"


class SharedClock:
    """A clock that another process sets."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self.ahead = mmap.mmap(file.fileno(), 8)

    def now(self) -> datetime:
        """The present instant, UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.seconds())

    def seconds(self) -> float:
        """By how much it is ahead."""
        (seconds,) = struct.unpack("d", self.ahead[:8])
        return float(seconds)

    def later(self, seconds: float) -> None:
        """Put it forward."""
        self.set(self.seconds() + seconds)

    def set(self, seconds: float) -> None:
        self.ahead[:8] = struct.pack("d", seconds)


def main(database: str, clock: str) -> None:
    """Fork a life for every line."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from shouwang.config.embedded import ensure_running

    place = ensure_running()
    connection.settings_dict |= {"NAME": database, "HOST": place.host, "PORT": place.port, "USER": place.user}
    settings.CLOCK = SharedClock(Path(clock))
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    from shouwang.config.wsgi import application

    _warm(application)
    kept = socket.socket()
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    kept.bind(("127.0.0.1", 0))  # bound and never listening: the port stays ours while nobody lives
    port: int = kept.getsockname()[1]
    print("PORT", port, flush=True)
    for line in sys.stdin:
        phase, count = line.split()
        child = os.fork()
        if child == 0:
            _live(application, port, Death(phase, int(count)))
        _, status = os.waitpid(child, 0)
        print("END", status, flush=True)


def _warm(application: Any) -> None:
    """One request by nobody, which needs no database: views and words are loaded before the first life, and the names
    of places that every life would read anew."""
    from wsgiref.util import setup_testing_defaults

    from shouwang.places.gazetteer import resolve

    environ: dict[str, Any] = {"PATH_INFO": "/api/field/v1/state", "HTTP_HOST": "127.0.0.1"}
    setup_testing_defaults(environ)
    told: list[str] = []
    b"".join(application(environ, lambda status, _: told.append(status)))
    assert told == ["401 Unauthorized"], told
    resolve("武汉市")


@dataclass
class Death:
    """Where this life ends by itself."""

    phase: str
    left: int

    def __post_init__(self) -> None:
        self.here = threading.local()
        self.lock = threading.Lock()

    def at(self, phase: str) -> None:
        """Die, if this is the place and the time."""
        if phase != self.phase or not getattr(self.here, "is_batch", False):
            return
        with self.lock:
            self.left -= 1
            if self.left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)


def _live(application: Any, port: int, death: Death) -> None:
    _may_die_in_database(death)
    server = _Server(("127.0.0.1", port), _Quiet, bind_and_activate=False)
    server.socket = socket.create_server(("127.0.0.1", port), backlog=128, reuse_port=True)
    server.server_name, server.server_port = "127.0.0.1", port
    server.setup_environ()
    server.set_app(_mortal(application, death))
    for _ in range(THREADS - 1):
        threading.Thread(target=_answer, args=(server,), daemon=True).start()
    print("UP", os.getpid(), flush=True)
    _answer(server)


class _Server(WSGIServer):
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever hung up is no fault of the server's."""


class _Quiet(WSGIRequestHandler):
    timeout = 20

    def log_message(self, format: str, *args: Any) -> None:
        pass


def _answer(server: _Server) -> None:
    while True:
        request, client = server.socket.accept()
        try:
            server.finish_request(request, client)
        except Exception:
            server.handle_error(request, client)
        finally:
            server.shutdown_request(request)


def _mortal(application: Any, death: Death) -> Callable[..., Iterable[bytes]]:
    def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        death.here.is_batch = environ["PATH_INFO"].endswith(COMMANDS)
        told = application(environ, start)
        try:
            for part in told:
                yield part[: len(part) // 2]
                death.at("answer")
                yield part[len(part) // 2 :]
        finally:
            if close := getattr(told, "close", None):
                close()
            death.here.is_batch = False

    return answer


def _may_die_in_database(death: Death) -> None:
    from django.db.backends.utils import CursorWrapper

    from shouwang.config.pg.base import DatabaseWrapper

    execute, commit = CursorWrapper.execute, DatabaseWrapper.commit

    def executing(self: Any, sql: Any, params: Any = None) -> Any:
        death.at("statement")
        return execute(self, sql, params)

    def committing(self: Any) -> None:
        death.at("commit")
        commit(self)
        death.at("committed")

    CursorWrapper.execute = executing  # type: ignore[method-assign]
    DatabaseWrapper.commit = committing  # type: ignore[method-assign]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
