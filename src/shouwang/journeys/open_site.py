"""集中点 A site is a place of its own with its team: people are settled there, and its head answers for them.

Crosses places and workforce. A team that is only put on a name holds nobody: files live at places.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.journeys.bring_home import SITE
from shouwang.kernel.actor import Actor
from shouwang.kernel.areas import VILLAGE_DIGITS
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.places.actions import add_place
from shouwang.workforce.actions import put_team_on


@transaction.atomic
def open_site(
    *, village: str, name: str, role_set: str, unit: str = "", scope: Scope, by: Actor, at: datetime
) -> UUID:
    """Make a place of a hotel or school below a village (or a place in it), and put the team of a site on it.
    Returns the team's id.

    Refuses `not-permitted`, `site-needs-village`, `place-unknown`, `place-name-missing`, `team-exists`.
    """
    if not scope.allows("team.assign", village):
        raise Refused("not-permitted", permission="team.assign")
    if len(village) < VILLAGE_DIGITS:
        raise Refused("site-needs-village")
    path = add_place(parent=village, name=name, kind="building", by=by, at=at)
    return put_team_on(
        area=path, target_kind=SITE, target_id=path, role_set=role_set, name=name, unit=unit, by=by, at=at
    )
