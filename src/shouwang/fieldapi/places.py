"""名额 A bounded number of places for requests of phones (sync.md §7): beyond it, come again later.

It stands before Django, so that sending a phone away costs next to nothing. The body is read before a place is
taken: a phone with bad reception holds a thread, and no place. A few work at once, for more would only wait for each
other on two cores; some wait a moment, for which they need no database connection; the threads that are left are the
desk's.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from shouwang.devices.rules import MOST_BYTES

PREFIX = "/api/field/"
SOONEST, LATEST = 5, 30
"""Seconds between which phones that are sent away are spread."""
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Places:
    """So many at once; so many more wait, and not for long."""

    def __init__(self, application: Application, *, limit: int, waiting: int, patience: float) -> None:
        self._application = application
        self._free = threading.BoundedSemaphore(limit)
        self._waiting = threading.BoundedSemaphore(waiting)
        self._patience = patience

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """A WSGI application around another; what does not come from phones passes untouched."""
        if not str(environ.get("PATH_INFO", "")).startswith(PREFIX):
            return self._application(environ, start)
        environ["wsgi.input"] = BytesIO(_body(environ))
        if not self._take():
            return _busy(start)
        try:
            answer = self._application(environ, start)
            try:
                return [b"".join(answer)]
            finally:
                if close := getattr(answer, "close", None):
                    close()
        finally:
            self._free.release()

    def _take(self) -> bool:
        if self._free.acquire(blocking=False):
            return True
        if not self._waiting.acquire(blocking=False):
            return False
        try:
            return self._free.acquire(timeout=self._patience)
        finally:
            self._waiting.release()


def _body(environ: dict[str, Any]) -> bytes:
    """What was sent, never much more than a batch may be."""
    told = str(environ.get("CONTENT_LENGTH") or "0")
    length = min(int(told), MOST_BYTES + 1) if told.isdigit() else 0
    body: bytes = environ["wsgi.input"].read(length) if length else b""
    return body


def _busy(start: Any) -> list[bytes]:
    body = b'{"code":"busy"}'
    wait = SOONEST + secrets.randbelow(LATEST - SOONEST + 1)
    start(
        "503 Service Unavailable",
        [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
            ("Retry-After", str(wait)),
            ("Cache-Control", "no-store"),
        ],
    )
    return [body]
