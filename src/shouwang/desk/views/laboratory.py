"""检测 Tests: what is to be taken, what waits for a result, a sample taken and sent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.labwords import CAUSES, LISTS, OUTCOMES, SPECIMENS, STATES
from shouwang.desk.packwords import test_kinds, test_words
from shouwang.desk.paging import cut, uuid_or_none
from shouwang.desk.refusals import sentence
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import (
    SampleCommand,
    record_sample,
    send_samples,
)
from shouwang.observation.queries import (
    FileRow,
    TestRow,
    files_by_ids,
    laboratory_count,
    laboratory_tests,
    open_duties,
)
from shouwang.people.queries import PersonRow, people_by_ids, person
from shouwang.places.queries import spoken_names
from shouwang.policy.queries import pack_of


@page("observation.view")
def listed(request: DeskRequest) -> HttpResponse:
    """One of four lists, with how many stand in each."""
    what = request.GET.get("what", "due")
    what = what if what in LISTS else "due"
    area = _area(request)
    rows = laboratory_tests(
        request.sight, what, request.at, area=area, limit=51, after=request.GET.get("after", "")
    )
    pages = cut(rows, lambda row: row.cursor)
    context = {
        "what": what,
        "title": LISTS[what],
        "lists": [
            (code, title, laboratory_count(request.sight, code, request.at, area=area))
            for code, title in LISTS.items()
        ],
        "rows": told_tests(request.sight, pages.rows),
        "next": pages.next,
        "area": area or "",
        "places": spoken_names([*(row.area for row in pages.rows), area or ""]),
        "today": request.today,
        "may_record": request.scope.holds("observation.record"),
        "now": now_text(request),
    }
    return render(request, "desk/tests.html", context)


def told_tests(sight: Scope, rows: object) -> list[dict[str, object]]:
    """Tests as the lists show them, each with its person."""
    tests: list[TestRow] = list(rows)  # type: ignore[call-overload]
    people = {p.id: p for p in people_by_ids(sight, [row.person_id for row in tests])}
    return [told_test(row, people.get(row.person_id)) for row in tests]


def told_test(row: TestRow, who: PersonRow | None = None) -> dict[str, object]:
    """A test in words."""
    return {
        "test": row,
        "person": who,
        "kind": test_words(pack_of(row.revision_id), row.protocol, row.kind),
        "cause": CAUSES.get(row.cause, ""),
        "state": STATES.get(row.state, (row.state, "")),
        "outcome": OUTCOMES.get(row.outcome, ""),
    }


@page("observation.record", methods=("GET", "POST"))
def sample(request: DeskRequest, file_id: UUID) -> HttpResponse:
    """The form of one sample."""
    file = _file(request, file_id)
    told = ""
    if request.method == "POST":
        try:
            record_sample(
                item=_sample(request, file),
                scope=request.sight,
                pack_of=pack_of,
                by=request.actor,
                at=request.at,
            )
            messages.success(request, gettext("The sample is recorded."))
            if request.POST.get("back") == "tests":
                return redirect("tests")
            return redirect("person", person_id=file.person_id)
        except Refused as refused:
            told = sentence(refused)
    pack = pack_of(file.revision_id)
    owed = open_duties(request.sight, [file.id]).get(file.id, [])
    kinds = test_kinds(pack, file.protocol)
    chosen = request.POST.get("kind") or (owed[0].kind if owed else next(iter(kinds), ""))
    context = {
        "file": file,
        "person": person(request.sight, file.person_id),
        "places": spoken_names([file.area]),
        "told": told,
        "kinds": [(code, title, code == chosen) for code, title in kinds.items()],
        "specimens": [
            (code, title, code == (request.POST.get("specimen") or "throat"))
            for code, title in SPECIMENS.items()
        ],
        "owed": [told_test(row) for row in owed],
        "fact_id": request.POST.get("id") or str(uuid7()),
        "taken_at": request.POST.get("taken_at") or now_text(request),
        "label": request.POST.get("label", ""),
        "back": request.GET.get("back", request.POST.get("back", "")),
        "day_no": (request.today - file.day_zero).days,
        "last_day_no": (file.last_day - file.day_zero).days,
        "today": request.today,
    }
    return render(request, "desk/sample.html", context, status=422 if told else 200)


def _sample(request: DeskRequest, file: FileRow) -> SampleCommand:
    sent = request.POST
    return SampleCommand(
        id=typed_id(sent.get("id", "")),
        file_id=file.id,
        kind=sent.get("kind", ""),
        taken_at=typed_instant(sent.get("taken_at", ""), request),
        label=sent.get("label", "").strip(),
        specimen=sent.get("specimen", "throat"),
    )


@act("observation.record")
def send(request: DeskRequest) -> HttpResponse:
    """The samples ticked went to a laboratory together."""
    ids = [found for text in request.POST.getlist("test") if (found := uuid_or_none(text))]
    if not ids:
        raise Refused("test-not-found")
    count = send_samples(
        duty_ids=ids,
        lab=request.POST.get("lab", ""),
        sent_at=typed_instant(request.POST.get("sent_at", ""), request),
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("{n} samples are recorded as sent.").format(n=count))
    return redirect("/tests/?what=awaited")


def _area(request: DeskRequest) -> str | None:
    area = request.GET.get("area", "")
    if area and not request.sight.sees(area):
        raise Refused("place-not-found")
    return area or None


def _file(request: DeskRequest, file_id: UUID) -> FileRow:
    file = files_by_ids(request.sight, [file_id]).get(file_id)
    if file is None:
        raise Refused("file-not-found")
    return file


def typed_id(text: str) -> UUID:
    """The id a form bears. Refuses `test-unreadable`."""
    found = uuid_or_none(text)
    if found is None:
        raise Refused("test-unreadable", field="id")
    return found


def typed_instant(text: str, request: DeskRequest) -> datetime:
    """The instant typed, in the zone of the page; the present minute is now, never the future."""
    try:
        typed = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused("test-unreadable", field="time") from error
    local = typed if typed.tzinfo else typed.replace(tzinfo=timezone.get_current_timezone())
    return min(local, request.at) if abs((local - request.at).total_seconds()) < 90 else local


def now_text(request: DeskRequest) -> str:
    """The present minute as a field of a form holds it."""
    return f"{request.at.astimezone(timezone.get_current_timezone()):%Y-%m-%dT%H:%M}"
