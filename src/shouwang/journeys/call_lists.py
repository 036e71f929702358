"""A call list is started: everybody of a category, for a script of the pack. Crosses classification, screening."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouwang.classification.queries import people_in
from shouwang.journeys.record_away import due_within
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.policy.queries import pack_in_force
from shouwang.screening.actions import list_calls


@transaction.atomic
def start_call_list(*, area: str, script: str, category: str, scope: Scope, by: Actor, at: datetime) -> int:
    """Put everybody of `category` below `area` on the call list for `script`; how many are new.

    Refuses `not-permitted`, `no-pack-in-force`, `pack-entry-missing` (script or category).
    """
    if not scope.allows("reach.record", area):
        raise Refused("not-permitted")
    _, pack = pack_in_force(scope, area, at)
    pack.script(script)
    pack.category(category)
    people = people_in(scope, area, [category])
    due_at = due_within(pack, "call-within-hours", at)
    return list_calls(
        people=people,
        purpose=script,
        script=script,
        due_at=due_at,
        area=area,
        scope=scope,
        by=by,
        at=at,
    )
