"""Builds the scope of a request once (ARCHITECTURE, idea 4) and holds desk roles to their second factor."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from shouwang.accounts.queries import needs_second_factor, scope_of
from shouwang.kernel.scope import Scope

_WITHOUT_FACTOR = ("/account/", "/static/", "/p/")


class ScopeMiddleware:
    """Sets `request.scope` and `request.at`, the one instant of this request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        at = settings.CLOCK.now()
        request.at = at  # type: ignore[attr-defined]
        scope = Scope("", ())
        if request.user.is_authenticated:
            scope = scope_of(request.user.pk, at)
            if _must_set_up_factor(request, scope):
                return redirect("mfa_activate_totp")
        request.scope = scope  # type: ignore[attr-defined]
        return self.get_response(request)


def _must_set_up_factor(request: HttpRequest, scope: Scope) -> bool:
    if not settings.REQUIRE_MFA or request.path.startswith(_WITHOUT_FACTOR):
        return False
    from allauth.mfa.utils import is_mfa_enabled

    return needs_second_factor(scope) and not is_mfa_enabled(request.user)
