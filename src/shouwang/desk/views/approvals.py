"""二人批准 Requests that wait for a second person."""

from __future__ import annotations

import tempfile
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.accounts.queries import approvals
from shouwang.desk import requests
from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.refusals import sentence
from shouwang.desk.views.ledgers import spreadsheet
from shouwang.desk.words import reason_code_words
from shouwang.journeys.decide_request import decide_request
from shouwang.journeys.export_full import may_fetch, take_full_export
from shouwang.kernel.errors import Refused
from shouwang.ledgers.queries import approvals_taken
from shouwang.places.queries import spoken_names
from shouwang.policy.queries import revisions

DECIDED_SHOWN = 50


@page("approval.decide")
def waiting(request: DeskRequest) -> HttpResponse:
    """What waits, with what was frozen and how it stands now, and what was decided lately."""
    rows = approvals(request.sight, limit=200)
    told = requests.told(request.scope, rows, me=request.actor.id, at=request.at, today=request.today)
    waits = [one for one in told if one.row.state == "waiting" and not one.is_lapsed]
    proposed = revisions(request.sight, state="proposed")
    mine = [row.id for row in rows if may_fetch(row, request.actor, request.at)]
    ready = set(mine) - approvals_taken(mine) if mine else set()
    context = {
        "waiting": sorted(waits, key=lambda one: one.row.expires_at),
        "ready": [one for one in told if one.row.id in ready],
        "decided": [one for one in told if one not in waits][:DECIDED_SHOWN],
        "proposed": [row for row in proposed if request.scope.allows("pack.approve", row.area)],
        "places": spoken_names([*(row.area for row in rows), *(row.area for row in proposed)]),
        "today": request.today,
    }
    return render(request, "desk/approvals.html", context)


@act("approval.decide")
def decide(request: DeskRequest, approval_id: UUID) -> HttpResponse:
    """Decide as the second person; what was asked is then done at once, or never."""
    approve = request.POST.get("decision") == "approve"
    try:
        decide_request(
            approval_id=approval_id,
            approve=approve,
            note=request.POST.get("note", ""),
            scope=request.sight,
            by=request.actor,
            at=request.at,
        )
    except Refused as refused:
        if refused.code != "release-refused":
            raise
        codes = str(refused.params.get("reasons", "")).split(",")
        why = " ".join(dict.fromkeys(reason_code_words(code) for code in codes))
        messages.error(request, f"{sentence(refused)} {why}")
        return redirect("approvals")
    messages.success(request, gettext("Approved and done.") if approve else gettext("Refused, and noted."))
    return redirect("approvals")


@act("ledger.export-full")
def fetch(request: DeskRequest, approval_id: UUID) -> HttpResponse:
    """The file that a second person approved: once, for who asked for it."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "ledger.xlsx"
        take_full_export(
            approval_id=approval_id, scope=request.sight, out=out, by=request.actor, at=request.at
        )
        return spreadsheet(out.read_bytes(), f"{approval_id}.xlsx")
