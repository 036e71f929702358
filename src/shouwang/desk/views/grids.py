"""网格 Dividing villages into grids: which doors are in which, by group, by numbers, by ticking."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.gridwords import KINDS
from shouwang.desk.paging import PAGE, cut, uuid_or_none
from shouwang.journeys.divide_village import (
    Divided,
    add_below,
    divide_by_choice,
    divide_by_doors,
    make_doors,
    rename_below,
    village_in,
)
from shouwang.kernel.areas import town_of
from shouwang.kernel.errors import Refused
from shouwang.people.queries import heads_behind, without_door
from shouwang.places.queries import (
    GroupCount,
    PlaceRow,
    door_page,
    group_counts,
    places_at,
    spoken_names,
    subtree,
    village_doors,
)
from shouwang.places.rules import DoorChoice, village_name
from shouwang.screening.queries import open_sweep
from shouwang.workforce.queries import teams_of

EDIT = "place.edit"


@page(EDIT)
def villages(request: DeskRequest) -> HttpResponse:
    """Villages whose places this person edits: how many grids, how many doors, how many in none."""
    area = _area(request)
    found = places_at(
        request.sight, level="village", area=area, after=request.GET.get("after", ""), limit=PAGE + 1
    )
    pages = cut(found, lambda row: row.path)
    paths = [row.path for row in pages.rows]
    doors = village_doors(request.sight, paths)
    context = {
        "rows": [(row, *doors.get(row.path, (0, 0, 0))) for row in pages.rows],
        "next": pages.next,
        "area": area,
        "places": spoken_names([area, *(town_of(path) for path in paths)]),
        "sees_rounds": request.scope.holds("sweep.view"),
    }
    return render(request, "desk/grids.html", context)


@page(EDIT)
def village(request: DeskRequest, path: str) -> HttpResponse:
    """One village: its grids with who answers there, its groups, and its doors to tick."""
    home = village_in(request.scope, path)
    below = [place for place in subtree(request.sight, home.path) if place.path != home.path]
    counted = group_counts(request.sight, home.path)
    where, group = _chosen(request, home, below, counted)
    found = door_page(
        request.sight,
        home.path,
        area=where,
        group=group,
        after=request.GET.get("after", ""),
        limit=PAGE + 1,
    )
    pages = cut(found, lambda door: door.cursor)
    people = heads_behind(request.scope.only("person.view"), [door.id for door in pages.rows])
    told, silent = without_door(request.sight, home.path)
    sweep = open_sweep(request.scope, home.path)
    known = {place.path: village_name(place.name) for place in below}
    context = {
        "village": home,
        "grids": _grids(request, home, below, counted),
        "groups": _groups(counted, home.path),
        "targets": [(place.path, _full(place, known, home)) for place in below],
        "kinds": KINDS,
        "rows": [(door, known.get(door.area, ""), *people.get(door.id, ("", 0))) for door in pages.rows],
        "next": pages.next,
        "where": where,
        "group": group,
        "doors": sum(one.doors for one in counted),
        "loose": sum(one.doors for one in counted if one.area == home.path),
        "told": told,
        "silent": silent,
        "sweep": sweep,
        "town": spoken_names([town_of(home.path)]).get(town_of(home.path), ""),
    }
    return render(request, "desk/grid_village.html", context)


def _chosen(
    request: DeskRequest, home: PlaceRow, below: list[PlaceRow], counted: list[GroupCount]
) -> tuple[str, str | None]:
    """The place and the group that the list of doors is narrowed to, as far as they are of this village."""
    where = request.GET.get("in", "")
    group = request.GET.get("group")
    return (
        where if where in {home.path, *(place.path for place in below)} else "",
        group if group in {one.group for one in counted} else None,
    )


def _grids(
    request: DeskRequest, home: PlaceRow, below: list[PlaceRow], counted: list[GroupCount]
) -> list[tuple[PlaceRow, str, int, str]]:
    """(place, its full name, doors, who answers there), the village itself for what is in none left out."""
    doors: dict[str, int] = {}
    for one in counted:
        doors[one.area] = doors.get(one.area, 0) + one.doors
    teams = teams_of(request.scope.only("team.view"), "place", [place.path for place in below])
    known = {place.path: village_name(place.name) for place in below}
    return [
        (
            place,
            _full(place, known, home),
            doors.get(place.path, 0),
            "、".join(dict.fromkeys(member.worker.name for member in teams.get(place.path, []))),
        )
        for place in below
    ]


def _full(place: PlaceRow, known: dict[str, str], home: PlaceRow) -> str:
    """A place with the places of the village around it: 第一网格 幸福小区."""
    return " ".join(known[path] for path in known if place.path.startswith(path) and path != home.path)


def _groups(counted: list[GroupCount], village: str) -> list[tuple[str, int, int]]:
    """(group, doors, of them in no grid) in the order of the groups."""
    found: dict[str, tuple[int, int]] = {}
    for one in counted:
        doors, loose = found.get(one.group, (0, 0))
        found[one.group] = (doors + one.doors, loose + (one.doors if one.area == village else 0))
    return [(group, *numbers) for group, numbers in found.items()]


@act(EDIT)
def add(request: DeskRequest, path: str) -> HttpResponse:
    """Add a grid, a compound or a building."""
    sent = request.POST
    new = add_below(
        village=path,
        parent=sent.get("parent", ""),
        name=sent.get("name", ""),
        kind=sent.get("kind", "grid"),
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("Added. Now put doors into it."))
    return redirect(f"{reverse('grid-village', kwargs={'path': path})}?into={new}")


@act(EDIT)
def rename(request: DeskRequest, path: str) -> HttpResponse:
    """Call a grid another name."""
    rename_below(
        village=path,
        path=request.POST.get("place", ""),
        name=request.POST.get("name", ""),
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("The place has its new name."))
    return redirect("grid-village", path=path)


@act(EDIT)
def make(request: DeskRequest, path: str) -> HttpResponse:
    """Put addresses of households that no door holds on the list of doors."""
    made = make_doors(village=path, scope=request.sight, by=request.actor, at=request.at)
    told = ngettext("{n} household has its door now.", "{n} households have their door now.", made)
    messages.success(request, told.format(n=made))
    return redirect("grid-village", path=path)


@act(EDIT)
def by_choice(request: DeskRequest, path: str) -> HttpResponse:
    """Put the doors of a group, or a range of numbers, into a grid."""
    sent = request.POST
    group = sent.get("group", "*")
    choice = DoorChoice(
        None if group == "*" else group, _number(sent.get("first")), _number(sent.get("last"))
    )
    done = divide_by_choice(
        village=path,
        to=sent.get("into", ""),
        choice=choice,
        loose_only=sent.get("loose") == "yes",
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    return _told(request, path, sent.get("into", ""), done)


@act(EDIT)
def by_doors(request: DeskRequest, path: str) -> HttpResponse:
    """Put the doors that were ticked into a grid."""
    ticked: list[UUID] = [door for text in request.POST.getlist("door") if (door := uuid_or_none(text))]
    into = request.POST.get("into", "")
    done = divide_by_doors(
        village=path, to=into, doors=ticked, scope=request.sight, by=request.actor, at=request.at
    )
    return _told(request, path, into, done)


def _told(request: DeskRequest, path: str, into: str, done: Divided) -> HttpResponse:
    if not done.doors:
        messages.success(request, gettext("Nothing to do: these doors are there already."))
    else:
        told = gettext(
            "{doors} doors moved, with {households} households, {people} people and {files} open files."
        )
        messages.success(
            request,
            told.format(doors=done.doors, households=done.households, people=done.people, files=done.files),
        )
    return redirect(f"{reverse('grid-village', kwargs={'path': path})}?into={into}")


def _number(text: str | None) -> int | None:
    return int(text) if text and text.strip().isdigit() else None


def _area(request: DeskRequest) -> str:
    area = request.GET.get("area", "")
    if area and not request.sight.sees(area):
        raise Refused("place-not-found")
    return area
