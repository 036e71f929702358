"""门户 Doors of a round: those missed, one with its visits, a visit put right, a door found on no list."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.paging import PAGE, cut, uuid_or_none
from shouwang.desk.refusals import sentence
from shouwang.desk.sweepwords import CARRIED, KEYS, VISITS, Text
from shouwang.journeys.sweep_round import correct_door, record_doors
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.people.queries import PersonRow, household, people_by_ids
from shouwang.places.queries import spoken_names
from shouwang.screening.actions import NewFound, NewVisit, add_door
from shouwang.screening.queries import (
    DoorRow,
    VisitRow,
    found_at,
    households_behind,
    leaf_visits,
    missed_doors,
    owners_of,
    visits_of,
)
from shouwang.screening.queries import door as door_row
from shouwang.screening.queries import sweep as sweep_row
from shouwang.screening.queries import visit as visit_row
from shouwang.screening.rules import MISSED, WITHDRAWN
from shouwang.workforce.queries import Member

FOUND_ROWS = 2
"""Empty lines for people on no register; whoever finds more records the door once more."""


@page("sweep.view")
def missed(request: DeskRequest, sweep_id: UUID) -> HttpResponse:
    """Doors that told us nothing yet; by place and number, filtered by how they stand."""
    row = sweep_row(request.sight, sweep_id)
    area, kind = request.GET.get("area", ""), request.GET.get("only", "")
    if area and not (area.startswith(row.area) and request.sight.sees(area)):
        raise Refused("place-not-found")
    carried = request.GET.get("carried") == "yes"
    found = missed_doors(
        request.sight,
        sweep_id,
        area=area,
        outcome=kind,
        carried=carried,
        after=request.GET.get("after", ""),
        limit=PAGE + 1,
    )
    pages = cut(found, lambda one: one.cursor)
    leaves = {one.area for one in pages.rows}
    context = {
        "row": row,
        "rows": [(one, VISITS[one.outcome], CARRIED.get(one.carried, "")) for one in pages.rows],
        "next": pages.next,
        "kinds": [(code, VISITS[code]) for code in MISSED],
        "kind": kind,
        "carried": carried,
        "area": area,
        "owners": _owners(owners_of(request.sight, row, leaves)),
        "places": spoken_names([*leaves, row.area, area]),
    }
    return render(request, "desk/sweep_missed.html", context)


def _owners(found: dict[str, list[Member]]) -> dict[str, str]:
    return {leaf: "、".join(m.worker.name for m in team) for leaf, team in found.items()}


@page("sweep.view", methods=("GET", "POST"))
def door(request: DeskRequest, door_id: UUID) -> HttpResponse:
    """One door: how it stands, its visits, and the form for another one."""
    held = door_row(request.sight, door_id)
    told = ""
    if request.method == "POST":
        try:
            return _record(request, held)
        except Refused as refused:
            told = sentence(refused)
    return _form(request, held, told)


def _record(request: DeskRequest, held: DoorRow) -> HttpResponse:
    sight = request.scope.only("sweep.record")
    if not sight.allows("sweep.record", held.area):
        raise Refused("not-permitted", permission="sweep.record")
    item = _visit(request.POST, held.id, request.at)
    (receipt,) = record_doors(
        sweep_id=held.sweep_id, visits=[item], scope=sight, by=request.actor, at=request.at
    )
    if receipt.code:
        raise Refused(receipt.code)
    messages.success(request, gettext("Saved."))
    return redirect("sweep-door", door_id=held.id)


@page("sweep.record", methods=("GET", "POST"))
def correct(request: DeskRequest, visit_id: UUID) -> HttpResponse:
    """Put another telling in the place of a visit; the earlier one stays, struck through."""
    sight = request.scope.only("sweep.view")
    old = visit_row(sight, visit_id)
    held = door_row(sight, old.door_id)
    told = ""
    if request.method == "POST":
        try:
            correct_door(
                visit=old,
                sweep_id=held.sweep_id,
                item=_visit(request.POST, held.id, request.at),
                reason=request.POST.get("reason", ""),
                scope=request.sight,
                by=request.actor,
                at=request.at,
            )
            messages.success(request, gettext("Corrected. The earlier visit stays to be read."))
            return redirect("sweep-door", door_id=held.id)
        except Refused as refused:
            told = sentence(refused)
    return _form(request, held, told, old=old)


@act("sweep.record")
def add(request: DeskRequest, sweep_id: UUID) -> HttpResponse:
    """Put a door that stands on no list on the list of the round."""
    row = sweep_row(request.scope.only("sweep.view"), sweep_id)
    area = request.POST.get("area", "")
    if not leaf_visits(request.scope.only("sweep.view"), row.id, area=area or "-"):
        raise Refused("place-unknown", place=area)
    door_id, number = add_door(
        sweep_id=row.id,
        area=area,
        address=request.POST.get("address", "")[:120],
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("The door has number {n} on the list.").format(n=number))
    return redirect("sweep-door", door_id=door_id)


def _form(request: DeskRequest, held: DoorRow, told: str, old: VisitRow | None = None) -> HttpResponse:
    sent = request.POST
    row = sweep_row(request.scope.only("sweep.view"), held.sweep_id)
    view = request.scope.only("sweep.view")
    homes = [] if not request.scope.holds("person.view") else households_behind(view, held.id)
    people_sight = request.scope.only("person.view")
    members = [person for home in homes for person in household(people_sight, home).members]
    visits = visits_of(view, held.id)
    found = {one.person_id for one in found_at(view, held.id)}
    ticked = sent.getlist("named") or [str(person) for person in (old.named if old else ())]
    others = [one for one in (old.named if old else ()) if one not in {m.id for m in members}]
    members += people_by_ids(people_sight, others)
    context = {
        "row": row,
        "door": held,
        "standing": VISITS[held.outcome],
        "carried": CARRIED.get(held.carried, ""),
        "places": spoken_names([held.area, row.area]),
        "told": told,
        "old": old,
        "visit_id": sent.get("id") or str(uuid7()),
        "at_text": sent.get("at") or _clock(old.visited_at if old else request.at),
        "outcomes": _outcomes(sent.get("outcome") or (old.outcome if old else ""), old is not None),
        "people": sent.get("people", str(old.people) if old and old.people else ""),
        "members": [(person, str(person.id) in ticked, person.id in found) for person in members],
        "found_rows": range(FOUND_ROWS),
        "visitor": sent.get("visitor", old.visitor if old else ""),
        "note": sent.get("note", old.note if old else ""),
        "reason": sent.get("reason", ""),
        "visits": [(one, VISITS[one.outcome], _named(one, members)) for one in visits],
        "may_record": request.scope.allows("sweep.record", held.area),
        "today": request.today,
    }
    return render(request, "desk/sweep_door.html", context, status=422 if told else 200)


def _named(one: VisitRow, members: list[PersonRow]) -> str:
    known = {person.id: person.name for person in members}
    return "、".join(known[person] for person in one.named if person in known)


def _outcomes(chosen: str, correcting: bool) -> list[tuple[str, Text, bool]]:
    told: list[tuple[str, Text, bool]] = [(code, word, code == chosen) for _, code, word in KEYS]
    return [*told, (WITHDRAWN, VISITS[WITHDRAWN], chosen == WITHDRAWN)] if correcting else told


def _clock(at: datetime) -> str:
    return f"{at.astimezone(timezone.get_current_timezone()):%Y-%m-%dT%H:%M}"


def _visit(sent: QueryDict, door_id: UUID, at: datetime) -> NewVisit:
    """What was filled in. Refuses `visit-unreadable` where a field cannot be read."""
    visit_id = uuid_or_none(sent.get("id", ""))
    if visit_id is None:
        raise Refused("visit-unreadable", field="id")
    named = tuple(person for text in sent.getlist("named") if (person := uuid_or_none(text)))
    found = _found(sent)
    outcome = sent.get("outcome", "")
    if outcome != "met":
        named, found = (), ()
    return NewVisit(
        id=visit_id,
        door_id=door_id,
        visited_at=visited_at(sent.get("at", ""), at),
        outcome=outcome,
        people=_people(sent.get("people", ""), len(named) + len(found)) if outcome == "met" else 0,
        named=named,
        found=found,
        visitor=sent.get("visitor", "").strip()[:60],
        note=sent.get("note", "").strip()[:500],
    )


def _found(sent: QueryDict) -> tuple[NewFound, ...]:
    told = [
        NewFound(
            name=sent.get(f"found-name-{n}", "").strip()[:60],
            id_no=sent.get(f"found-id-{n}", "").strip()[:40],
            telephone=sent.get(f"found-phone-{n}", "").strip()[:40],
            note=sent.get(f"found-note-{n}", "").strip()[:200],
        )
        for n in range(FOUND_ROWS)
    ]
    return tuple(one for one in told if not one.is_empty())


def _people(text: str, least: int) -> int:
    plain = text.strip()
    if not plain:
        return least
    if not plain.isdecimal():
        raise Refused("visit-unreadable", field="people")
    return max(int(plain), least)


def visited_at(text: str, at: datetime) -> datetime:
    """The instant typed, in the zone of the page; the present minute is now, never the future."""
    try:
        typed = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused("visit-unreadable", field="at") from error
    local = typed if typed.tzinfo else typed.replace(tzinfo=timezone.get_current_timezone())
    return min(local, at) if abs((local - at).total_seconds()) < 60 else local
