"""限次 Wrong codes an address may try in a quarter of an hour; counted in the cache all processes share."""

from __future__ import annotations

import hashlib

from django.core.cache import cache

QUARTER = 15 * 60
WRONG_TRIES = 10


def is_locked(caller: str) -> bool:
    """Whether this address has tried too many wrong codes."""
    return int(cache.get(_key(caller)) or 0) >= WRONG_TRIES


def note_wrong(caller: str) -> None:
    """Count one wrong code. No address is kept, only its hash."""
    if not cache.add(_key(caller), 1, timeout=QUARTER):
        try:
            cache.incr(_key(caller))
        except ValueError:  # it expired between the two
            cache.add(_key(caller), 1, timeout=QUARTER)


def _key(caller: str) -> str:
    return "enrol:" + hashlib.sha256(caller.encode()).hexdigest()[:24]
