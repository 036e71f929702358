"""Names of places for lists."""

from __future__ import annotations

from collections.abc import Iterable

from shouwang.places.queries import names_of


def names(paths: Iterable[str]) -> dict[str, str]:
    """Path → name as people say it, in one query; "" has none."""
    known = names_of(sorted({path for path in paths if path}))
    return {path: spoken(name) for path, name in known.items()}


def spoken(name: str) -> str:
    """A village as people say it: 海螺村村民委员会 → 海螺村."""
    return name.removesuffix("村民委员会").removesuffix("居民委员会") or name
