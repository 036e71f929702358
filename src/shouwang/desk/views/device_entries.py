"""外勤来件 From the field: what phones sent that somebody must look at, opened on request, decided one by one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.desk.devicewords import CODES, FLAGS, KEPT, VERDICTS, kind_words
from shouwang.desk.entrywords import content_words
from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.paging import PAGE, at_and_id, cut
from shouwang.desk.refusals import sentence
from shouwang.devices import actions, queries
from shouwang.devices.queries import KEPT_KINDS, KeptRow
from shouwang.journeys.field_commands import accept_command
from shouwang.journeys.field_entries import VIEW, fact_of, may_open, open_entry, who_did
from shouwang.kernel.errors import Refused
from shouwang.places.queries import spoken_names

MANAGE = "device.manage"


@page(MANAGE)
def listing(request: DeskRequest) -> HttpResponse:
    """What waits for a decision, newest first, by why it waits."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in KEPT_KINDS else ""
    after = at_and_id(request.GET.get("after", ""))
    found = queries.kept_commands(request.sight, request.at, kind=kind, after=after, limit=PAGE + 1)
    pages = cut(found, lambda row: f"{row.received_at.isoformat()}~{row.id}")
    counts = queries.kept_counts(request.sight, request.at)
    context = {
        "rows": [_told(row) for row in pages.rows],
        "next": pages.next,
        "kind": kind,
        "filters": [("", gettext("All"), sum(counts.values()))]
        + [(code, KEPT[code][0], counts.get(code, 0)) for code in KEPT_KINDS],
        "places": spoken_names([row.area for row in pages.rows]),
    }
    return render(request, "desk/device_entries.html", context)


@page(MANAGE)
def entry(request: DeskRequest, entry_id: UUID) -> HttpResponse:
    """One entry: why it waits, who did it when, and the ways to decide; what it says is opened on request."""
    return _page(request, queries.kept_entry(request.sight, entry_id))


@act(MANAGE)
def opened(request: DeskRequest, entry_id: UUID) -> HttpResponse:
    """What the entry says; that it was read stands in the journal."""
    _must_read(request)
    content = open_entry(
        entry_id=entry_id, sight=request.sight, scope=request.scope, by=request.actor, at=request.at
    )
    said = content_words(content) if content is not None else []
    return _page(request, queries.kept_entry(request.sight, entry_id), said=said, is_open=True)


@act(MANAGE)
def accept(request: DeskRequest, entry_id: UUID) -> HttpResponse:
    """Take it over: written once more, by one's own right."""
    _must_read(request)
    row = queries.kept_entry(request.sight, entry_id)
    try:
        accept_command(command_id=entry_id, scope=request.scope, by=request.actor, at=request.at)
    except Refused as refused:
        if refused.code in ("command-not-found", "not-permitted"):
            raise
        return _page(request, row, told=sentence(refused), status=422)
    messages.success(request, gettext("Taken over. The record bears the true time and who did it."))
    return redirect("device-entries")


@act(MANAGE)
def dismiss(request: DeskRequest, entry_id: UUID) -> HttpResponse:
    """Dismiss it with a reason; it stays to be read."""
    actions.dismiss_command(
        command_id=entry_id,
        reason=request.POST.get("reason", ""),
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("Dismissed. It stays to be read, and is off the list."))
    return redirect("device-entries")


@act(MANAGE)
def confirm(request: DeskRequest, entry_id: UUID) -> HttpResponse:
    """The date is right as it stands now."""
    actions.confirm_date(command_id=entry_id, scope=request.sight, by=request.actor, at=request.at)
    messages.success(request, gettext("The date is confirmed."))
    return redirect("device-entries")


def _must_read(request: DeskRequest) -> None:
    """Whoever may not read such things anywhere is told so before anything is looked for."""
    if not any(request.scope.holds(permission) for permission in VIEW.values()):
        raise Refused("not-permitted")


def _page(
    request: DeskRequest,
    row: KeptRow,
    *,
    told: str = "",
    said: list[tuple[str, str]] | None = None,
    is_open: bool = False,
    status: int = 200,
) -> HttpResponse:
    decision = queries.settled(request.sight, row.id)
    context: dict[str, Any] = {
        **_told(row),
        "doer": who_did(row),
        "fact": fact_of(request.scope, row),
        "may_open": may_open(request.scope, row),
        "is_open": is_open,
        "said": said,
        "told": told,
        "decision": decision,
        "verdict": VERDICTS.get(decision.verdict, decision.verdict) if decision else "",
        "places": spoken_names([row.area]),
        "today": request.today,
    }
    return render(request, "desk/device_entry.html", context, status=status)


def _told(row: KeptRow) -> dict[str, object]:
    """An entry in words."""
    title, colour, now = KEPT[row.kept]
    why = CODES.get(row.code) or (sentence(Refused(row.code)) if row.code else "")
    return {
        "row": row,
        "kept": title,
        "colour": colour,
        "now": now,
        "what": kind_words(row.kind),
        "why": why,
        "flags": [FLAGS[flag] for flag in row.effect.get("flags", ()) if flag in FLAGS],
        "moved": row.occurred_at is not None and abs((row.told_at - row.occurred_at).total_seconds()) > 60,
    }
