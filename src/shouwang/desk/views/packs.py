"""方案 Packs: read as a regulation, compared, previewed on the town's own people, approved by a second person."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.classification.queries import preview
from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.packwords import category_titles, language
from shouwang.desk.paging import uuid_or_none
from shouwang.journeys.adopt_pack import adopt_pack
from shouwang.kernel.errors import Refused
from shouwang.packs.words import diff, regulation
from shouwang.places.queries import spoken_names
from shouwang.policy.actions import propose_revision
from shouwang.policy.queries import RevisionRow, pack_of, revision, revision_in_force, revisions

LARGEST = 1024 * 1024
"""A pack is text of some ten kilobytes."""


@page("pack.view")
def packs(request: DeskRequest) -> HttpResponse:
    """What is in force here, what was, what waits for a second person."""
    rows = revisions(request.sight)
    context = {
        "rows": [(row, pack_of(row.id).title.text(language()), _state(row)) for row in rows],
        "places": spoken_names(row.area for row in rows),
        "may_propose": request.scope.holds("pack.propose"),
    }
    return render(request, "desk/packs.html", context)


@act("pack.propose")
def propose(request: DeskRequest) -> HttpResponse:
    """Hand in a revision as a file; its content is frozen from here on."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile) or (file.size or 0) > LARGEST:
        raise Refused("pack-file-missing")
    area = request.scope.areas_for("pack.propose")[0]
    made = propose_revision(
        original=file.read(),
        area=area,
        reason=request.POST.get("reason", ""),
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("Proposed. It holds once a second person approves it."))
    return redirect("pack", revision_id=made)


@page("pack.view")
def pack(request: DeskRequest, revision_id: UUID) -> HttpResponse:
    """One revision in words, with what it changes against the one in force."""
    row = revision(request.sight, revision_id)
    text = pack_of(row.id)
    before = _before(request, row)
    context = {
        "row": row,
        "state": _state(row),
        "pack": text,
        "title": text.title.text(language()),
        "sections": regulation(text, language()),
        "before": before,
        "diff": [_line(line) for line in diff(pack_of(before.id), text, language())] if before else [],
        "place": spoken_names([row.area]).get(row.area, ""),
        "may_approve": _may_approve(request, row),
        "asked_by_me": row.proposed_by == request.actor.id,
        "may_preview": row.state != "retired" and request.scope.holds("classification.run"),
    }
    return render(request, "desk/pack.html", context)


@page("classification.run")
def would_change(request: DeskRequest, revision_id: UUID) -> HttpResponse:
    """Who would change under this revision: counts by village, the names behind them."""
    row = revision(request.sight, revision_id)
    text = pack_of(row.id)
    village = request.GET.get("village", "")
    area = village if village and request.sight.sees(village) else row.area
    after = uuid_or_none(request.GET.get("after", ""))
    seen = preview(request.sight, area, text, at=request.at, after=after, limit=50)
    titles = category_titles(text)
    context = {
        "row": row,
        "seen": seen,
        "next": str(seen.next or ""),
        "moves": [(m, _title(titles, m.was), _title(titles, m.now)) for m in seen.moves],
        "movers": [(m, _title(titles, m.was), _title(titles, m.now)) for m in seen.movers],
        "places": spoken_names([*(m.village for m in seen.moves), *(m.area for m in seen.movers)]),
        "village": village,
    }
    return render(request, "desk/pack_preview.html", context)


@act("pack.approve")
def approve(request: DeskRequest, revision_id: UUID) -> HttpResponse:
    """Approve as the second person: in force from now, everyone reclassified."""
    row = revision(request.sight, revision_id)
    if not request.scope.allows("pack.approve", row.area):
        raise Refused("not-permitted")
    outcome = adopt_pack(revision_id=row.id, by=request.actor, at=request.at)
    told = gettext("In force. {changed} people changed, {opened} are newly watched over.")
    messages.success(request, told.format(changed=outcome.changed, opened=len(outcome.watched.opened)))
    return redirect("pack", revision_id=row.id)


def _title(titles: dict[str, str], code: str | None) -> str:
    return gettext("nobody to watch") if code is None else titles.get(code, code)


def _before(request: DeskRequest, row: RevisionRow) -> RevisionRow | None:
    """The revision this one follows: what was in force when it was proposed or adopted."""
    if row.in_force_from is not None:
        followed = [
            other
            for other in revisions(request.sight)
            if other.area == row.area and other.disease == row.disease and other.id != row.id
            if other.in_force_until == row.in_force_from
        ]
        return followed[0] if followed else None
    held = revision_in_force(request.sight, row.area, request.at, row.disease)
    return held if held and held.id != row.id else None


def _may_approve(request: DeskRequest, row: RevisionRow) -> bool:
    return row.state == "proposed" and request.scope.allows("pack.approve", row.area)


def _state(row: RevisionRow) -> tuple[str, str]:
    """(words, kind of badge)"""
    return {
        "proposed": (gettext("waits for a second person"), "amber"),
        "approved": (gettext("approved, not yet in force"), "amber"),
        "adopted": (gettext("in force"), "accent"),
        "retired": (gettext("no longer in force"), ""),
    }.get(row.state, (row.state, ""))


def _line(line: str) -> tuple[str, str]:
    """A line of a diff as (ins | del | heading, text)."""
    if line.startswith("- "):
        return "del", line[2:]
    return ("ins", line[2:]) if line.startswith("+ ") else ("heading", line)
