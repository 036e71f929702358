"""The daily report as the forms of the pack, up the tree, and the Word templates of a town."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from shouwang.desk import reporting
from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.packwords import language
from shouwang.desk.views.evening import asked
from shouwang.desk.views.reports import DOCX
from shouwang.kernel.errors import Refused
from shouwang.oversight.actions import set_template
from shouwang.oversight.forms import Laid, default_template
from shouwang.oversight.queries import (
    closed_report,
    forms_of,
    laid_report,
    report_of,
    report_tree,
    template_in_force,
    template_row,
)
from shouwang.places.queries import spoken_names
from shouwang.places.rules import village_name

MOST_BYTES = 2_000_000


@page("report.view")
def tree(request: DeskRequest) -> HttpResponse:
    """The day of a place by what lies below it; what they closed themselves beside, differences named."""
    area, day = asked(request)
    told = report_tree(request.sight, report_of(request.sight, area, day, request.at))
    titles = reporting.figure_titles(request.sight, area, request.at)
    context = {
        "tree": told,
        "branches": [
            (
                branch,
                reporting.figure_title(branch.figure, titles),
                [
                    (child, branch.parts[child.area], branch.differs.get(child.area))
                    for child in told.children
                ],
            )
            for branch in told.branches
        ],
        "children": [(child, village_name(child.name)) for child in told.children],
        "differences": sum(len(branch.differs) for branch in told.branches),
        **_frame(request, area, day),
    }
    return render(request, "desk/report_tree.html", context)


@page("report.view")
def form(request: DeskRequest, code: str) -> HttpResponse:
    """The report as one form of the pack, with its downloads."""
    area, day = asked(request)
    laid = _laid(request, area, day, code)
    context = {
        "laid": laid,
        "report": laid.report,
        "code": code,
        "downloads": (("docx", "Word"), ("pdf", "PDF"), ("xlsx", "Excel"), ("json", "JSON")),
        "own": template_row(request.sight, area, code, request.at),
        "may_change": request.scope.allows("report.close", area),
        "forms": [
            (one.code, one.title.text(language())) for one in forms_of(request.sight, area, request.at)
        ],
        **_frame(request, area, day),
    }
    return render(request, "desk/report_form.html", context)


@page("report.view")
def template(request: DeskRequest, code: str) -> HttpResponse:
    """The Word template in force, to be taken, changed and put back."""
    area, day = asked(request)
    laid = _laid(request, area, day, code)
    own = template_in_force(request.sight, area, code, request.at)
    answer = HttpResponse(own or default_template(laid.layout), content_type=DOCX)
    answer["Content-Disposition"] = f'attachment; filename="template-{code}.docx"'
    return answer


@act("report.close")
def set_own(request: DeskRequest, code: str) -> HttpResponse:
    """Put a changed template in the stead of the one in force; without a file the built-in one again."""
    area, day = asked(request)
    sent = request.FILES.get("template")
    if sent is None and request.POST.get("built-in") != "yes":
        raise Refused("import-file-missing")
    if sent is not None and (sent.size or 0) > MOST_BYTES:
        raise Refused("template-too-large", bytes=sent.size)
    laid = _laid(request, area, day, code)
    set_template(
        scope=request.scope,
        area=area,
        form=code,
        content=sent.read() if sent else b"",
        sample=laid,
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("The template holds from now on."))
    return redirect(f"{reverse('report-form', args=[code])}?day={day.isoformat()}&area={area}")


def _laid(request: DeskRequest, area: str, day: date, code: str) -> Laid:
    number = request.GET.get("revision", "")
    told = closed_report(request.sight, area, day, int(number)) if number.isdigit() else None
    told = told or report_of(request.sight, area, day, request.at)
    place = spoken_names([area]).get(area, area)
    return laid_report(request.sight, told, code, place=place, lang=language(), words=gettext)


def _frame(request: DeskRequest, area: str, day: date) -> dict[str, object]:
    return {
        "area": area,
        "day": day,
        "place": spoken_names([area]).get(area, area),
        "areas": reporting.places_to_choose(request.sight, area),
        "today": request.today,
    }
