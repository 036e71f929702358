"""Proving that whatever a phone was told is done stands in its room, for `verify`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

from shouwang.devices.queries import done_pages
from shouwang.observation.queries import checks_missing
from shouwang.screening.queries import arrivals_missing, visits_missing

_MISSING: dict[str, Callable[[Collection[UUID]], int]] = {
    "check": checks_missing,
    "visit": visits_missing,
    "arrival": arrivals_missing,
}


def acknowledged_and_missing() -> tuple[int, int]:
    """(how many commands were acknowledged as done, how many of them have no fact)."""
    done = missing = 0
    for kind, count_missing in _MISSING.items():
        for page in done_pages(kind):
            done += len(page)
            missing += count_missing(page)
    return done, missing
