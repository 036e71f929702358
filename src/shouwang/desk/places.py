"""Names of places for lists."""

from __future__ import annotations

from collections.abc import Iterable

from shouwang.places.queries import names_of


def names(paths: Iterable[str]) -> dict[str, str]:
    """Path → name, in one query; "" is everywhere."""
    return names_of(sorted({path for path in paths if path}))
