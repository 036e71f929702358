"""Who gets through to a page: signed in, and holding the page's permission somewhere.

Permission is asked before the object is looked for, so that a refusal says nothing about what exists.
An object out of scope is a 404, the same as one that never was (ARCHITECTURE, idea 4).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect

from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope

P = ParamSpec("P")


class DeskRequest(HttpRequest):
    """A request of a signed-in person, as the middleware hands it on."""

    scope: Scope
    """Everything this person may do anywhere."""
    sight: Scope
    """Only the grants that give this page's permission: who audits a district and works in one village
    does not see the district's people."""
    at: datetime
    today: date
    user: Any
    actor: Actor


View = Callable[Concatenate[DeskRequest, P], HttpResponse]
RawView = Callable[Concatenate[HttpRequest, P], HttpResponse]


def page(permission: str | None, *, methods: tuple[str, ...] = ("GET",)) -> Callable[[View[P]], RawView[P]]:
    """Mark a view as a page of the desk. `permission` None: anybody who is signed in."""

    def mark(view: View[P]) -> RawView[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            desk = cast(DeskRequest, request)
            desk.sight, desk.today = desk.scope, timezone.localdate(desk.at)
            desk.actor = cast(Any, request.user).as_actor()
            if permission is not None:
                desk.sight = desk.scope.only(permission)
                if not desk.sight.grants:
                    raise Refused("not-permitted")
            if request.method not in (*methods, "HEAD", "OPTIONS"):
                return HttpResponse(status=405, headers={"Allow": ", ".join(methods)})
            return view(desk, *args, **kwargs)

        guarded.desk_permission = permission  # type: ignore[attr-defined]
        return never_cache(guarded)

    return mark


def act(permission: str | None) -> Callable[[View[P]], RawView[P]]:
    """Mark a view as one that writes: POST only."""
    return page(permission, methods=("POST",))


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(reverse("account_login"))
    return redirect_to_login(request.get_full_path())
