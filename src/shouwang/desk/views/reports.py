"""日报 The daily report: exactly the office's form, yesterday beside today, each figure opens its rows."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.paging import PAGE, cut
from shouwang.desk.places import names
from shouwang.kernel.errors import Refused
from shouwang.oversight.actions import close_report
from shouwang.oversight.form import report_pdf, report_xlsx
from shouwang.oversight.queries import report_of, report_rows
from shouwang.people.queries import people_by_ids

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page("report.view")
def report(request: DeskRequest) -> HttpResponse:
    """The form of a day, live until it is closed."""
    area, day = _asked(request)
    told = report_of(request.sight, area, day, request.at)
    before = report_of(request.sight, area, day - timedelta(days=1), request.at)
    context = {
        "report": told,
        "rows": [
            (figure, gettext(figure.title), gettext(figure.definition), before.value(figure.code))
            for figure in told.figures
        ],
        "day": day,
        "yesterday": day - timedelta(days=1),
        "tomorrow": day + timedelta(days=1) if day < request.today else None,
        "area": area,
        "areas": request.sight.areas,
        "places": names([area, *request.sight.areas]),
        "may_close": request.scope.allows("report.close", area),
    }
    return render(request, "desk/report.html", context)


@page("report.view")
def figure(request: DeskRequest, code: str) -> HttpResponse:
    """The rows behind one figure; names only for who may see people."""
    area, day = _asked(request)
    told = report_of(request.sight, area, day, request.at)
    shown = next((one for one in told.figures if one.code == code), None)
    if shown is None:
        raise Refused("figure-not-found")
    rows = report_rows(request.sight, told, code)
    first = _offset(request.GET.get("after", ""))
    pages = cut(rows[first : first + PAGE + 1], lambda _row: str(first + PAGE))
    may_name = request.scope.holds("person.view")
    people = people_by_ids(request.scope, [row.person_id for row in pages.rows]) if may_name else []
    by_id = {person.id: person for person in people}
    context = {
        "figure": shown,
        "title": gettext(shown.title),
        "definition": gettext(shown.definition),
        "rows": [(row, by_id.get(row.person_id)) for row in pages.rows],
        "count": len(rows),
        "next": pages.next,
        "day": day,
        "area": area,
        "places": names([area, *(row.area for row in pages.rows)]),
        "may_name": may_name,
        "today": request.today,
    }
    return render(request, "desk/figure_rows.html", context)


@page("report.view")
def download(request: DeskRequest, form: str) -> HttpResponse:
    """The form as PDF or as a spreadsheet."""
    area, day = _asked(request)
    told = report_of(request.sight, area, day, request.at)
    place = names([area]).get(area, area)
    if form == "pdf":
        answer = HttpResponse(report_pdf(told, place=place, words=gettext), content_type="application/pdf")
    else:
        answer = HttpResponse(report_xlsx(told, place=place, words=gettext), content_type=XLSX)
    name = quote(f"{gettext('Daily report')}-{place}-{day:%Y%m%d}.{form}")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


@act("report.close")
def close(request: DeskRequest) -> HttpResponse:
    """Freeze the day; closed once more it is a new revision with its reason."""
    area, day = _asked(request)
    told = close_report(
        scope=request.scope,
        area=area,
        day=day,
        as_of=request.at,
        reason=request.POST.get("reason", ""),
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("Closed as revision {n}.").format(n=told.revision))
    answer = redirect("report")
    answer["Location"] += f"?day={day:%Y-%m-%d}&area={area}"
    return answer


def _asked(request: DeskRequest) -> tuple[str, date]:
    asked = request.GET if request.method == "GET" else request.POST
    try:
        day = date.fromisoformat(asked.get("day", ""))
    except ValueError:
        day = request.today
    area = asked.get("area", "") or request.sight.areas[0]
    if not request.sight.sees(area):
        raise Refused("place-not-found")
    return area, min(day, request.today)


def _offset(text: str) -> int:
    return int(text) if text.isdigit() else 0
