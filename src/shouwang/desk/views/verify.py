"""待核实 The to-verify list: values somebody must look into; the people are in the books meanwhile."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.paging import PAGE, cut, uuid_or_none
from shouwang.desk.words import COLUMNS, problem_words
from shouwang.journeys.settle_item import FIELDS, settle_item
from shouwang.kernel.masking import mask_id, mask_telephone
from shouwang.places.queries import spoken_names
from shouwang.screening.queries import verify_counts, verify_items


@page("verify.resolve")
def verify(request: DeskRequest) -> HttpResponse:
    """Open items by kind."""
    code = request.GET.get("code", "")
    rows = verify_items(
        request.sight,
        code=code or None,
        limit=PAGE + 1,
        after=uuid_or_none(request.GET.get("after", "")),
    )
    pages = cut(rows, lambda row: str(row.id))
    counts = sorted(verify_counts(request.sight).items(), key=lambda pair: -pair[1])
    context = {
        "rows": [
            (row, problem_words(row.code), COLUMNS.get(row.field, row.field), _shown(row.field, row.raw))
            for row in pages.rows
        ],
        "next": pages.next,
        "code": code,
        "writable": FIELDS,
        "today": request.today,
        "counts": [(c, problem_words(c), n) for c, n in counts],
        "total": sum(n for _, n in counts),
        "places": spoken_names(row.area for row in pages.rows),
    }
    return render(request, "desk/verify.html", context)


@act("verify.resolve")
def resolve(request: DeskRequest, item_id: UUID) -> HttpResponse:
    """Settle one item: right as it is, corrected, or cannot be known."""
    watched = settle_item(
        item_id=item_id,
        how=request.POST.get("how", ""),
        value=request.POST.get("value", ""),
        note=request.POST.get("note", ""),
        scope=request.scope,
        by=request.actor,
        at=request.at,
    )
    told = gettext("Settled.")
    if watched.reanchored:
        told = gettext("Settled. The observation is counted from the day now known.")
    elif watched.opened:
        told = gettext("Settled. An observation file was opened.")
    messages.success(request, told)
    answer = redirect("verify")
    code = request.POST.get("code", "")
    if code.replace("-", "").isalnum():
        answer["Location"] += f"?code={code}"
    return answer


def _shown(field: str, raw: str) -> str:
    """As it was written; numbers that name a person are masked on a list and opened on the person's page."""
    if field in {"id_no", "id"}:
        return mask_id(raw)
    return mask_telephone(raw) if field in {"phone", "telephone"} else raw
