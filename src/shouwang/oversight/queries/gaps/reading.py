# ruff: noqa: S608 - the texts are fixed (`statements`), everything asked is a parameter
"""Reading gaps: counts by leaf of the place tree, and rows in a stable order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection

from shouwang.kernel.days import day_end, day_start
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.queries.counting import Moment, counted_statement
from shouwang.oversight.queries.gaps import chains
from shouwang.oversight.queries.gaps.statements import BASES, CHECKS, STATEMENTS
from shouwang.oversight.rules.gaps import GapMoment, GapRow

VIEW = "observation.view"
_COLUMNS = "key, area, person_id, household_id, file_id, owner_id, since, detail"
Listing = Callable[[Scope, GapMoment], Sequence[GapRow]]

LISTINGS: dict[str, Listing] = {"chain-broken": chains.broken}
"""Kinds that a room below tells as a list and not as a table: code → its rows."""


def has_source(kind: str) -> bool:
    """Whether anything can be told about this kind. Unscoped: says nothing of anybody."""
    return kind in STATEMENTS or kind in LISTINGS or kind == "check-missed"


def gap_by_area(scope: Scope, kind: str, moment: GapMoment) -> dict[str, int]:
    """How many of a kind there are, by the leaf of the place tree they lie in. Refuses `gap-unknown`."""
    if not _may(scope, moment):
        return {}
    if kind in LISTINGS:
        found: dict[str, int] = {}
        for row in LISTINGS[kind](scope, moment):
            found[row.area] = found.get(row.area, 0) + 1
        return found
    text, params = _statement(kind, moment)
    return _counted(f"select area, count(*) from ({text}) gap group by 1", params)


def gap_count(scope: Scope, kind: str, moment: GapMoment) -> int:
    """How many of a kind there are. Refuses `gap-unknown`."""
    return sum(gap_by_area(scope, kind, moment).values())


def base_by_area(scope: Scope, base: str, moment: GapMoment) -> dict[str, int]:
    """What a gap is a share of, by leaf; empty for a base nobody declared."""
    if base not in BASES or not _may(scope, moment):
        return {}
    return _counted(f"select area, count(*) from ({BASES[base]}) base group by 1", _params(moment))


def gap_rows(
    scope: Scope, kind: str, moment: GapMoment, *, after: str = "", limit: int | None = 50
) -> list[GapRow]:
    """The list of a kind by area and key; `after` is the cursor of the last row seen (`cursor_of`).

    Refuses `gap-unknown`.
    """
    if not _may(scope, moment):
        return []
    area, _, key = after.partition("~")
    if kind in LISTINGS:
        rows = sorted(LISTINGS[kind](scope, moment), key=lambda row: (row.area, row.key))
        return [row for row in rows if not after or (row.area, row.key) > (area, key)][:limit]
    text, params = _statement(kind, moment)
    ahead = 'where (area collate "C", key collate "C") > (%(after_area)s, %(after_key)s)' if after else ""
    params |= {"after_area": area, "after_key": key, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {_COLUMNS} from ({text}) gap {ahead}"
            ' order by area collate "C", key collate "C" limit %(limit)s',
            params,
        )
        return [GapRow(kind, *row) for row in cursor.fetchall()]


def cursor_of(row: GapRow) -> str:
    """Where the next page begins. Unscoped: of a row in hand."""
    return f"{row.area}~{row.key}"


def _may(scope: Scope, moment: GapMoment) -> bool:
    return scope.allows(VIEW, moment.area)


def _statement(kind: str, moment: GapMoment) -> tuple[str, dict[str, Any]]:
    params = _params(moment)
    if kind == "check-missed":
        counted = Moment(moment.area, moment.day, moment.zone, moment.as_of)
        text, asked = counted_statement("unseen", counted)
        return CHECKS.format(counted=text), asked | params
    if kind not in STATEMENTS:
        raise Refused("gap-unknown", kind=kind)
    return STATEMENTS[kind], params


def _params(moment: GapMoment) -> dict[str, Any]:
    return {
        "area": f"{moment.area}%",
        "day": moment.day,
        "start": day_start(moment.day, moment.zone),
        "end": day_end(moment.day, moment.zone),
        "as_of": moment.as_of,
    } | dict(_of_pack(moment))


def _of_pack(moment: GapMoment) -> Mapping[str, object]:
    pack = moment.pack
    teams = [team for team in pack.role_sets if team.target == "household"] if pack else []
    watched = [category.code for category in pack.categories if category.protocol] if pack else []
    return {
        "role_set": teams[0].code if teams else "",
        "roles": [role.code for role in teams[0].roles] if teams else [],
        "watched": watched,
    }


def _counted(text: str, params: Mapping[str, Any]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(text, dict(params))
        return {row[0]: int(row[1]) for row in cursor.fetchall()}
