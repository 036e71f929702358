"""Every route of the desk, a file for each part of the work, each found by itself."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from tests.access.route import Route

ROUTES: dict[str, Route] = {
    name: route
    for part in sorted(found.name for found in iter_modules(__path__))
    for name, route in import_module(f"{__name__}.{part}").ROUTES.items()
}
