"""Plain SQL within a scope, for what Django's ORM cannot say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.db import connection


def fetch(sql: str, params: dict[str, object]) -> list[tuple[Any, ...]]:
    """All rows of one statement."""
    with connection.cursor() as statement:
        statement.execute(sql, cast(dict[str, Any], params))
        return list(statement.fetchall())


def areas_sql(column: str, areas: Sequence[str], prefix: str = "area") -> tuple[str, dict[str, object]]:
    """A condition for rows in one of the subtrees, with its parameters; no areas means no rows."""
    if "" in areas:
        return "TRUE", {}
    params: dict[str, object] = {f"{prefix}_{index}": f"{area}%" for index, area in enumerate(areas)}
    return (f"({' OR '.join(f'{column} LIKE %({name})s' for name in params)})" if params else "FALSE"), params
