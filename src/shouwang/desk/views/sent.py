"""消息 Messages: what was told to whom, what did not arrive, which channel has stopped; the channels themselves."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.messagewords import (
    CHANNEL_KINDS,
    MESSAGE_FILTERS,
    MESSAGE_STATES,
    OUTCOMES,
    SETTING_NAMES,
    code_words,
)
from shouwang.desk.packwords import language
from shouwang.desk.paging import PAGE, at_and_id, cut, uuid_or_none
from shouwang.kernel.errors import Refused
from shouwang.outreach import actions, queries
from shouwang.outreach.queries import ChannelRow
from shouwang.outreach.rules import ROBOTS, VENDORS
from shouwang.places.queries import place_by_code, spoken_names

EVERY_KIND = ("per-minute", "language")
MESSAGE_MANAGE = "message.manage"


@page("message.view")
def log(request: DeskRequest) -> HttpResponse:
    """Messages newest first; what is stuck can be sent again, what arrived can be said."""
    which = request.GET.get("which", "")
    after = at_and_id(request.GET.get("after", ""))
    found = queries.message_page(request.sight, which=which, after=after, limit=PAGE + 1, lang=language())
    pages = cut(found, lambda row: row.cursor)
    stopped = queries.stopped_channels(request.sight, limit=11)
    context = {
        "rows": [
            (
                row,
                *MESSAGE_STATES[row.state],
                code_words(row.last_code),
                CHANNEL_KINDS.get(row.channel_kind, ""),
            )
            for row in pages.rows
        ],
        "next": pages.next,
        "which": which,
        "filters": list(MESSAGE_FILTERS.items()),
        "counts": queries.message_counts(request.sight),
        "stopped": [_told(row) for row in stopped[:10]],
        "more_stopped": len(stopped) > 10,
        "places": spoken_names([*(row.area for row in pages.rows), *(row.area for row in stopped)]),
        "may_manage": request.scope.holds(MESSAGE_MANAGE),
    }
    return render(request, "desk/messages.html", context)


@page("message.view")
def message(request: DeskRequest, message_id: UUID) -> HttpResponse:
    """One message: its words and every try at delivering it."""
    row, tries = queries.message(request.sight, message_id, language())
    context = {
        "row": row,
        "state": MESSAGE_STATES[row.state],
        "why": code_words(row.last_code),
        "tries": [
            (
                one,
                CHANNEL_KINDS.get(one.channel_kind, ""),
                OUTCOMES.get(one.outcome, ""),
                code_words(one.code),
            )
            for one in tries
        ],
        "places": spoken_names([row.area]),
        "may_manage": request.scope.allows(MESSAGE_MANAGE, row.area),
    }
    return render(request, "desk/message.html", context)


@act(MESSAGE_MANAGE)
def decide(request: DeskRequest) -> HttpResponse:
    """Send these again, or say that they arrived."""
    ids = [found for text in request.POST.getlist("message") if (found := uuid_or_none(text))]
    if not ids:
        raise Refused("message-not-found")
    arrived = request.POST.get("what") == "arrived"
    settle = actions.mark_arrived if arrived else actions.resend_messages
    count = settle(messages=ids, scope=request.sight, by=request.actor, at=request.at)
    told = gettext("{n} marked as arrived.") if arrived else gettext("{n} will be sent again.")
    notes.success(request, told.format(n=count))
    return redirect("messages")


@page("channel.manage")
def channels(request: DeskRequest) -> HttpResponse:
    """Channels of the administrator's places: how each fares, its settings, a test; a form for a new one."""
    rows = queries.channels(request.sight)
    kind = request.GET.get("kind", "")
    context = {
        "rows": [(*_told(row), _fields(row.kind, row)) for row in rows],
        "robots": [(CHANNEL_KINDS.get(k, k), n) for k, n in queries.robots_in_use(request.sight).items()],
        "kinds": [(code, title) for code, title in CHANNEL_KINDS.items()],
        "kind": kind if kind in VENDORS else "",
        "fields": _fields(kind) if kind in VENDORS else [],
        "here": request.sight.areas[0],
        "places": spoken_names(row.area for row in rows),
    }
    return render(request, "desk/channels.html", context)


