"""到达 Arrivals: the list of who is to be met here, the posts, registering at a post by keys, meeting somebody."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.paging import PAGE, cut, uuid_or_none
from shouwang.desk.reaching import OUTCOMES, POSTS, moment_or_none
from shouwang.desk.refusals import sentence
from shouwang.journeys.arrive import arrive, meet_arrival
from shouwang.kernel.areas import TOWN_DIGITS, town_of
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.people.queries import search_people
from shouwang.places.queries import spoken_names, subtree
from shouwang.places.rules import village_name
from shouwang.screening.actions import NewArrival, NewPost, open_posts
from shouwang.screening.queries import (
    arrival,
    arrivals_through,
    arrivals_to_meet,
    post,
    posts,
    reach_of,
    to_meet_count,
)

KEPT = ("from_text", "plate", "area", "arrived_at")
"""What stays in the form for the next passenger of the same vehicle."""


@page("person.view")
def arrivals(request: DeskRequest) -> HttpResponse:
    """Who arrived here and is still to be met; the posts of the place."""
    area = request.GET.get("area", "")
    if area and not request.sight.sees(area):
        raise Refused("place-not-found")
    rows = arrivals_to_meet(
        request.sight, area=area or None, limit=PAGE + 1, after=request.GET.get("after", "")
    )
    pages = cut(rows, lambda row: row.cursor)
    local = datetime.combine(request.today, time.min, tzinfo=timezone.get_current_timezone())
    places = posts(request.sight, since=local, area=area or None, limit=200)
    count, late = to_meet_count(request.sight, request.at, area=area or None)
    context = {
        "rows": pages.rows,
        "next": pages.next,
        "count": count,
        "late": late,
        "posts": [(one, POSTS[one.kind]) for one in places],
        "kinds": POSTS,
        "area": area,
        "places": spoken_names([*(row.area for row in pages.rows), *(one.area for one in places), area]),
        "villages": _villages(request.sight),
        "may": request.scope.holds("reach.record"),
        "may_open": request.scope.holds("place.edit"),
        "now": request.at,
        "today": request.today,
    }
    return render(request, "desk/arrivals.html", context)


@act("place.edit")
def add_post(request: DeskRequest) -> HttpResponse:
    """Open a post."""
    area = request.POST.get("area", "")
    new = NewPost(area, request.POST.get("name", ""), request.POST.get("kind", ""))
    open_posts(posts=[new], area=area, scope=request.sight, by=request.actor, at=request.at)
    messages.success(request, gettext("The post is open."))
    return redirect("arrivals")


@page("reach.record", methods=("GET", "POST"))
def register(request: DeskRequest, post_id: UUID) -> HttpResponse:
    """Register people one after the other; vehicle, origin and time stay for the next passenger."""
    here = post(request.sight, post_id)
    told = ""
    if request.method == "POST":
        try:
            one = _read(request, post_id)
            arrive(arrivals=[one], scope=request.sight, by=request.actor, at=request.at)
            told_ok = gettext("{name} is registered and on the list of the place they go to.")
            messages.success(request, told_ok.format(name=one.name or one.plate))
            kept = urlencode({key: request.POST.get(key, "") for key in KEPT if _keeps(request, key)})
            address = reverse("arrival-register", kwargs={"post_id": post_id})
            return redirect(f"{address}?{kept}" if kept else address)
        except Refused as refused:
            told = sentence(refused)
    sent = request.POST if told else request.GET
    local = request.at.astimezone(timezone.get_current_timezone())
    through = arrivals_through(request.sight, post_id, limit=12)
    towns = _around(here.area)
    context = {
        "post": here,
        "kind": POSTS[here.kind],
        "told": told,
        "sent": {key: sent.get(key, "") for key in _FIELDS},
        "id": request.POST.get("id") or str(uuid7()),
        "when": sent.get("arrived_at") or f"{local:%Y-%m-%dT%H:%M}",
        "follows": bool(request.GET.get("plate") or request.GET.get("from_text")),
        "villages": towns,
        "through": through,
        "places": spoken_names([here.area, *(row.area for row in through)]),
    }
    return render(request, "desk/arrival_register.html", context, status=422 if told else 200)


@page("reach.record", methods=("GET", "POST"))
def meet(request: DeskRequest, arrival_id: UUID) -> HttpResponse:
    """Somebody who arrived was met: who of the books it is, or somebody new."""
    row = arrival(request.sight, arrival_id)
    told = ""
    if request.method == "POST":
        try:
            met = meet_arrival(
                arrival_id=arrival_id,
                person_id=uuid_or_none(request.POST.get("person", "")),
                area=request.POST.get("area", "") or row.area,
                address=request.POST.get("address", ""),
                scope=request.sight,
                by=request.actor,
                at=request.at,
            )
            words = gettext("The journey is recorded.")
            if met.opened:
                words += " " + gettext("An observation file was opened.")
            messages.success(request, words)
            return redirect("person", person_id=met.person_id)
        except Refused as refused:
            told = sentence(refused)
    looked_for = request.GET.get("who", row.name).strip()
    context = {
        "row": row,
        "told": told,
        "address": request.POST.get("address", row.address),
        "who": looked_for,
        "found": search_people(request.sight, looked_for, limit=10) if looked_for else [],
        "reach": reach_of(request.sight, arrival_id, "arrival"),
        "outcomes": {code: words for code, words in OUTCOMES["door"].items() if code != "met"},
        "places": spoken_names([row.area, row.post_area]),
        "villages": _villages(request.sight.narrowed(row.area)),
        "today": request.today,
        "now": request.at,
    }
    return render(request, "desk/arrival_meet.html", context, status=422 if told else 200)


_FIELDS = (
    "name",
    "telephone",
    "plate",
    "from_text",
    "area",
    "address",
    "temperature",
    "symptoms",
    "arrived_at",
)


def _keeps(request: DeskRequest, key: str) -> bool:
    return bool(request.POST.get(key)) and request.POST.get("again") == "yes"


def _read(request: DeskRequest, post_id: UUID) -> NewArrival:
    sent = request.POST
    when = moment_or_none(sent.get("arrived_at", ""), timezone.get_current_timezone())
    if when is None:
        raise Refused("arrival-unreadable", field="arrived_at")
    close = abs((when - request.at).total_seconds()) < 90
    return NewArrival(
        uuid_or_none(sent.get("id", "")) or uuid7(),
        post_id,
        sent.get("area", ""),
        min(when, request.at) if close else when,
        sent.get("name", "").strip(),
        sent.get("from_text", "").strip(),
        sent.get("telephone", "").strip(),
        sent.get("plate", "").strip(),
        sent.get("address", "").strip(),
        _deci(sent.get("temperature", "")),
        sent.get("symptoms", "").strip(),
        request.at - when > timedelta(hours=1),
    )


def _deci(text: str) -> int | None:
    plain = text.strip().translate(str.maketrans("０１２３４５６７８９．，,", "0123456789..."))
    if not plain:
        return None
    whole, dot, tenth = plain.partition(".")
    if not whole.isdecimal() or (dot and not tenth.isdecimal()):
        raise Refused("temperature-unreadable", value=text)
    if not dot and len(whole) == 3:
        return int(whole)
    return int(whole) * 10 + int(tenth[:1] or 0)


def _villages(scope: Scope) -> list[tuple[str, str]]:
    area = scope.areas[0] if scope.areas else ""
    if len(area) < TOWN_DIGITS:
        return []
    return [(place.path, village_name(place.name)) for place in subtree(scope, area, level="village")]


def _around(area: str) -> list[tuple[str, str]]:
    """Where people go from a post: the villages of its town. The list of places is nobody's secret."""
    everywhere = Scope.everything()
    return [(p.path, village_name(p.name)) for p in subtree(everywhere, town_of(area), level="village")]
