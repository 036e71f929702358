"""送达 The list of papers: which still have to reach somebody; recording that they did; revoking, issuing anew."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.paging import PAGE, cut, uuid_or_none
from shouwang.desk.views.papers import pdf_answer
from shouwang.desk.words import PAPER_STATES, PAPERS, WAYS
from shouwang.journeys.door_notices import doors_by_village, print_village
from shouwang.journeys.paper_content import SUBJECT
from shouwang.journeys.serve_notice import issue_pledge, reissue, revoke
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.observation.queries import files_by_ids
from shouwang.outreach.actions import MOST_PAPERS as MOST
from shouwang.outreach.actions import record_served
from shouwang.outreach.queries import (
    SERVED_KINDS,
    paper,
    paper_page,
    paper_tally,
    served_records,
    token_of,
)
from shouwang.outreach.rules import PaperKind
from shouwang.places.queries import place_by_path, spoken_names

STATES = ("unserved", "served", "revoked", "all")
AGAIN = frozenset({PaperKind.NOTICE, PaperKind.PLEDGE})
"""Papers that are issued anew from their own page."""


@page("paper.issue")
def papers(request: DeskRequest) -> HttpResponse:
    """Papers in sight; first those that nobody has been handed yet."""
    state, kind, area = request.GET.get("state", "unserved"), request.GET.get("kind", ""), _area(request)
    if state not in STATES:
        state = "unserved"
    rows = paper_page(
        request.sight,
        state=state,
        kind=kind,
        area=area,
        after=request.GET.get("after", ""),
        limit=PAGE + 1,
    )
    pages = cut(rows, lambda row: row.cursor)
    number, capped = paper_tally(request.sight, state=state, kind=kind, area=area)
    context = {
        "rows": [
            (row, PAPERS.get(row.paper.kind, row.paper.kind), WAYS.get(row.how, "")) for row in pages.rows
        ],
        "next": pages.next,
        "number": number,
        "capped": capped,
        "state": state,
        "kind": kind,
        "area": area,
        "states": [(code, PAPER_STATES[code]) for code in STATES],
        "kinds": [(str(code), PAPERS[code]) for code in SERVED_KINDS],
        "places": spoken_names([*(row.paper.area for row in pages.rows), area]),
        "may_template": request.scope.holds("paper.template"),
        "today": request.today,
    }
    return render(request, "desk/papers.html", context)


@page("paper.issue")
def one(request: DeskRequest, paper_id: UUID) -> HttpResponse:
    """One paper: what it is, how it reached the person, and what can be done with it."""
    held = paper(request.sight, paper_id)
    files = files_by_ids(request.sight, [held.subject_id]) if held.subject_kind == SUBJECT else {}
    file = files.get(held.subject_id)
    now = request.at.astimezone(timezone.get_current_timezone())
    context = {
        "paper": held,
        "title": PAPERS.get(held.kind, held.kind),
        "file": file,
        "records": [(row, WAYS.get(row.how, row.how)) for row in served_records(request.sight, paper_id)],
        "ways": WAYS,
        "token": token_of(request.sight, paper_id),
        "record_id": str(uuid7()),
        "served_at": f"{now:%Y-%m-%dT%H:%M}",
        "may_again": held.kind in AGAIN and file is not None and file.state == "open",
        "places": spoken_names([held.area]),
        "today": request.today,
    }
    return render(request, "desk/paper.html", context)


@act("paper.issue")
def serve(request: DeskRequest, paper_id: UUID) -> HttpResponse:
    """Record how a paper reached the person; sent twice it is one record."""
    held = paper(request.sight, paper_id)
    sent = request.POST
    record_id = uuid_or_none(sent.get("id", ""))
    if record_id is None:
        raise Refused("check-unreadable", field="id")
    record_served(
        record_id=record_id,
        paper_id=held.id,
        how=sent.get("how", ""),
        served_at=_served_at(sent.get("served_at", ""), request.at),
        received_by=sent.get("received_by", "").strip()[:80],
        note=sent.get("note", "").strip()[:300],
        corrects=uuid_or_none(sent.get("corrects", "")),
        reason=sent.get("reason", "").strip()[:300],
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("It is recorded how the paper reached the person."))
    if sent.get("back") == "list":
        return redirect("papers")
    return redirect("paper", paper_id=paper_id)


@act("paper.issue")
def take_back(request: DeskRequest, paper_id: UUID) -> HttpResponse:
    """Revoke a paper; its QR says so from now on."""
    revoke(
        paper_id=paper_id,
        scope=request.sight,
        reason=request.POST.get("reason", "").strip(),
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("The paper is revoked; its QR says so from now on."))
    return redirect("paper", paper_id=paper_id)


@act("paper.issue")
def again(request: DeskRequest, paper_id: UUID) -> HttpResponse:
    """Revoke a notice or pledge and issue it as things stand now."""
    made = reissue(
        paper_id=paper_id,
        scope=request.sight,
        reason=request.POST.get("reason", "").strip(),
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("Issued anew; print it and have it signed for."))
    return redirect("paper", paper_id=made)


@act("paper.issue")
def pledge(request: DeskRequest, file_id: UUID) -> HttpResponse:
    """Issue the pledge form of an open file's household."""
    made = issue_pledge(file_id=file_id, scope=request.sight, by=request.actor, at=request.at)
    messages.success(request, gettext("The pledge form is issued; print it for the household to sign."))
    return redirect("paper", paper_id=made)


@page("paper.issue", methods=("GET", "POST"))
def doors(request: DeskRequest) -> HttpResponse:
    """Notices for the doors of a whole village in one PDF."""
    if request.method == "POST":
        area = request.POST.get("area", "")
        if not request.sight.sees(area) or place_by_path(request.sight, area) is None:
            raise Refused("place-not-found")
        made = print_village(request.sight, area, by=request.actor, at=request.at)
        answer = pdf_answer(made.pdf, gettext("Notices for doors"))
        answer["X-Pages"] = str(len(made.papers))
        return answer
    counts = doors_by_village(request.sight)
    known = spoken_names(counts)
    rows = sorted((area, known.get(area, area), count) for area, count in counts.items())
    context = {"rows": rows, "total": sum(counts.values()), "most": MOST}
    return render(request, "desk/doors.html", context)


def _area(request: DeskRequest) -> str:
    area = request.GET.get("area", "")
    if area and not request.sight.sees(area):
        raise Refused("place-not-found")
    return area


def _served_at(text: str, at: datetime) -> datetime:
    """The instant typed, in the zone of the page. Refuses `check-unreadable`, `taken-in-future`."""
    try:
        typed = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused("check-unreadable", field="served_at") from error
    local = typed if typed.tzinfo else typed.replace(tzinfo=timezone.get_current_timezone())
    if local > at + timedelta(minutes=2):
        raise Refused("served-in-future")
    return min(local, at)
