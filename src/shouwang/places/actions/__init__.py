"""Writing the place tree: official divisions, zones, grids, compounds, buildings, doors."""

from shouwang.places.actions.doors import (
    DwellingDraft,
    ensure_dwellings,
    locate_dwelling,
    put_doors,
)
from shouwang.places.actions.tree import (
    add_alias,
    add_grid,
    add_place,
    load_divisions,
    rename_place,
)

__all__ = [
    "DwellingDraft",
    "add_alias",
    "add_grid",
    "add_place",
    "ensure_dwellings",
    "load_divisions",
    "locate_dwelling",
    "put_doors",
    "rename_place",
]
