"""The scope as a condition of plain SQL, for reads that Django's ORM cannot say."""

from __future__ import annotations

from typing import Any

from shouwang.kernel.scope import Scope

VIEW = "observation.view"


def area_condition(scope: Scope, column: str, area: str | None = None) -> tuple[str, dict[str, Any]]:
    """A condition on `column` for rows in sight, narrowed to `area`, and its parameters.

    Literals of digits and dashes, so that the planner sees the prefix and takes the index; anything else is
    nobody's area and shows nothing.
    """
    areas = (scope.narrowed(area) if area else scope).areas_for(VIEW)
    if "" in areas:
        return "true", {}
    parts = [f"{column} like '{prefix}%%'" for prefix in areas if _is_path(prefix)]
    return (f"({' or '.join(parts)})", {}) if parts else ("false", {})


def _is_path(prefix: str) -> bool:
    return prefix.isascii() and prefix.replace("-", "").isalnum()
