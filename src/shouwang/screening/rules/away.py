"""暂缓返乡 Workers away: what they said last, and whether their family is to be visited. Pure."""

from __future__ import annotations

STATES = ("not-asked", "deferred", "returning", "undecided", "returned")
"""`not-asked`: nobody has spoken with them yet."""
STILL_AWAY = frozenset({"deferred", "undecided", "returning"})
