"""检测结果 Results of tests: one by one by keyboard, as the laboratory's list, put right."""

from __future__ import annotations

import tempfile
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.labwords import OUTCOMES, ROW_CODES, ROW_STATES
from shouwang.desk.packwords import alert_words
from shouwang.desk.paging import uuid_or_none
from shouwang.desk.refusals import sentence
from shouwang.desk.views.laboratory import now_text, told_tests, typed_id, typed_instant
from shouwang.journeys.enter_results import enter_results, read_outcome
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.observation.actions import (
    ResultCommand,
    TestReceipt,
    correct_result,
    record_results,
)
from shouwang.observation.queries import (
    laboratory_by_ids,
    laboratory_count,
    laboratory_tests,
)
from shouwang.places.queries import spoken_names
from shouwang.policy.queries import pack_of

BATCH = 60
"""Results entered on one page."""


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
            for one, row in zip(told_tests(request.sight, may), may, strict=True)
        ],
        "count": laboratory_count(request.sight, "awaited", request.at),
        "told": told,
        "lab": request.POST.get("lab", ""),
        "resulted_at": request.POST.get("resulted_at") or now_text(request),
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
    at = typed_instant(sent.get("resulted_at", ""), request)
    items = []
    for duty, text in written.items():
        outcome = read_outcome(text)
        label = known[duty].label if duty in known else ""
        if not outcome:
            raise Refused("outcome-unreadable", label=label)
        items.append(
            ResultCommand(
                typed_id(sent.get(f"id-{duty}", "")), duty, outcome, at, lab=sent.get("lab", "").strip()
            )
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
            typed_id(sent.get("id", "")),
            fact_id,
            sent.get("outcome", ""),
            typed_instant(sent.get("resulted_at", ""), request),
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
