"""核验文书: whether a paper in the hand is genuine. No account, no script, three languages, small pages."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from shouwang.outreach import queries
from shouwang.outreach.queries import Verdict
from shouwang.public.limits import too_many

STATUS_CODE = {"valid": 200, "revoked": 200, "altered": 200, "unknown": 404}
"""Unknown and malformed tokens look alike, to the eye and to a script."""


@require_safe
def verify_paper(request: HttpRequest, token: str) -> HttpResponse:
    """What the QR of a paper opens."""
    if too_many(_caller(request)):
        response = _page(request, "public/busy.html", {}, status=429)
        response["Retry-After"] = "60"
        return response
    verdict = queries.verify_paper(token)
    return _page(request, "public/verdict.html", {"verdict": verdict}, status=STATUS_CODE[verdict.status])


@require_safe
def enter_token(request: HttpRequest) -> HttpResponse:
    """For phones without a scanner: type the code under the QR."""
    if typed := request.GET.get("code", "").strip():
        kept = "".join(c for c in typed if c.isascii() and c.isalnum())[:80].lower()
        address = reverse("public:verify-paper", args=[kept or "-"])
        return redirect(f"{address}?lang={_language(request)}")
    return _page(request, "public/enter.html", {}, status=200)


def _page(request: HttpRequest, template: str, values: dict[str, Verdict], *, status: int) -> HttpResponse:
    spoken = _language(request)
    with translation.override(spoken):
        shell = {"language": spoken, "languages": settings.LANGUAGES}
        response = render(request, template, {**values, **shell}, status=status)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Content-Language"] = spoken
    return response


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in dict(settings.LANGUAGES) else translation.get_language()


def _caller(request: HttpRequest) -> str:
    """The address that asks; behind a proxy what that one says, where `SHOUWANG_PROXIES` names it."""
    return str(request.META.get("REMOTE_ADDR", ""))
