"""交接、出院 People who cross: into a site, home from it, to a hospital, and out of one."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.labwords import REQUESTS
from shouwang.desk.paging import uuid_or_none
from shouwang.desk.refusals import sentence
from shouwang.desk.words import STATES, reason_code_words
from shouwang.journeys.admit_convalescent import admit_convalescent
from shouwang.journeys.bring_home import SITE, ask_home, receive_home, settle_in_site
from shouwang.journeys.send_on import send_on
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import DischargeCommand, reject_hand_over
from shouwang.observation.queries import FileRow, RequestRow, discharges_of, files_by_ids, hand_over_requests
from shouwang.people.queries import people_by_ids, person
from shouwang.places.queries import spoken_names
from shouwang.workforce.queries import targets_with_team


@page("observation.view")
def listed(request: DeskRequest) -> HttpResponse:
    """What waits for our answer, what waits for theirs, and what became of whom we sent."""
    waiting = hand_over_requests(request.sight, waiting=True)
    answered = hand_over_requests(request.sight, waiting=False, limit=50)
    everyone = Scope.everything()  # names only: either side knows whom the request is about
    people = {p.id: p for p in people_by_ids(everyone, [row.person_id for row in (*waiting, *answered)])}

    def told(row: RequestRow) -> dict[str, object]:
        who = people.get(row.person_id)
        return {
            "row": row,
            "name": who.name if who else "",
            "born": who.birth_date if who else None,
            "state": REQUESTS[row.state],
            "file_state": STATES.get(row.file_state, row.file_state),
            "may_open": request.scope.allows("person.view", who.area) if who else False,
            "may_answer": row.is_mine and request.scope.allows("observation.manage", row.area),
        }

    context = {
        "mine": [told(row) for row in waiting if row.is_mine],
        "theirs": [told(row) for row in waiting if not row.is_mine],
        "answered": [told(row) for row in answered],
        "places": spoken_names([p for row in (*waiting, *answered) for p in (row.area, row.from_area)]),
        "today": request.today,
    }
    return render(request, "desk/hand_overs.html", context)


@act("observation.manage")
def answer(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """Receive the person, or say why not."""
    try:
        if request.POST.get("decision") == "accept":
            receive_home(request_id=request_id, scope=request.sight, by=request.actor, at=request.at)
            messages.success(request, gettext("Received: the home team answers from now on."))
        else:
            reject_hand_over(
                request_id=request_id,
                note=request.POST.get("note", ""),
                scope=request.sight,
                by=request.actor,
                at=request.at,
            )
            messages.success(request, gettext("Rejected, and noted; the person stays at the site."))
    except Refused as refused:
        _say(request, refused)
    return redirect("hand-overs")


@act("observation.manage")
def ask(request: DeskRequest, file_id: UUID) -> HttpResponse:
    """Ask the home team to receive somebody whose stage at the site is over."""
    file = _file(request, file_id)
    try:
        ask_home(
            file_id=file.id,
            reason=request.POST.get("reason", ""),
            scope=request.sight,
            by=request.actor,
            at=request.at,
        )
        messages.success(request, gettext("Asked. Until they accept, the site answers."))
    except Refused as refused:
        _say(request, refused)
    return redirect("person", person_id=file.person_id)


@act("observation.manage")
def settle(request: DeskRequest, file_id: UUID) -> HttpResponse:
    """Take somebody to a site."""
    file = _file(request, file_id)
    settle_in_site(
        file_ids=[file.id],
        site=request.POST.get("site", ""),
        reason=request.POST.get("reason", ""),
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("At the site: its head answers from now on."))
    return redirect("person", person_id=file.person_id)


@act("observation.manage")
def send(request: DeskRequest, file_id: UUID) -> HttpResponse:
    """The person was found and goes to hospital; the watch ends, or goes on under another protocol."""
    file = _file(request, file_id)
    again = send_on(
        file_id=file.id,
        event=request.POST.get("event", ""),
        to=request.POST.get("to", ""),
        reason=request.POST.get("reason", ""),
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    said = (
        gettext("Moved on; reopened under its own code.") if again else gettext("Moved on. The watch ended.")
    )
    messages.success(request, said)
    return redirect("person", person_id=file.person_id)


@page("observation.manage", methods=("GET", "POST"))
def discharge(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Somebody left hospital as cured: the form, and the convalescence that begins with it."""
    who = person(request.sight, person_id)
    told, sent = "", request.POST
    if request.method == "POST":
        try:
            admit_convalescent(
                item=DischargeCommand(
                    id=_id(sent.get("id", "")),
                    person_id=who.id,
                    hospital=sent.get("hospital", ""),
                    discharged_on=_day(sent.get("day", "")),
                    document=sent.get("document", ""),
                ),
                scope=request.sight,
                by=request.actor,
                at=request.at,
                site=sent.get("site", ""),
            )
            messages.success(request, gettext("Recorded. The convalescence is watched over from that day."))
            return redirect("person", person_id=who.id)
        except Refused as refused:
            told = sentence(refused)
    context = {
        "person": who,
        "places": spoken_names([who.area]),
        "told": told,
        "fact_id": sent.get("id") or str(uuid7()),
        "hospital": sent.get("hospital", ""),
        "day": sent.get("day", ""),
        "document": sent.get("document", ""),
        "sites": sites(request),
        "site": sent.get("site", ""),
        "before": discharges_of(request.sight, [who.id]).get(who.id, []),
        "today": request.today,
    }
    return render(request, "desk/discharge.html", context, status=422 if told else 200)


def sites(request: DeskRequest) -> list[tuple[str, str]]:
    """Sites where this person may manage files: path and name. A team put on a mere name is no place to be."""
    paths = [
        p for p in targets_with_team(request.scope, SITE) if request.scope.allows("observation.manage", p)
    ]
    known = spoken_names(paths)
    return [(path, known[path]) for path in paths if path in known]


def _say(request: DeskRequest, refused: Refused) -> None:
    """A refusal of the rule, with its reasons, as a message; any other is raised again."""
    if refused.code != "stage-refused":
        raise refused
    codes = [code for code in str(refused.params.get("reasons", "")).split(",") if code != "leaf"]
    why = " ".join(dict.fromkeys(reason_code_words(code) for code in codes))
    messages.error(request, f"{sentence(refused)} {why}")


def _file(request: DeskRequest, file_id: UUID) -> FileRow:
    file = files_by_ids(request.sight, [file_id]).get(file_id)
    if file is None:
        raise Refused("file-not-found")
    return file


def _id(text: str) -> UUID:
    found = uuid_or_none(text)
    if found is None:
        raise Refused("test-unreadable", field="id")
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused("discharge-unreadable") from error
