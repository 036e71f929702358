"""每日检查 Recording, correcting and countersigning checks at the desk. Alarms show at once."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.labwords import THERMOMETERS, WITNESSES
from shouwang.desk.packwords import alert_words, role_titles, stage_on, symptom_titles
from shouwang.desk.paging import uuid_or_none
from shouwang.desk.refusals import sentence
from shouwang.desk.words import CHANNELS, OUTCOMES, SEEN
from shouwang.journeys.later import tick_now
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import (
    CheckCommand,
    CheckReceipt,
    correct_check,
    countersign_check,
    record_check,
    sign_day,
)
from shouwang.observation.queries import FileRow, files_by_ids
from shouwang.observation.rules import REMOTE
from shouwang.packs.schema import Pack
from shouwang.people.queries import person
from shouwang.places.queries import spoken_names
from shouwang.policy.queries import pack_of
from shouwang.workforce.queries import team_of

LIKELY = (363, 365, 366, 368, 370)
"""Temperatures most people have; one tap each."""


@page("observation.record", methods=("GET", "POST"))
def check(request: DeskRequest, file_id: UUID) -> HttpResponse:
    """The form of one check; after it the next person of the same household."""
    file = _file(request, file_id)
    told = ""
    if request.method == "POST":
        try:
            receipt = record_check(
                item=_command(request.POST, file.id, request.at),
                scope=request.sight,
                pack_of=pack_of,
                by=request.actor,
                at=request.at,
            )
            return _after(request, file, receipt)
        except Refused as refused:
            told = sentence(refused)
    return _form(request, file, told)


@page("observation.record", methods=("GET", "POST"))
def correct(request: DeskRequest, file_id: UUID, check_id: UUID) -> HttpResponse:
    """Put another check in the place of one that was wrong; the old one stays, struck through."""
    file = _file(request, file_id)
    told = ""
    if request.method == "POST":
        try:
            receipt = correct_check(
                check_id=check_id,
                item=_command(request.POST, file.id, request.at),
                reason=request.POST.get("reason", ""),
                scope=request.sight,
                pack_of=pack_of,
                by=request.actor,
                at=request.at,
            )
            _tell(request, file, receipt)
            return redirect("person", person_id=file.person_id)
        except Refused as refused:
            told = sentence(refused)
    return _form(request, file, told, correcting=True)


@act("observation.countersign")
def countersign(request: DeskRequest, file_id: UUID, check_id: UUID) -> HttpResponse:
    """Sign somebody else's check."""
    file = _file(request, file_id)
    countersign_check(check_id=check_id, scope=request.sight, by=request.actor, at=request.at)
    messages.success(request, gettext("Countersigned."))
    return redirect("person", person_id=file.person_id)


@act("observation.record")
def sign(request: DeskRequest, file_id: UUID) -> HttpResponse:
    """Sign a day by name; from then on it is only corrected."""
    file = _file(request, file_id)
    try:
        day = datetime.strptime(request.POST.get("day", ""), "%Y-%m-%d").date()  # noqa: DTZ007
    except ValueError as error:
        raise Refused("day-missing") from error
    sign_day(file_id=file.id, day=day, scope=request.sight, by=request.actor, at=request.at)
    messages.success(request, gettext("The day is signed."))
    return redirect("person", person_id=file.person_id)


def _file(request: DeskRequest, file_id: UUID) -> FileRow:
    file = files_by_ids(request.sight, [file_id]).get(file_id)
    if file is None:
        raise Refused("file-not-found")
    return file


def _form(request: DeskRequest, file: FileRow, told: str, *, correcting: bool = False) -> HttpResponse:
    pack = pack_of(file.revision_id)
    day_no = (request.today - file.day_zero).days
    stage = stage_on(pack, file.protocol, day_no)
    role_set = stage.quorum.of if stage.quorum else stage.team
    sent = request.POST
    now = request.at.astimezone(timezone.get_current_timezone())
    context = {
        "file": file,
        "person": person(request.sight, file.person_id),
        "places": spoken_names([file.area]),
        "told": told,
        "correcting": correcting,
        "check_id": sent.get("id") or str(uuid7()),
        "taken_at": sent.get("taken_at") or f"{now:%Y-%m-%dT%H:%M}",
        "temperature": sent.get("temperature", ""),
        "likely": [f"{deci // 10}.{deci % 10}" for deci in LIKELY],
        "symptoms": _marked(symptom_titles(pack), sent.getlist("symptom")),
        "channels": _marked(
            {code: str(CHANNELS[code]) for code in stage.channel}, [sent.get("channel", stage.channel[0])]
        ),
        "outcomes": _marked({k: str(v) for k, v in OUTCOMES.items()}, [sent.get("outcome", "done")]),
        "seen": _marked({k: str(v) for k, v in SEEN.items()}, [sent.get("seen", "person")]),
        "roles": _marked(role_titles(pack, role_set), sent.getlist("role")) if stage.quorum else [],
        "quorum": stage.quorum.roles_at_least if stage.quorum else 0,
        "team": _team(file, pack, sent.getlist("came")) if stage.quorum else [],
        "remote": bool(REMOTE.intersection(stage.channel)),
        "thermometers": _marked({k: str(v) for k, v in THERMOMETERS.items()}, [sent.get("thermometer", "")]),
        "witnesses": _marked({k: str(v) for k, v in WITNESSES.items()}, [sent.get("witness", "")]),
        "photo": sent.get("photo", ""),
        "note": sent.get("note", ""),
        "reason": sent.get("reason", ""),
        "day_no": day_no,
        "last_day_no": (file.last_day - file.day_zero).days,
        "then": _then(request),
        "today": request.today,
    }
    return render(request, "desk/check.html", context, status=422 if told else 200)


