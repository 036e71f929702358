"""Every route of the desk, a file for each part of the work."""

from __future__ import annotations

from tests.access.route import Route
from tests.access.routes import evening, facts, spine

ROUTES: dict[str, Route] = {
    **spine.ROUTES,
    **facts.ROUTES,
    **evening.ROUTES,
}
