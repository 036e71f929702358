"""观察档案 What is done to an observation file besides checks: extend, hand over, release, ask to release early."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from shouwang.desk.gate import DeskRequest, act
from shouwang.desk.paging import uuid_or_none
from shouwang.desk.refusals import sentence
from shouwang.desk.words import reason_code_words
from shouwang.journeys.release_person import release_with_certificate
from shouwang.kernel.errors import Refused
from shouwang.observation.actions import ask_early_release, extend_file, hand_over
from shouwang.observation.queries import FileRow, files_by_ids


@act("observation.release")
def release(request: DeskRequest, file_id: UUID) -> HttpResponse:
    """Release on time; refused with every reason the rule gives."""
    file = _file(request, file_id)
    try:
        release_with_certificate(file_id=file.id, scope=request.scope, by=request.actor, at=request.at)
    except Refused as refused:
        if refused.code != "release-refused":
            raise
        codes = str(refused.params.get("reasons", "")).split(",")
        told = " ".join(dict.fromkeys(reason_code_words(code) for code in codes))
        messages.error(request, f"{sentence(refused)} {told}")
        return redirect("person", person_id=file.person_id)
    messages.success(request, gettext("Released. The certificate is issued; print it under Papers."))
    return redirect("person", person_id=file.person_id)


@act("observation.release-early")
def release_early(request: DeskRequest, file_id: UUID) -> HttpResponse:
    """Ask for a release before the last day; a second person decides."""
    file = _file(request, file_id)
    ask_early_release(
        file_id=file.id,
        reason=request.POST.get("reason", ""),
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("Asked. Another person has to approve."))
    return redirect("person", person_id=file.person_id)


@act("observation.manage")
def extend(request: DeskRequest, file_id: UUID) -> HttpResponse:
    """Order a later last day, with the reason."""
    file = _file(request, file_id)
    try:
        until = date.fromisoformat(request.POST.get("until", ""))
    except ValueError as error:
        raise Refused("day-missing") from error
    extend_file(
        file_id=file.id,
        until=until,
        reason=request.POST.get("reason", ""),
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("Extended. The planned end stays written beside the ordered one."))
    return redirect("person", person_id=file.person_id)


@act("observation.manage")
def pass_on(request: DeskRequest, file_id: UUID) -> HttpResponse:
    """Hand the file over to another worker."""
    file = _file(request, file_id)
    worker = uuid_or_none(request.POST.get("worker", ""))
    if worker is None:
        raise Refused("worker-not-found")
    hand_over(
        file_ids=[file.id],
        to_owner=worker,
        reason=request.POST.get("reason", ""),
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("Handed over."))
    return redirect("person", person_id=file.person_id)


def _file(request: DeskRequest, file_id: UUID) -> FileRow:
    file = files_by_ids(request.sight, [file_id]).get(file_id)
    if file is None:
        raise Refused("file-not-found")
    return file
