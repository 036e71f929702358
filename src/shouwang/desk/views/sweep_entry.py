"""补录 Back-entry of paper: one line a door, by keyboard alone. Each line bears the id of its visit from the
start, so that whatever is sent twice is one fact; without scripts the same form is sent by its button."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from shouwang.desk.gate import DeskRequest, page
from shouwang.desk.paging import cut, uuid_or_none
from shouwang.desk.refusals import sentence
from shouwang.desk.sweepwords import CARRIED, KEYS, VISITS
from shouwang.desk.views.sweep_doors import visited_at
from shouwang.journeys.sweep_round import record_doors
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.places.queries import spoken_names
from shouwang.screening.actions import NewVisit
from shouwang.screening.queries import DoorRow, coverage_by, sheet_doors
from shouwang.screening.queries import sweep as sweep_row
from shouwang.screening.rules import DOOR_OUTCOMES

ROWS = 200
FIELDS = ("v", "d", "o", "p", "t")
"""Of each line: visit, door, outcome key, people, note."""


@dataclass(slots=True)
class Line:
    """One line of the form as it was typed, and what became of it."""

    visit: str
    door: DoorRow
    key: str = ""
    people: str = ""
    note: str = ""
    told: str = ""
    is_saved: bool = False

    @property
    def standing(self) -> object:
        """How the door stands already; nothing for one nobody has visited."""
        return VISITS[self.door.outcome] if self.door.outcome else ""

    @property
    def carried(self) -> object:
        return CARRIED.get(self.door.carried, "")


@page("sweep.record", methods=("GET", "POST"))
def entry(request: DeskRequest, sweep_id: UUID) -> HttpResponse:
    """The grid of a place: its doors in the order of the paper."""
    view = request.scope.only("sweep.view")
    row = sweep_row(view, sweep_id)
    area = request.GET.get("area", "")
    if area and not (area.startswith(row.area) and request.sight.sees(area)):
        raise Refused("place-not-found")
    if not area:
        return _choose(request, sweep_id)
    missed = request.GET.get("only") == "missed"
    doors = sheet_doors(
        view, row.id, area=area, after=request.GET.get("after", ""), limit=ROWS + 1, missed=missed
    )
    pages = cut(doors, lambda one: one.cursor, ROWS)
    if request.method == "POST":
        told = _save(request, row.id)
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"rows": [{"id": v, "saved": ok, "told": say} for v, ok, say in told]})
        if all(ok for _, ok, _ in told):
            messages.success(request, gettext("{n} doors saved.").format(n=len(told)))
            return redirect(request.get_full_path())
        lines = _again(request.POST, pages.rows, {v: (ok, say) for v, ok, say in told})
    else:
        lines = [Line(str(uuid7()), one) for one in pages.rows]
    now = request.at.astimezone(timezone.get_current_timezone())
    context = {
        "row": row,
        "area": area,
        "missed": missed,
        "lines": lines,
        "next": pages.next,
        "keys": KEYS,
        "at_text": request.POST.get("at") or f"{now:%Y-%m-%dT%H:%M}",
        "visitor": request.POST.get("visitor", ""),
        "places": spoken_names([area, row.area]),
    }
    return render(request, "desk/sweep_entry.html", context, status=422 if request.method == "POST" else 200)


def _choose(request: DeskRequest, sweep_id: UUID) -> HttpResponse:
    """Which grid or village the paper is of."""
    view = request.scope.only("sweep.view")
    lines = coverage_by(view, sweep_id, after=request.GET.get("after", ""), limit=ROWS + 1)
    pages = cut(lines, lambda line: line.cursor, ROWS)
    context = {
        "row": sweep_row(view, sweep_id),
        "lines": pages.rows,
        "next": pages.next,
        "places": spoken_names([line.area for line in pages.rows]),
    }
    return render(request, "desk/sweep_entry_choose.html", context)


def _save(request: DeskRequest, sweep_id: UUID) -> list[tuple[str, bool, str]]:
    """Record every line with an outcome: (visit, is it stored, what is wrong) in the order sent."""
    sent = request.POST
    ready: list[NewVisit] = []
    told: dict[str, tuple[bool, str]] = {}
    for fields in _typed(sent):
        try:
            ready.append(_visit(fields, sent, request.at))
            told[fields[0]] = (True, "")
        except Refused as refused:
            told[fields[0]] = (False, sentence(refused))
    receipts = record_doors(
        sweep_id=sweep_id, visits=ready, scope=request.sight, by=request.actor, at=request.at
    )
    for receipt in receipts:
        if receipt.code:
            told[str(receipt.id)] = (False, sentence(Refused(receipt.code)))
    return [(visit, *what) for visit, what in told.items()]


def _typed(sent: QueryDict) -> list[tuple[str, str, str, str, str]]:
    """The lines in which an outcome was typed."""
    columns = [sent.getlist(name) for name in FIELDS]
    return [line for line in zip(*columns, strict=False) if line[2].strip()]


def _visit(fields: tuple[str, str, str, str, str], sent: QueryDict, at: datetime) -> NewVisit:
    visit, door, key, people, note = (text.strip() for text in fields)
    visit_id, door_id = uuid_or_none(visit), uuid_or_none(door)
    if visit_id is None or door_id is None:
        raise Refused("visit-unreadable", field="id")
    if not key.isdecimal() or not 1 <= int(key) <= len(DOOR_OUTCOMES):
        raise Refused("visit-outcome-unknown")
    outcome = DOOR_OUTCOMES[int(key) - 1]
    if outcome == "met" and not people.isdecimal():
        raise Refused("visit-unreadable", field=gettext("people"))
    return NewVisit(
        id=visit_id,
        door_id=door_id,
        visited_at=visited_at(sent.get("at", ""), at),
        outcome=outcome,
        people=int(people) if outcome == "met" else 0,
        visitor=sent.get("visitor", "").strip()[:60],
        note=note[:500],
    )


def _again(sent: QueryDict, doors: object, told: dict[str, tuple[bool, str]]) -> list[Line]:
    """The form as it was sent, with what is wrong beside each line."""
    by_door = {fields[1]: fields for fields in _typed(sent)}
    lines = []
    for one in doors:  # type: ignore[attr-defined]
        fields = by_door.get(str(one.id))
        if fields is None:
            lines.append(Line(str(uuid7()), one))
            continue
        saved, say = told.get(fields[0], (False, ""))
        lines.append(Line(fields[0], one, fields[2], fields[3], fields[4], say, saved))
    return lines
