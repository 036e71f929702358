"""Lists pasted from a spreadsheet: people sent down, who answers for places, grids. What is not taken comes back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from shouwang.desk.gate import DeskRequest, act
from shouwang.desk.policy import pack_here
from shouwang.desk.refusals import sentence, status_of
from shouwang.desk.views.serving import putting
from shouwang.journeys.appoint_heads import HeadsTaken, name_heads, read_heads
from shouwang.journeys.divide_by_list import GridsTaken, divide_by_list, read_grids
from shouwang.journeys.send_down import RefusedLine, send_down
from shouwang.kernel.errors import Refused
from shouwang.packs.schema import Pack

SHOWN_LINES = 200
TEXT_ROWS = 12
FIELDS = {"village": _("Village"), "name": _("Name"), "role": _("Role")}


@act("team.assign")
def people(request: DeskRequest) -> HttpResponse:
    """People sent down: enlisted and put where they serve, all of the list or nobody."""
    _, pack = pack_here(request.sight, request.at)
    try:
        sent = send_down(
            lines=request.POST.get("lines", ""),
            role_set=pack.role_set(request.POST.get("role_set", "")),
            area=request.sight.areas[0],
            scope=request.sight,
            by=request.actor,
            at=request.at,
        )
    except Refused as refused:
        return _nobody_sent(request, pack, _told(refused), ())
    if sent.refused:
        count = len(sent.refused)
        told = ngettext(
            "{n} line cannot be taken. Nobody was enlisted yet.",
            "{n} lines cannot be taken. Nobody was enlisted yet.",
            count,
        )
        return _nobody_sent(request, pack, told.format(n=count), sent.refused)
    told = gettext("{n} people serve at {places} places from now on.")
    messages.success(request, told.format(n=sent.people, places=sent.places))
    return redirect("serving")


def _nobody_sent(
    request: DeskRequest, pack: Pack, told: str, refused: tuple[RefusedLine, ...]
) -> HttpResponse:
    """The list as it was pasted, to be put right where it stands, with the line and the field of every fault."""
    wrong = [
        (line, FIELDS.get(line.field, ""), sentence(Refused(line.code, place=line.value, role=line.value)))
        for line in refused[:SHOWN_LINES]
    ]
    context = {
        "told": told,
        "wrong": wrong,
        "more": len(refused) - len(wrong),
        "putting": putting(request, pack),
        "chosen": request.POST.get("role_set", ""),
        "text": request.POST.get("lines", ""),
        "text_rows": TEXT_ROWS,
    }
    return render(request, "desk/serving_taken.html", context, status=422)


@act("team.assign")
def heads(request: DeskRequest) -> HttpResponse:
    """Who answers for places: place, name, telephone, unit. Every line is accounted for."""
    area = request.POST.get("area", "") or (request.sight.areas or ("",))[0]
    try:
        done = name_heads(
            lines=read_heads(request.POST.get("list", "")),
            area=area,
            reason=request.POST.get("reason", ""),
            scope=request.sight,
            by=request.actor,
            at=request.at,
        )
    except Refused as refused:
        return _not_taken(request, "desk/chain_taken.html", area, _told(refused))
    if done.refused:
        wrong = [(bad.line, sentence(Refused(bad.code, place=bad.line.place))) for bad in done.refused]
        return _partly_taken(request, "desk/chain_taken.html", area, done, wrong)
    told = gettext("{lines} lines: {fresh} named, {replaced} took over, {unchanged} unchanged.")
    counts = {"lines": done.lines, "fresh": done.fresh, "replaced": done.replaced}
    messages.success(request, told.format(**counts, unchanged=done.unchanged))
    return redirect("chain")


@act("place.edit")
def grids(request: DeskRequest) -> HttpResponse:
    """How villages are divided: village, grid, group or doors. Every line is accounted for."""
    area = request.POST.get("area", "")
    if area and not request.sight.sees(area):
        raise Refused("place-not-found")
    try:
        done = divide_by_list(
            lines=read_grids(request.POST.get("list", "")),
            area=area,
            scope=request.sight,
            by=request.actor,
            at=request.at,
        )
    except Refused as refused:
        return _not_taken(request, "desk/grid_taken.html", area, _told(refused))
    if done.refused:
        wrong = [(bad.line, sentence(Refused(bad.code, place=bad.line.village))) for bad in done.refused]
        return _partly_taken(request, "desk/grid_taken.html", area, done, wrong)
    told = gettext("{lines} lines: {doors} doors moved, {grids} grids added, {unchanged} lines unchanged.")
    counts = {"lines": done.lines, "doors": done.doors, "grids": done.grids, "unchanged": done.unchanged}
    messages.success(request, told.format(**counts))
    return redirect("grids")


def _told(refused: Refused) -> str:
    """The words of a refusal of the whole list; who may not, or asks for what is not there, is answered as ever."""
    if status_of(refused) != 422:
        raise refused
    return sentence(refused)


def _not_taken(request: DeskRequest, template: str, area: str, told: str) -> HttpResponse:
    """Nothing was written: all of it comes back."""
    context = {"told": told, "text": request.POST.get("list", ""), **_again(request, area)}
    return render(request, template, context, status=422)


def _partly_taken(
    request: DeskRequest,
    template: str,
    area: str,
    done: HeadsTaken | GridsTaken,
    wrong: Sequence[tuple[object, str]],
) -> HttpResponse:
    """What was right is written; the lines that were not come back, to be put right where they stand."""
    left = _lines(request.POST.get("list", ""), (bad.line.number for bad in done.refused))
    context = {"done": done, "wrong": wrong[:SHOWN_LINES], "text": left, **_again(request, area)}
    return render(request, template, context)


def _again(request: DeskRequest, area: str) -> dict[str, object]:
    return {"area": area, "reason": request.POST.get("reason", ""), "text_rows": TEXT_ROWS}


def _lines(text: str, numbers: Iterable[int]) -> str:
    """The lines of these numbers, as they were pasted."""
    lines = text.splitlines()
    return "\n".join(lines[number - 1] for number in numbers)
