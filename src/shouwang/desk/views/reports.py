"""日报 The daily report: exactly the office's form, yesterday beside today, each figure opens its rows."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from shouwang.desk import reporting
from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.packwords import language
from shouwang.desk.paging import PAGE
from shouwang.kernel.errors import Refused
from shouwang.oversight.actions import close_report
from shouwang.oversight.forms import laid_document, report_docx, report_pdf, report_xlsx
from shouwang.oversight.queries import (
    ALL,
    FigureRow,
    closed_report,
    figure_rows,
    forms_of,
    laid_report,
    report_of,
    report_rows,
    template_in_force,
)
from shouwang.oversight.rules import Report
from shouwang.people.queries import people_by_ids
from shouwang.places.queries import spoken_names

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@page("report.view")
def report(request: DeskRequest) -> HttpResponse:
    """The form of a day, live until it is closed."""
    area, day = _asked(request)
    form = reporting.the_form(request.sight, area, day, request.at, revision=_revision(request))
    context = {
        "form": form,
        "report": form.report,
        "day": day,
        "yesterday": day - timedelta(days=1),
        "tomorrow": day + timedelta(days=1) if day < request.today else None,
        "area": area,
        "areas": reporting.places_to_choose(request.sight, area),
        "place": spoken_names([area]).get(area, area),
        "today": request.today,
        "may_close": request.scope.allows("report.close", area) and form.is_latest,
        "forms": [
            (one.code, one.title.text(language())) for one in forms_of(request.sight, area, request.at)
        ],
    }
    return render(request, "desk/report.html", context)


@page("report.view")
def figure(request: DeskRequest, code: str) -> HttpResponse:
    """The rows behind one figure; names only for who may see people."""
    area, day = _asked(request)
    told = _report(request, area, day)
    shown = next((one for one in told.figures if one.code == code), None)
    if shown is None:
        raise Refused("figure-not-found")
    number = max(1, int(after)) if (after := request.GET.get("after", "")).isdigit() else 1
    rows = _rows(request, told, code, number)
    count = shown.value if isinstance(shown.value, int) else 0
    may_name = request.scope.holds("person.view")
    people = (
        people_by_ids(request.scope, [row.person_id for row in rows if row.person_id]) if may_name else []
    )
    by_id = {person.id: person for person in people}
    titles = reporting.figure_titles(request.sight, area, request.at)
    of = next((one for one in told.figures if one.code == shown.of), None)
    context = {
        "figure": shown,
        "report": told,
        "title": reporting.figure_title(shown, titles),
        "definition": gettext(shown.definition),
        "of": reporting.figure_title(of, titles) if of else "",
        "rows": [(row, by_id.get(row.person_id) if row.person_id else None) for row in rows],
        "count": count,
        "next": str(number + 1) if number * PAGE < count else "",
        "day": day,
        "area": area,
        "places": spoken_names([area, *(row.area for row in rows)]),
        "may_name": may_name,
        "today": request.today,
    }
    return render(request, "desk/figure_rows.html", context)


@page("report.view")
def download(request: DeskRequest, form: str) -> HttpResponse:
    """The report in a format (`pdf`, `docx`, `xlsx`, `json`), as one of the forms of the pack (`?form=`)."""
    area, day = _asked(request)
    told = _report(request, area, day)
    place = spoken_names([area]).get(area, area)
    wanted = request.GET.get("form", ALL)
    laid = laid_report(request.sight, told, wanted, place=place, lang=language(), words=gettext)
    if form == "pdf":
        answer = HttpResponse(report_pdf(laid, words=gettext), content_type="application/pdf")
    elif form == "xlsx":
        answer = HttpResponse(report_xlsx(laid, words=gettext), content_type=XLSX)
    elif form == "docx":
        own = template_in_force(request.sight, area, wanted, told.closed_at or told.as_of)
        answer = HttpResponse(report_docx(laid, words=gettext, template=own), content_type=DOCX)
    elif form == "json":
        answer = JsonResponse(laid_document(laid), json_dumps_params={"ensure_ascii": False})
    else:
        raise Refused("report-form-not-found")
    name = quote(f"{laid.title}-{place}-{day:%Y%m%d}.{form}")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


@act("report.close")
def close(request: DeskRequest) -> HttpResponse:
    """Freeze what the page shows; closed once more it is a new revision, of what is known now, with its reason."""
    area, day = _asked(request)
    last = closed_report(request.sight, area, day)
    shown = report_of(request.sight, area, day, request.at)
    told = close_report(
        scope=request.scope,
        area=area,
        day=day,
        as_of=request.at if last else shown.as_of,
        reason=request.POST.get("reason", ""),
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("Closed as revision {n}.").format(n=told.revision))
    return redirect(f"{reverse('report')}?{urlencode({'day': day.isoformat(), 'area': area})}")


def _rows(request: DeskRequest, told: Report, code: str, number: int) -> list[FigureRow]:
    """One page of the rows behind a figure; of an open day fetched as a page, of a closed one cut from it."""
    first = (number - 1) * PAGE
    if told.revision:
        return report_rows(request.sight, told, code)[first : first + PAGE]
    return figure_rows(request.sight, told.area, told.day, told.as_of, code, page=number, size=PAGE)


def _report(request: DeskRequest, area: str, day: date) -> Report:
    revision = _revision(request)
    told = closed_report(request.sight, area, day, revision) if revision else None
    if revision and told is None:
        raise Refused("report-revision-not-found")
    return told or report_of(request.sight, area, day, request.at)


def _revision(request: DeskRequest) -> int | None:
    text = request.GET.get("revision", "")
    return int(text) if text.isdigit() and 0 < int(text) < 1000 else None


def _asked(request: DeskRequest) -> tuple[str, date]:
    asked = request.GET if request.method == "GET" else request.POST
    try:
        day = date.fromisoformat(asked.get("day", ""))
    except ValueError:
        day = request.today
    area = asked.get("area", "") or reporting.default_area(request.sight, request.at)
    if not request.sight.sees(area):
        raise Refused("place-not-found")
    return area, min(day, request.today)
