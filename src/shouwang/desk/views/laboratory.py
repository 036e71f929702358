"""检测 Tests: what is to be taken, what waits for a result, results one by one or as the laboratory's list."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.labwords import CAUSES, LISTS, OUTCOMES, ROW_CODES, ROW_STATES, SPECIMENS, STATES
from shouwang.desk.packwords import alert_words, test_kinds, test_words
from shouwang.desk.paging import cut, uuid_or_none
from shouwang.desk.refusals import sentence
from shouwang.journeys.enter_results import enter_results, read_outcome
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import (
    ResultCommand,
    SampleCommand,
    TestReceipt,
    correct_result,
    record_results,
    record_sample,
    send_samples,
)
from shouwang.observation.queries import (
    FileRow,
    TestRow,
    files_by_ids,
    laboratory_by_ids,
    laboratory_count,
    laboratory_tests,
    open_duties,
)
from shouwang.people.queries import PersonRow, people_by_ids, person
from shouwang.places.queries import spoken_names
from shouwang.policy.queries import pack_of

BATCH = 60
"""Results entered on one page."""


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
        "rows": _told(request.sight, pages.rows),
        "next": pages.next,
        "area": area or "",
        "places": spoken_names([*(row.area for row in pages.rows), area or ""]),
        "today": request.today,
        "may_record": request.scope.holds("observation.record"),
        "now": _now(request),
    }
    return render(request, "desk/tests.html", context)


def _told(sight: Scope, rows: object) -> list[dict[str, object]]:
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
        "taken_at": request.POST.get("taken_at") or _now(request),
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
        id=_id(sent.get("id", "")),
        file_id=file.id,
        kind=sent.get("kind", ""),
        taken_at=_instant(sent.get("taken_at", ""), request),
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
        sent_at=_instant(request.POST.get("sent_at", ""), request),
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("{n} samples are recorded as sent.").format(n=count))
    return redirect("/tests/?what=awaited")


@page("observation.record", methods=("GET", "POST"))
def results(request: DeskRequest) -> HttpResponse:
    """Results by keyboard: one sign a tube, Enter goes to the next."""
    told = ""
    if request.method == "POST":
        try:
            receipts = record_results(
                items=_results(request),
                scope=request.sight,
                pack_of=pack_of,
                by=request.actor,
                at=request.at,
            )
            _tell(request, receipts)
            return redirect("tests-results")
        except Refused as refused:
            told = sentence(refused)
    rows = laboratory_tests(request.sight, "awaited", request.at, limit=BATCH)
    may = [row for row in rows if request.scope.allows("observation.record", row.area)]
    context = {
        "rows": [
            one
            | {
                "id": request.POST.get(f"id-{row.id}") or str(uuid7()),
                "written": request.POST.get(f"result-{row.id}", ""),
            }
            for one, row in zip(_told(request.sight, may), may, strict=True)
        ],
        "count": laboratory_count(request.sight, "awaited", request.at),
        "told": told,
        "lab": request.POST.get("lab", ""),
        "resulted_at": request.POST.get("resulted_at") or _now(request),
        "places": spoken_names(row.area for row in may),
        "today": request.today,
    }
    return render(request, "desk/test_results.html", context, status=422 if told else 200)


def _results(request: DeskRequest) -> list[ResultCommand]:
    """What was written, by tube. Refuses `outcome-missing`, `outcome-unreadable`."""
    sent = request.POST
    written = {
        found: text
        for name in sent
        if name.startswith("result-")
        and (text := sent.get(name, "").strip())
        and (found := uuid_or_none(name[7:]))
    }
    if not written:
        raise Refused("outcome-missing")
    known = laboratory_by_ids(request.sight, written)
    at = _instant(sent.get("resulted_at", ""), request)
    items = []
    for duty, text in written.items():
        outcome = read_outcome(text)
        label = known[duty].label if duty in known else ""
        if not outcome:
            raise Refused("outcome-unreadable", label=label)
        items.append(
            ResultCommand(_id(sent.get(f"id-{duty}", "")), duty, outcome, at, lab=sent.get("lab", "").strip())
        )
    return items


def _tell(request: DeskRequest, receipts: list[TestReceipt]) -> None:
    """What came of it; an alarm is said first."""
    alarms = [receipt for receipt in receipts if receipt.alerts]
    if alarms:
        rows = laboratory_by_ids(request.sight, [receipt.duty_id for receipt in alarms])
        what = "、".join(
            dict.fromkeys(
                alert_words(rows[one.duty_id].revision_id, code)
                for one in alarms
                if one.duty_id in rows
                for code in one.alerts
            )
        )
        told = gettext("Alarm: {what}. Ring the medic and the town now; it climbs if nobody answers.")
        messages.error(request, told.format(what=what))
    new = sum(receipt.status == "recorded" for receipt in receipts)
    messages.success(request, gettext("{n} results are recorded.").format(n=new))


@page("observation.record", methods=("GET", "POST"))
def from_file(request: DeskRequest) -> HttpResponse:
    """The laboratory's list as it was sent; every row is accounted for."""
    entered, told = None, ""
    upload = request.FILES.get("file")
    if request.method == "POST":
        try:
            if upload is None:
                raise Refused("import-file-missing")
            name = str(upload.name)
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / f"list{Path(name).suffix[:8]}"
                with path.open("wb") as kept:
                    kept.writelines(upload.chunks())
                entered = enter_results(
                    path=path,
                    file_name=name,
                    scope=request.sight,
                    by=request.actor,
                    at=request.at,
                    lab=request.POST.get("lab", "").strip(),
                )
        except Refused as refused:
            told = sentence(refused)
    context: dict[str, object] = {"told": told, "lab": request.POST.get("lab", ""), "entered": entered}
    if entered is not None:
        if entered.alerts:
            messages.error(
                request,
                gettext("{n} positive. Ring the medic and the town now.").format(n=entered.positives),
            )
        context["counts"] = [
            (title, entered.count(state), kind) for state, (title, kind) in ROW_STATES.items()
        ]
        context["rows"] = [
            (row, ROW_STATES[row.state], ROW_CODES.get(row.code, ""), OUTCOMES.get(row.outcome, row.outcome))
            for row in sorted(entered.rows, key=lambda row: row.state != "rejected")
        ]
    return render(request, "desk/test_file.html", context, status=422 if told else 200)


