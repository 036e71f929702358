"""People under watch whom nobody answers for: the owner stopped serving, or the chain above them is broken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from shouwang.kernel.scope import Scope
from shouwang.observation.queries.within import area_condition
from shouwang.workforce.queries import OWN, OWN_ROLES, Ground, ground_columns, own_columns
from shouwang.workforce.rules import ChainRule

OWNER = "owner"


@dataclass(frozen=True, slots=True)
class WatchedOrphan:
    """Somebody under watch whose chain is broken: at a level, or at the owner of the file, who serves no more."""

    file_id: UUID
    person_id: UUID
    household_id: UUID | None
    area: str
    broken_at: str
    cursor: str


def watched_orphans(
    scope: Scope,
    amiss: Sequence[Ground],
    rules: Sequence[ChainRule],
    *,
    area: str | None = None,
    after: str = "",
    limit: int = 50,
) -> list[WatchedOrphan]:
    """Open files in sight that are alone, by area and id. One statement.

    The owner counts always, whether or not a pack defines a chain: nobody is watched over by somebody who left.
    """
    where, params = area_condition(scope, "f.area", area)
    from_area, _, from_id = after.rpartition("~")
    with connection.cursor() as cursor:
        cursor.execute(
            _STATEMENT.format(where=where),
            params
            | ground_columns(amiss)
            | own_columns(rules)
            | {"from_area": from_area, "from_id": _uuid(from_id), "limit": limit},
        )
        rows = cursor.fetchall()
    return [WatchedOrphan(f, p, h, a, level, f"{a}~{f}") for f, p, h, a, level in rows]


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


_STATEMENT = (
    "with "
    + OWN_ROLES
    + """
select f.id, f.person_id, f.household_id, f.area, case when w.until is not null then 'owner'
    when g.level <> '' then g.level else 'household' end
from observation_file f join workforce_worker w on w.id = f.owner_id
left join amiss g on g.area = f.area
where f.state = 'open' and {where} and (f.area, f.id) > (%(from_area)s, %(from_id)s)
    and (w.until is not null or g.level <> '' or (g.needs and f.household_id is not null and not """
    + OWN.format(household="f.household_id", area="f.area")
    + """))
order by f.area, f.id limit %(limit)s
"""
)
