"""人数要求 Where fewer of the team came than the pack asks: who came, who is missing, whether it could be verified."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from shouwang.desk.gate import DeskRequest, page
from shouwang.desk.packwords import role_titles
from shouwang.kernel.days import day_end
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.queries import Came, FileRow, QuorumGap, files_by_ids, quorum_gaps, who_came
from shouwang.people.queries import people_by_ids
from shouwang.places.queries import spoken_names
from shouwang.policy.queries import pack_of
from shouwang.workforce.queries import Held, held_roles

MOST = 200


@page("observation.view")
def gaps(request: DeskRequest) -> HttpResponse:
    """The gaps of a day, the fewest first."""
    area = request.GET.get("area", "") or None
    if area and not request.sight.sees(area):
        raise Refused("place-not-found")
    day = _day(request)
    rows = quorum_gaps(request.sight, day, area=area, limit=MOST + 1)
    shown = rows[:MOST]
    files = files_by_ids(request.sight, [row.file_id for row in shown])
    came = who_came(request.sight, [row.file_id for row in shown], day)
    people = {p.id: p for p in people_by_ids(request.sight, [row.person_id for row in shown])}
    teams = held_roles(
        Scope.everything(), "household", [row.household_id for row in shown if row.household_id]
    )
    context = {
        "day": day,
        "is_today": day == request.today,
        "rows": [
            _told(
                row, files[row.file_id], came.get(row.file_id, []), teams.get(str(row.household_id), []), day
            )
            | {"person": people.get(row.person_id)}
            for row in shown
            if row.file_id in files
        ],
        "more": len(rows) > MOST,
        "area": area or "",
        "places": spoken_names([*(row.area for row in shown), area or ""]),
        "today": request.today,
    }
    return render(request, "desk/quorum.html", context)


def _told(
    gap: QuorumGap, file: FileRow, came: Sequence[Came], team: Sequence[Held], day: date
) -> dict[str, object]:
    """Who came in which role, who is missing and who they are, in words."""
    titles = role_titles(pack_of(file.revision_id), None)
    there = [held for held in team if held.holds(day_end(day, file.zone))]
    names_of: dict[UUID, str] = {held.worker_id: held.worker_name for held in team}
    counted = frozenset(role for visit in came for role in visit.counts)
    visits = [
        {
            "by": "、".join(names_of.get(w, "") for w in visit.workers) or visit.by_name,
            "roles": "、".join(titles.get(role, role) for role in visit.roles),
            "stated_only": [
                titles.get(role, role)
                for role in visit.roles
                if visit.backed is not None and role not in visit.backed
            ],
        }
        for visit in came
    ]
    holders = {held.role: held.worker_name for held in there}
    missing = [(titles.get(role, role), holders.get(role, "")) for role in gap.roles if role not in counted]
    return {"gap": gap, "visits": visits, "missing": missing, "verified": bool(there)}


def _day(request: DeskRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return request.today
