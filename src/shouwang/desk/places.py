"""Names of places for lists."""

from __future__ import annotations

from collections.abc import Iterable

from shouwang.kernel.areas import village_of
from shouwang.places.queries import names_of
from shouwang.places.rules import full_name


def names(paths: Iterable[str]) -> dict[str, str]:
    """Path → name as people say it, in one query; "" has none."""
    known = names_of(sorted({path for path in paths if path}))
    return {path: spoken(name) for path, name in known.items()}


def full_names(paths: Iterable[str]) -> dict[str, str]:
    """The same for lists of many villages, a grid with its village."""
    wanted = {path for path in paths if path}
    known = names({*wanted, *(village_of(path) for path in wanted)})
    return {path: full_name(known, path) for path in wanted & known.keys()}


def spoken(name: str) -> str:
    """A village as people say it: 海螺村村民委员会 → 海螺村."""
    return name.removesuffix("村民委员会").removesuffix("居民委员会") or name