@act("observation.record")
def correct(request: DeskRequest, fact_id: UUID) -> HttpResponse:
    """Put another result in the place of one that was wrong; both stay."""
    sent = request.POST
    receipt = correct_result(
        fact_id=fact_id,
        item=ResultCommand(
            _id(sent.get("id", "")),
            fact_id,
            sent.get("outcome", ""),
            _instant(sent.get("resulted_at", ""), request),
        ),
        reason=sent.get("reason", ""),
        scope=request.sight,
        pack_of=pack_of,
        by=request.actor,
        at=request.at,
    )
    _tell(request, [receipt])
    row = laboratory_by_ids(request.sight, [receipt.duty_id])[receipt.duty_id]
    return redirect("person", person_id=row.person_id)


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


def _id(text: str) -> UUID:
    found = uuid_or_none(text)
    if found is None:
        raise Refused("test-unreadable", field="id")
    return found


def _instant(text: str, request: DeskRequest) -> datetime:
    """The instant typed, in the zone of the page; the present minute is now, never the future."""
    try:
        typed = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused("test-unreadable", field="time") from error
    local = typed if typed.tzinfo else typed.replace(tzinfo=timezone.get_current_timezone())
    return min(local, request.at) if abs((local - request.at).total_seconds()) < 90 else local


def _now(request: DeskRequest) -> str:
    return f"{request.at.astimezone(timezone.get_current_timezone()):%Y-%m-%dT%H:%M}"
