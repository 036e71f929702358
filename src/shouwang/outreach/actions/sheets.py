"""Printing the sheets by which leaders create their groups; that somebody printed them is recorded."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from os.path import commonprefix
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.outreach import rules, typeset
from shouwang.outreach.queries import GroupRow, RosterRow, groups_by_ids, rosters

MOST = 300
"""Sheets in one file; a town of 219 groups is one file."""


@transaction.atomic
def print_group_sheets(
    *,
    groups: Collection[UUID],
    scope: Scope,
    roles: Mapping[str, str],
    places: Mapping[str, str],
    public_url: str,
    printed: str,
    by: Actor,
    at: datetime,
) -> bytes:
    """The sheets of these groups as one PDF, a page each: name, roster, steps, QR of the group's page.

    `roles` are the titles of role codes, `places` the names of areas. Refuses `group-not-found`, `font-missing`.
    """
    found = groups_by_ids(scope, list(groups)[:MOST])
    if not found:
        raise Refused("group-not-found")
    members = rosters(scope, [row.id for row in found])
    values: dict[str, object] = {
        "printed": printed,
        "least": rules.AT_LEAST,
        "groups": [_sheet(row, members.get(row.id, []), roles, places, public_url) for row in found],
    }
    made = typeset.compile_pdf(typeset.TEMPLATES, "group.typ", values, at=at)
    append_event(
        verb="outreach.group.sheets-printed",
        subject=("group", found[0].id),
        area=commonprefix([row.area for row in found]),  # noqa: RUF071 - of codes
        by=by,
        at=at,
        payload={"groups": len(found)},
    )
    return made


def _sheet(
    row: GroupRow,
    members: list[RosterRow],
    roles: Mapping[str, str],
    places: Mapping[str, str],
    public_url: str,
) -> dict[str, object]:
    leader = next((m for m in members if m.worker_id == row.leader_id), None)
    return {
        "name": row.name,
        "place": places.get(row.area, row.area),
        "leader": row.leader_name or "—",
        "leader_phone": leader.telephone if leader else "",
        "small": row.is_small,
        "qr": typeset.qr_svg(f"{public_url.rstrip('/')}/groups/{row.id}/"),
        "members": [
            {
                "role": "、".join(roles.get(code, code) for code in member.role.split()),
                "name": member.name,
                "unit": member.unit,
                "telephone": member.telephone,
                "added": member.added_at is not None,
                "leaves": member.to_remove,
            }
            for member in members
        ],
    }