@act("channel.manage")
def open_channel(request: DeskRequest) -> HttpResponse:
    """Open a channel for a place of the administrator's own."""
    place = place_by_code(request.sight, request.POST.get("place", "").strip())
    if place is None:
        raise Refused("place-unknown", place=request.POST.get("place", ""))
    kind = request.POST.get("kind", "")
    open_part, secret = _posted(request, kind)
    actions.open_channel(
        area=place.path,
        kind=kind,
        title=request.POST.get("title", ""),
        settings=open_part,
        secret=secret,
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    notes.success(request, gettext("The channel is open. Send a test before you rely on it."))
    return redirect("channels")


@act("channel.manage")
def change_channel(request: DeskRequest, channel_id: UUID) -> HttpResponse:
    """Change settings; a secret left empty stays as it is."""
    row = queries.channel(request.sight, channel_id)
    open_part, secret = _posted(request, row.kind)
    actions.change_channel(
        channel_id=channel_id,
        settings=open_part,
        secret=secret,
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    notes.success(request, gettext("Changed; what had been refused goes out again."))
    return redirect("channels")


@act("channel.manage")
def try_channel(request: DeskRequest, channel_id: UUID) -> HttpResponse:
    """Send a test now, and say what the vendor answered."""
    row = queries.channel(request.sight, channel_id)
    state, code = actions.try_channel(
        channel_id=channel_id,
        scope=request.sight,
        place=spoken_names([row.area]).get(row.area, row.title),
        by=request.actor,
        at=request.at,
    )
    if state == "sent":
        notes.success(request, gettext("The test was accepted. Look whether it arrived."))
    else:
        told = gettext("The test was not accepted: {why}")
        notes.error(request, told.format(why=code_words(code) or MESSAGE_STATES[state][0]))
    return redirect("channels")


@act("channel.manage")
def close_channel(request: DeskRequest, channel_id: UUID) -> HttpResponse:
    """Nothing leaves by it any more."""
    actions.close_channel(channel_id=channel_id, scope=request.sight, by=request.actor, at=request.at)
    return redirect("channels")


def _told(row: ChannelRow) -> tuple[ChannelRow, object, str]:
    return row, CHANNEL_KINDS.get(row.kind, row.kind), code_words(row.last_code)


def _names(kind: str) -> tuple[list[str], list[str]]:
    """(open settings, secrets) of a kind, as the form asks for them."""
    vendor = VENDORS[kind]
    tests = ["test-to"] if vendor.family == "sms" else []
    return [*vendor.opens, *tests, *EVERY_KIND], list(vendor.secrets)


def _fields(kind: str, row: ChannelRow | None = None) -> list[tuple[str, object, str, str]]:
    """(name, title, value, how it is typed) of every field; a secret is never shown."""
    opens, secrets = _names(kind)
    held = row.settings if row is not None else {}
    return [
        *((name, SETTING_NAMES[name], _shown(held.get(name, "")), _typed(name)) for name in opens),
        *((f"secret-{name}", SETTING_NAMES[name], "", "password") for name in secrets),
    ]


def _typed(name: str) -> str:
    return "lines" if name == "templates" else "text"


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{code}={number}" for code, number in sorted(value.items()))
    return str(value)


def _posted(request: DeskRequest, kind: str) -> tuple[dict[str, object], dict[str, str]]:
    if kind not in VENDORS:
        raise Refused("channel-kind-unknown", kind=kind)
    opens, secrets = _names(kind)
    open_part: dict[str, object] = {}
    for name in opens:
        value = request.POST.get(name, "").strip()
        if value:
            open_part[name] = _read(name, value)
    secret = {name: request.POST.get(f"secret-{name}", "").strip() for name in secrets}
    if kind in ROBOTS and secret.get("key", "").startswith("http"):
        secret["key"] = _key_of(secret["key"])
    return open_part, {name: value for name, value in secret.items() if value}


def _read(name: str, value: str) -> object:
    if name == "per-minute" and value.isdigit():
        return int(value)
    if name == "templates":
        pairs = (line.partition("=") for line in value.splitlines())
        return {code.strip(): number.strip() for code, _, number in pairs if code.strip() and number.strip()}
    return value


def _key_of(webhook: str) -> str:
    """The key in a webhook pasted whole."""
    tail = webhook.rsplit("/", 1)[-1]
    for name in ("key=", "access_token="):
        if name in tail:
            return tail.split(name, 1)[1].split("&", 1)[0]
    return tail
