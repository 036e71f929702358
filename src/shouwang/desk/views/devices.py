"""设备 Phones in the field: whose, when last heard from, what is missing; giving out a code, revoking."""

from __future__ import annotations

import io
from datetime import datetime
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from shouwang.accounts.queries import users_with_roles
from shouwang.desk.devicewords import SHOWN, gap_words, skew_words
from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.paging import PAGE, cut, uuid_or_none
from shouwang.desk.words import role_words
from shouwang.devices import actions, queries
from shouwang.devices.queries import DeviceRow
from shouwang.devices.rules import NEWEST_APP, OLDEST_APP
from shouwang.kernel.errors import Refused
from shouwang.places.queries import spoken_names

MANAGE = "device.manage"
FLAGGED_SECONDS = 300
"""Five minutes: beyond, sync.md §5 flags what the phone says."""
OFFERED = 300
"""Log-ins offered for a code; of more, the name is typed."""


@page(MANAGE)
def listing(request: DeskRequest) -> HttpResponse:
    """Phones by place: release of the app, last heard from, what is missing, clocks that are wrong, shifts."""
    which = request.GET.get("which", "")
    area, _, key = request.GET.get("after", "").partition("~")
    after = uuid_or_none(key)
    found = queries.devices(
        request.sight,
        revoked=which == "revoked" if which != "all" else None,
        skewed_by=FLAGGED_SECONDS if which == "clock" else None,
        with_gaps=True if which == "gaps" else None,
        after=(area, after) if after else None,
        limit=PAGE + 1,
    )
    pages = cut(found, lambda row: f"{row.area}~{row.id}")
    context = {
        "rows": [_told(row, request.at) for row in pages.rows],
        "next": pages.next,
        "which": which if which in SHOWN else "",
        "filters": list(SHOWN.items()),
        "people": _people(request),
        "waiting": queries.kept_total(request.sight, request.at),
        "places": spoken_names([row.area for row in pages.rows]),
        "newest": NEWEST_APP,
    }
    return render(request, "desk/devices.html", context)


@page(MANAGE)
def one(request: DeskRequest, device_id: UUID) -> HttpResponse:
    """One phone: what is missing, its clock, its shift; revoking it."""
    row = queries.device(request.sight, device_id)
    context = {
        **_told(row, request.at),
        "places": spoken_names([row.area]),
        "newest": NEWEST_APP,
        "missing": [(first, last, last - first + 1) for first, last in row.gaps],
    }
    return render(request, "desk/device.html", context)


@act(MANAGE)
def give_code(request: DeskRequest) -> HttpResponse:
    """Make a one-time code for a log-in and show it, this once: as a picture to scan and as ten characters."""
    wanted = request.POST.get("username", "").strip().split(" ")[0]
    found = users_with_roles(request.sight, request.at, search=wanted)
    who = next((row for row in found if row.username == wanted), None)
    if who is None:
        raise Refused("user-not-found")
    made = actions.make_enrol_code(user_id=who.id, scope=request.scope, by=request.actor, at=request.at)
    address = f"{settings.PUBLIC_URL.rstrip('/')}/field/"
    context = {
        "who": who,
        "code": f"{made.code[:5]} {made.code[5:]}",
        "until": made.expires_at,
        "address": address,
        "picture": _picture(f"{address}#enrol={made.code}"),
    }
    return render(request, "desk/device_code.html", context)


@act(MANAGE)
def revoke(request: DeskRequest, device_id: UUID) -> HttpResponse:
    """Revoke a phone that was lost or given back."""
    actions.revoke_device(
        device_id=device_id,
        reason=request.POST.get("reason", ""),
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    messages.success(
        request, gettext("Revoked. Its list is deleted at its next word; what it still sends waits for you.")
    )
    return redirect("device", device_id=device_id)


def _told(row: DeviceRow, at: datetime) -> dict[str, object]:
    """A phone in words."""
    skewed = abs(row.skew_seconds) > FLAGGED_SECONDS
    return {
        "row": row,
        "skew": skew_words(row.skew_seconds) if skewed else "",
        "gaps": gap_words(row.gaps),
        "missing_count": sum(last - first + 1 for first, last in row.gaps),
        "on_shift": row.shift_until is not None and row.shift_until > at,
        "is_old": row.app < OLDEST_APP,
    }


def _people(request: DeskRequest) -> list[tuple[str, str, str]]:
    """(log-in name, name, roles) of those a phone may be given to; none where they are too many to choose from."""
    rows = users_with_roles(request.sight, request.at, limit=OFFERED + 1)
    if len(rows) > OFFERED:
        return []
    return [
        (row.username, row.name, "、".join(sorted({role_words(role) for role, _ in row.roles})))
        for row in rows
    ]


def _picture(link: str) -> str:
    """The QR of a link as a part of the page; no style, no script."""
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(
        out,
        kind="svg",
        border=4,
        scale=6,
        xmldecl=False,
        svgns=False,
        svgclass="qr",
        lineclass=None,
        omitsize=True,
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308 - black and white squares, made here
