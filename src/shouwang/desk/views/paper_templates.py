"""文书样式 A town's own wording and looks of its papers: edited, looked at before it holds, kept by version."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.refusals import sentence
from shouwang.desk.words import PAPER_FIELDS, PAPERS
from shouwang.kernel.areas import town_of
from shouwang.kernel.errors import Refused
from shouwang.outreach import rules
from shouwang.outreach.actions import add_logo, save_template
from shouwang.outreach.queries import (
    TemplateRow,
    logo_bytes,
    logos,
    template_versions,
    templates,
)
from shouwang.outreach.typeset import Sheet, render_picture
from shouwang.outreach.typeset import render as render_pdf
from shouwang.packs.schema import Pack
from shouwang.places.queries import spoken_names
from shouwang.policy.queries import pack_in_force

PERMISSION = "paper.template"
NOBODY = UUID(int=0)


@page(PERMISSION)
def every(request: DeskRequest) -> HttpResponse:
    """The kinds of papers of a place, and which of them it has changed."""
    area = _area(request)
    own = templates(request.sight, area)
    rows = [(kind, PAPERS[kind], own.get(kind)) for kind in rules.CHANGEABLE]
    context = {"rows": rows, "area": area, "places": spoken_names(_areas(request)), "areas": _areas(request)}
    return render(request, "desk/paper_templates.html", context)


@page(PERMISSION, methods=("GET", "POST"))
def edit(request: DeskRequest, kind: str) -> HttpResponse:
    """One kind: its wording and looks, the fields it may name, the versions before."""
    of = _kind(kind)
    area = _area(request)
    told = ""
    if request.method == "POST":
        try:
            save_template(
                kind=of,
                area=area,
                title=request.POST.get("title", ""),
                body=request.POST.get("body", ""),
                style=_style(request.POST),
                reason=request.POST.get("reason", ""),
                by=request.actor,
                at=request.at,
            )
            messages.success(
                request, gettext("The template holds from now on; papers already issued keep theirs.")
            )
            return redirect(f"{request.path}?area={area}")
        except Refused as refused:
            told = sentence(refused)
    return render(
        request, "desk/paper_template.html", _context(request, of, area, told), status=422 if told else 200
    )


@act(PERMISSION)
def preview(request: DeskRequest, kind: str) -> HttpResponse:
    """What is on the page now, as a picture (`form=picture`) or PDF, before it is saved."""
    of, area = _kind(kind), _area(request)
    wording, style = _asked(request, of, area)
    sheet = _sheet(request, of, area, wording, style)
    if request.POST.get("form") == "picture":
        return HttpResponse(render_picture(sheet), content_type="image/png")
    answer = HttpResponse(render_pdf(sheet), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="preview.pdf"'
    return answer


@page(PERMISSION)
def picture(request: DeskRequest, kind: str) -> HttpResponse:
    """The template as it holds, as a picture."""
    of, area = _kind(kind), _area(request)
    own = templates(request.sight, area).get(of)
    wording = own.wording if own and own.wording else _pack_wording(request, of, area)
    sheet = _sheet(request, of, area, wording, own.style if own else rules.PLAIN)
    return HttpResponse(render_picture(sheet), content_type="image/png")


@act(PERMISSION)
def upload(request: DeskRequest) -> HttpResponse:
    """Keep a logo: PNG or JPEG by its content, small."""
    area = _area(request)
    file = request.FILES.get("logo")
    if file is None or file.size is None:
        raise Refused("import-file-missing")
    if file.size > rules.MOST_BYTES:
        raise Refused("logo-too-large", most=rules.MOST_BYTES // 1000)
    add_logo(area=area, raw=file.read(), by=request.actor, at=request.at)
    messages.success(request, gettext("The logo is kept; choose it in the papers that are to bear it."))
    return redirect("paper-templates")


def _context(request: DeskRequest, kind: rules.PaperKind, area: str, told: str) -> dict[str, object]:
    versions = template_versions(request.sight, area, kind)
    held = versions[0] if versions else None
    pack = rules.in_chinese(_pack_wording(request, kind, area))
    shown = rules.in_chinese(held.wording) if held and held.wording else pack
    sent = request.POST if request.method == "POST" else None
    style = _style(sent) if sent is not None else held.style if held else rules.PLAIN
    return {
        "kind": str(kind),
        "name": PAPERS[kind],
        "area": area,
        "areas": _areas(request),
        "places": spoken_names(_areas(request)),
        "title": sent.get("title", "") if sent is not None else shown.title,
        "body": sent.get("body", "") if sent is not None else "\n".join(shown.paragraphs),
        "pack": pack,
        "style": style,
        "reason": sent.get("reason", "") if sent is not None else "",
        "fields": [
            (rules.IN_CHINESE.get(name, name), PAPER_FIELDS.get(name, name), name in rules.MUST_SAY[kind])
            for name in rules.allowed_fields(kind)
        ],
        "logos": logos(request.sight, area),
        "versions": [(row, _changed(row)) for row in versions],
        "told": told,
    }


def _changed(row: TemplateRow) -> str:
    return row.wording.title if row.wording else gettext("wording of the pack")


def _asked(request: DeskRequest, kind: rules.PaperKind, area: str) -> tuple[rules.Wording, rules.Style]:
    title, body = request.POST.get("title", ""), request.POST.get("body", "")
    if not (title.strip() or body.strip()):
        return _pack_wording(request, kind, area), _style(request.POST)
    return rules.read_wording(kind, title, body), _style(request.POST)


def _style(sent: QueryDict) -> rules.Style:
    return rules.Style(
        office=sent.get("office", "").strip(),
        seal_line=sent.get("seal_line", "").strip(),
        red_head=sent.get("red_head", "").strip(),
        logo=sent.get("logo", ""),
    )


def _sheet(
    request: DeskRequest, kind: rules.PaperKind, area: str, wording: rules.Wording, style: rules.Style
) -> Sheet:
    """A paper of nobody in this wording. Its QR leads to nothing: it proves no paper."""
    if style.logo and style.logo not in {logo.digest for logo in logos(request.sight, area)}:
        raise Refused("logo-not-found")
    return Sheet(
        area=area,
        content=rules.sample(kind, office=style.office),
        wording=rules.fill(wording, rules.sample(kind, office=style.office)),
        serial=rules.serial_text(kind, town_of(area), request.today.year, 0),
        issued_on=date(2020, 1, 23),
        issued_at=request.at,
        link=f"https://example.org/p/v/{rules.make_token(NOBODY, bytes(32))}",
        style=style,
        logo=logo_bytes(style.logo),
    )


def _pack_wording(request: DeskRequest, kind: rules.PaperKind, area: str) -> rules.Wording:
    pack: Pack | None = None
    try:
        pack = pack_in_force(request.sight, area, request.at)[1]
    except Refused as refused:
        if refused.code != "no-pack-in-force":
            raise
    return rules.pack_wording(kind, pack.papers if pack else ())


def _kind(text: str) -> rules.PaperKind:
    found = [kind for kind in rules.CHANGEABLE if kind == text]
    if not found:
        raise Refused("paper-kind-not-found")
    return found[0]


def _areas(request: DeskRequest) -> tuple[str, ...]:
    return request.sight.areas_for(PERMISSION)


def _area(request: DeskRequest) -> str:
    """The place asked for, else the first of one's own. Refuses `place-not-found`."""
    asked = request.POST.get("area") or request.GET.get("area", "")
    own = _areas(request)
    if not asked:
        return own[0]
    if asked not in own:
        raise Refused("place-not-found")
    return asked
