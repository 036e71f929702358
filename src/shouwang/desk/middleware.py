"""Builds the scope of a request once (ARCHITECTURE, idea 4) and holds desk roles to their second factor."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from shouwang.accounts.queries import needs_second_factor, scope_of
from shouwang.desk.refusals import sentence, status_of
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope

_WITHOUT_FACTOR = ("/account/", "/static/", "/p/", "/language/")
FIELD = "/api/field/"
"""Devices say who they are by their token, and never pay for a session (`fieldapi.gate`)."""
ZONE = ZoneInfo("Asia/Shanghai")


class ScopeMiddleware:
    """Sets `request.scope` and `request.at`, the one instant of this request; tells refusals in words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        at = settings.CLOCK.now()
        request.at = at  # type: ignore[attr-defined]
        scope = Scope("", ())
        if request.path.startswith(FIELD):
            request.scope = scope  # type: ignore[attr-defined]
            return self.get_response(request)
        if request.user.is_authenticated:
            scope = scope_of(request.user.pk, at)
            if _must_set_up_factor(request, scope):
                return redirect("mfa_activate_totp")
        request.scope = scope  # type: ignore[attr-defined]
        with timezone.override(ZONE):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A refusal becomes a page or a toast; anything else is a fault and goes on."""
        if not isinstance(error, Refused) or request.path.startswith("/api/"):
            return None
        status, told = status_of(error), sentence(error)
        if request.headers.get("HX-Request") == "true":
            answer = render(request, "desk/parts/toast.html", {"told": told, "is_red": True}, status=422)
            answer["HX-Retarget"], answer["HX-Reswap"] = "#toasts", "beforeend"
            return answer
        if status == 422 and request.method == "POST" and (back := _where_from(request)):
            messages.error(request, told, extra_tags="refused")
            return redirect(back)
        template = "404.html" if status == 404 else "desk/refused.html"
        return render(request, template, {"told": told, "code": error.code}, status=status)


def _where_from(request: HttpRequest) -> str:
    """The page the form stood on, if it was one of ours."""
    referer = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(referer, {request.get_host()}, request.is_secure())
    return referer if ours else ""


def _must_set_up_factor(request: HttpRequest, scope: Scope) -> bool:
    if not settings.REQUIRE_MFA or request.path.startswith(_WITHOUT_FACTOR):
        return False
    from allauth.mfa.utils import is_mfa_enabled

    return needs_second_factor(scope) and not is_mfa_enabled(request.user)
