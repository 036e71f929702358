"""用户与角色 Log-ins: who holds which role where, and since when."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.accounts import actions
from shouwang.accounts.queries import count_users, has_role_here, home_of, log_in_of, users_with_roles
from shouwang.accounts.rules import ROLES
from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.paging import PAGE, cut
from shouwang.desk.words import role_words
from shouwang.kernel.errors import Refused
from shouwang.places.queries import place_by_code, spoken_names


@page("user.manage")
def users(request: DeskRequest) -> HttpResponse:
    """Log-ins of the places in sight, and what each role may do."""
    search, after = request.GET.get("q", "").strip(), request.GET.get("after", "")
    found = users_with_roles(request.sight, request.at, search=search, after=after, limit=PAGE + 1)
    pages = cut(found, lambda row: row.username)
    rows = pages.rows
    context = {
        "rows": [(row, [(role_words(role), role, area) for role, area in row.roles]) for row in rows],
        "count": count_users(request.sight, request.at, search=search),
        "next": pages.next,
        "search": search,
        "places": spoken_names(area for row in rows for _, area in row.roles),
        "roles": ROLES.values(),
        "here": request.sight.areas[0],
    }
    return render(request, "desk/users.html", context)


@act("user.manage")
def add_user(request: DeskRequest) -> HttpResponse:
    """Make a log-in with a first role. The password is shown once, to be changed by its owner."""
    username, name = request.POST.get("username", "").strip(), request.POST.get("name", "").strip()
    if not username or not name:
        raise Refused("name-missing")
    area, password = _area(request), _password()
    with transaction.atomic():
        user = actions.create_user(
            username=username, name=name, password=password, by=request.actor, at=request.at
        )
        actions.grant_role(
            user_id=user.id, role=request.POST.get("role", ""), area=area, by=request.actor, at=request.at
        )
    told = gettext("Log-in {username} made. First password, shown only now: {password}")
    messages.success(request, told.format(username=username, password=password), extra_tags="stays")
    return redirect("users")


@act("user.manage")
def new_password(request: DeskRequest, user_id: UUID) -> HttpResponse:
    """Give somebody who forgot theirs a new password, shown once. What they have open elsewhere ends."""
    area, password = home_of(request.scope, user_id, request.at), _password()
    actions.set_password(user_id=user_id, password=password, by=request.actor, at=request.at, area=area)
    told = gettext("New password of {username}, shown only now: {password}")
    known = log_in_of(user_id)
    username = known.username if known else ""
    messages.success(request, told.format(username=username, password=password), extra_tags="stays")
    return redirect("users")


@act("user.manage")
def give_role(request: DeskRequest, user_id: UUID) -> HttpResponse:
    """Give a role over a place of the administrator's own."""
    _known(request, user_id)
    actions.grant_role(
        user_id=user_id,
        role=request.POST.get("role", ""),
        area=_area(request),
        by=request.actor,
        at=request.at,
    )
    return redirect("users")


@act("user.manage")
def take_role(request: DeskRequest, user_id: UUID) -> HttpResponse:
    """Take a role away from now on."""
    _known(request, user_id)
    area = request.POST.get("area", "")
    if not request.scope.allows("user.manage", area):
        raise Refused("grant-not-found")
    actions.end_grant(
        user_id=user_id, role=request.POST.get("role", ""), area=area, by=request.actor, at=request.at
    )
    return redirect("users")


def _password() -> str:
    password = secrets.token_urlsafe(9)
    try:
        validate_password(password)
    except ValidationError:  # chance made it too common; the next one is not
        password = secrets.token_urlsafe(12)
    return password


def _area(request: DeskRequest) -> str:
    code = request.POST.get("place", "").strip()
    place = place_by_code(request.sight, code) if code else None
    if place is None:
        raise Refused("place-unknown", place=code)
    return place.path


def _known(request: DeskRequest, user_id: UUID) -> None:
    if not has_role_here(request.sight, user_id, request.at):
        raise Refused("user-not-found")
