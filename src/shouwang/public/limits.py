"""限流: so that nobody tries tokens by the thousand. Counted in the shared cache, per caller and minute."""

from __future__ import annotations

import hashlib

from django.core.cache import cache

A_MINUTE = 60
ASKS_A_MINUTE = 60
"""Our choice: a gate checks one paper every few seconds; several people share an address."""


def too_many(caller: str) -> bool:
    """Count one ask of `caller`; whether it is beyond what a minute allows. No address is kept."""
    key = "verify:" + hashlib.sha256(caller.encode()).hexdigest()[:24]
    if cache.add(key, 1, timeout=A_MINUTE):
        return False
    try:
        return cache.incr(key) > ASKS_A_MINUTE
    except ValueError:  # it expired between the two
        return False