def _marked(titles: dict[str, str], chosen: list[str]) -> list[tuple[str, str, bool]]:
    return [(code, title, code in chosen) for code, title in titles.items()]


def _command(sent: QueryDict, file_id: UUID, at: datetime) -> CheckCommand:
    """What was filled in. Refuses `check-unreadable` where a field cannot be read."""
    outcome = sent.get("outcome", "done")
    seen = sent.get("seen", "person") if outcome == "done" else "nobody"
    check_id = uuid_or_none(sent.get("id", ""))
    if check_id is None:
        raise Refused("check-unreadable", field="id")
    return CheckCommand(
        id=check_id,
        file_id=file_id,
        taken_at=_taken_at(sent.get("taken_at", ""), at),
        channel=sent.get("channel", ""),
        outcome=outcome,
        deci=_deci(sent.get("temperature", "")) if outcome == "done" else None,
        symptoms=tuple(code for code in sent.getlist("symptom") if code) if outcome == "done" else (),
        seen=seen,
        roles=tuple(sent.getlist("role")) if outcome == "done" else (),
        note=sent.get("note", "").strip(),
        came=_came(sent) if outcome == "done" else (),
        **_remote(sent, outcome),
    )


def _came(sent: QueryDict) -> tuple[UUID, ...]:
    return tuple(found for text in sent.getlist("came") if (found := uuid_or_none(text)))


class _Remote(TypedDict, total=False):
    thermometer: str
    witness: str
    photo_seen: bool


def _remote(sent: QueryDict, outcome: str) -> _Remote:
    """How a remote check was measured and who saw it; nothing for a visit, where the worker stood by."""
    if outcome != "done" or sent.get("channel", "") not in REMOTE:
        return {}
    told = _Remote(thermometer=sent.get("thermometer", ""), witness=sent.get("witness", ""))
    if sent.get("photo") in ("yes", "no"):
        told["photo_seen"] = sent.get("photo") == "yes"
    return told


def _team(file: FileRow, pack: Pack, chosen: list[str]) -> list[tuple[str, str, str, bool]]:
    """The workers assigned to the household: id, name, role, ticked."""
    members = team_of(Scope.everything(), "household", file.household_id) if file.household_id else []
    titles = role_titles(pack, None)
    return [
        (str(m.worker.id), m.worker.name, titles.get(m.role, m.role), str(m.worker.id) in chosen)
        for m in members
    ]


def _taken_at(text: str, at: datetime) -> datetime:
    """The instant typed, in the zone of the page; the present minute is now, never the future."""
    try:
        typed = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused("check-unreadable", field="taken_at") from error
    local = typed if typed.tzinfo else typed.replace(tzinfo=timezone.get_current_timezone())
    return min(local, at) if abs((local - at).total_seconds()) < 90 else local


def _deci(text: str) -> int | None:
    """Degrees as typed (36.5, 36,5, ３６．５, 365) in tenths; empty is not measured."""
    plain = text.strip().translate(str.maketrans("０１２３４５６７８９．，,", "0123456789..."))
    if not plain:
        return None
    whole, dot, tenth = plain.partition(".")
    if not whole.isdigit() or (dot and not tenth.isdigit()):
        raise Refused("temperature-unreadable", value=text)
    if not dot:
        return int(whole) if len(whole) == 3 else int(whole) * 10
    return int(whole) * 10 + int(tenth[0])


def _then(request: DeskRequest) -> str:
    asked = request.GET.get("then", "").split(",")
    return ",".join(part for part in asked if uuid_or_none(part))


def _after(request: DeskRequest, file: FileRow, receipt: CheckReceipt) -> HttpResponse:
    _tell(request, file, receipt)
    if receipt.alerts:
        tick_now()  # whom the pack tells is told within seconds, not at the next full minute
        return redirect("person", person_id=file.person_id)
    following = [part for part in _then(request).split(",") if part]
    if following:
        address = reverse("check", kwargs={"file_id": following[0]})
        rest = ",".join(following[1:])
        return redirect(f"{address}?then={rest}" if rest else address)
    return redirect("today")


def _tell(request: DeskRequest, file: FileRow, receipt: CheckReceipt) -> None:
    if receipt.alerts:
        told = gettext("Alarm: {what}. Ring the medic and the town now; it climbs if nobody answers.")
        what = "、".join(alert_words(file.revision_id, code) for code in receipt.alerts)
        messages.error(request, told.format(what=what))
    else:
        messages.success(request, gettext("Saved."))
