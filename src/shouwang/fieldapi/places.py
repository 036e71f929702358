"""名额 A bounded number of places for requests of phones (sync.md §7): beyond it, come again later.

What waits holds a thread of the web server, so few may wait, and not for long: the desk uses the same threads.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

SOONEST, LATEST = 5, 30
"""Seconds between which phones that are sent away are spread."""


class Places:
    """So many at once; half as many more wait."""

    def __init__(self, limit: int, patience: float) -> None:
        self._free = threading.BoundedSemaphore(limit)
        self._waiting = threading.BoundedSemaphore(max(1, limit // 2))
        self._patience = patience

    @contextmanager
    def one(self) -> Iterator[bool]:
        """A place for as long as the block lasts; False where there is none."""
        has = self._take()
        try:
            yield has
        finally:
            if has:
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


PLACES = Places(settings.FIELD_PLACES, settings.FIELD_PATIENCE)


def retry_after() -> int:
    """Seconds after which to come again, spread so that not all come at once."""
    return SOONEST + secrets.randbelow(LATEST - SOONEST + 1)
