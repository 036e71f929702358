"""下沉 Who serves where, under whom, since when; which places are short, who carries too much."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.guards import around, target_names
from shouwang.desk.packwords import language
from shouwang.desk.paging import PAGE, cut
from shouwang.desk.policy import pack_here
from shouwang.journeys.bring_home import SITE
from shouwang.journeys.open_site import open_site
from shouwang.kernel.areas import TOWN_DIGITS
from shouwang.kernel.errors import Refused
from shouwang.packs.schema import Pack, RoleSet
from shouwang.places.queries import place_by_path, spoken_names, subtree
from shouwang.places.rules import full_name, village_name
from shouwang.workforce.actions import put_team_on
from shouwang.workforce.queries import kept_targets as kept
from shouwang.workforce.queries import (
    leaders_of,
    overloads,
    serving_page,
    serving_tally,
    shortfalls,
    team_targets,
)

OWN_KINDS = ("building", "compound", "post", "site", "firm", "grid", "village", "town", "area")
"""Where people are sent to serve; households and persons have lists of their own."""
PLACES = frozenset({"building", "compound", "grid", "village", "town", "area"})
SHOWS = ("people", "targets", "short", "over")


@page("team.view")
def serving(request: DeskRequest) -> HttpResponse:
    """One of four lists: people, targets with their teams, what is short, who carries too much."""
    show = request.GET.get("show", "people")
    show = show if show in SHOWS else "people"
    _, pack = pack_here(request.sight, request.at)
    context = {
        "show": show,
        "titles": {
            (one.code, role.code): role.title.text(language()) for one in pack.role_sets for role in one.roles
        },
        "sets": {one.code: one.title.text(language()) for one in pack.role_sets},
        "putting": putting(request, pack),
        "spots": _spots(request),
        **_SHOWS[show](request, pack),
    }
    return render(request, "desk/serving.html", context)


def _people(request: DeskRequest, pack: Pack) -> dict[str, object]:
    unit, area = request.GET.get("unit", ""), request.GET.get("area", "")
    chosen = request.GET.get("role", "")
    role_set, _, role = chosen.partition("~")
    found = serving_page(
        request.sight,
        kinds=OWN_KINDS,
        unit=unit,
        role_set=role_set,
        role=role,
        area=area,
        after=request.GET.get("after", ""),
        limit=PAGE + 1,
    )
    pages = cut(found, lambda row: row.cursor)
    sets = {one.code: one for one in pack.role_sets}
    led = leaders_of(request.sight, sets, pages.rows)
    counted = serving_tally(request.sight, kinds=OWN_KINDS, area=area, unit=unit)
    titles = {
        (one.code, role.code): role.title.text(language()) for one in pack.role_sets for role in one.roles
    }
    return {
        "rows": [(row, led.get(row.assignment_id, ""), row.assignment_id in led) for row in pages.rows],
        "next": pages.next,
        "unit": unit,
        "tally": [
            (f"{one.role_set}~{one.role}", titles.get((one.role_set, one.role), one.role), one.people)
            for one in counted
        ],
        "role": chosen,
        "places": spoken_names({*(r.area for r in pages.rows), *_place_ids(pages.rows)}),
    }


def _targets(request: DeskRequest, pack: Pack) -> dict[str, object]:
    found = team_targets(
        request.sight,
        kinds=OWN_KINDS,
        unit=request.GET.get("unit", ""),
        after=request.GET.get("after", ""),
        limit=PAGE + 1,
    )
    pages = cut(found, lambda row: row.cursor)
    short: dict[tuple[str, str, str], int] = {}
    for line in shortfalls(request.sight, pack.role_sets, [row.as_kept() for row in pages.rows]):
        key = (line.target_kind, line.target_id, line.role_set)
        short[key] = short.get(key, 0) + line.missing
    known = target_names(request.sight, pages.rows)
    return {
        "rows": [
            (row, known[row.id], short.get((row.target_kind, row.target_id, row.role_set), 0))
            for row in pages.rows
        ],
        "next": pages.next,
        "places": around(pages.rows),
    }


def _short(request: DeskRequest, pack: Pack) -> dict[str, object]:
    needing = [one for one in kept(request.sight) if one.target_kind in OWN_KINDS]
    rows = shortfalls(request.sight, pack.role_sets, needing, limit=1000)
    return {
        "rows": rows[:200],
        "total": len(rows),
        "missing": sum(row.missing for row in rows),
        "places": spoken_names({*(r.area for r in rows[:200]), *_place_ids(rows[:200])}),
    }


def _over(request: DeskRequest, pack: Pack) -> dict[str, object]:
    rows = overloads(request.sight, pack.role_sets)
    return {"rows": rows, "places": spoken_names(row.area for row in rows)}


_SHOWS = {"people": _people, "targets": _targets, "short": _short, "over": _over}


def _place_ids(rows: object) -> set[str]:
    return {r.target_id for r in rows if r.target_kind in PLACES}  # type: ignore[attr-defined]


def putting(request: DeskRequest, pack: Pack) -> list[tuple[str, str, str]]:
    """Role sets that may be put on something here: code, title, the titles of its roles."""
    if not request.scope.holds("team.assign"):
        return []
    return [
        (one.code, one.title.text(language()), "、".join(role.title.text(language()) for role in one.roles))
        for one in pack.role_sets
        if one.target in OWN_KINDS
    ]


def _spots(request: DeskRequest) -> list[tuple[str, str]]:
    """The places of one town to choose from, as people say them; none where the area in sight is larger."""
    area = request.sight.areas[0] if request.sight.areas else ""
    if len(area) < TOWN_DIGITS or not request.scope.holds("team.assign"):
        return []
    rows = subtree(request.sight, area)
    said = {row.path: village_name(row.name) for row in rows}
    return [(path, full_name(said, path)) for path in said]


@act("team.assign")
def put(request: DeskRequest) -> HttpResponse:
    """Put a role set on a place of the tree, or on a post, site or firm by its name; or on every village at once."""
    _, pack = pack_here(request.sight, request.at)
    role_set = pack.role_set(request.POST.get("role_set", ""))
    area = request.POST.get("area", "").strip()
    place = place_by_path(request.sight, area) if area else None
    if role_set.target not in OWN_KINDS:
        raise Refused("role-set-missing", pack=pack.id)
    if place is None or not request.scope.allows("team.assign", area):
        raise Refused("place-not-found")
    if request.POST.get("each") == "yes" and role_set.target == "village":
        return _on_each(request, role_set, area)
    name, unit = request.POST.get("name", "").strip(), request.POST.get("unit", "").strip()
    if role_set.target == SITE:
        team = open_site(
            village=area,
            name=name,
            role_set=role_set.code,
            unit=unit,
            scope=request.sight,
            by=request.actor,
            at=request.at,
        )
        return redirect("team", team_id=team)
    by_name = role_set.target not in PLACES or bool(name)
    team = put_team_on(
        area=area,
        target_kind=role_set.target,
        target_id="" if by_name else area,
        role_set=role_set.code,
        name=name if by_name else spoken_names([area])[area],
        unit=unit,
        by=request.actor,
        at=request.at,
    )
    return redirect("team", team_id=team)


def _on_each(request: DeskRequest, role_set: RoleSet, area: str) -> HttpResponse:
    have = {one.target_id for one in kept(request.sight, area=area) if one.role_set == role_set.code}
    villages = [v for v in subtree(request.sight, area, level="village") if v.path not in have]
    for village in villages:
        put_team_on(
            area=village.path,
            target_kind="village",
            target_id=village.path,
            role_set=role_set.code,
            name=village_name(village.name),
            by=request.actor,
            at=request.at,
        )
    messages.success(request, gettext("Put on {n} villages.").format(n=len(villages)))
    return redirect("serving")
