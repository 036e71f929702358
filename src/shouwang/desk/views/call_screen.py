"""One call on one screen: what was tried, what is asked, what was answered before; and what its answers became."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from shouwang.desk.colleagues import to_choose
from shouwang.desk.gate import DeskRequest
from shouwang.desk.packwords import alert_words, every_role_title, language
from shouwang.desk.paging import uuid_or_none
from shouwang.desk.reaching import (
    CHANNELS,
    FACTS,
    OUTCOMES,
    SOURCES,
    answers_told,
    asked,
    outcome_words,
    purpose_words,
    script_titles,
    subjects,
)
from shouwang.desk.words import problem_words
from shouwang.journeys.reveal_call import is_my_call
from shouwang.journeys.take_statement import Taken
from shouwang.kernel.areas import town_of
from shouwang.kernel.ids import uuid7
from shouwang.packs.schema import Pack
from shouwang.people.queries import person as one_person
from shouwang.places.queries import spoken_names
from shouwang.policy.queries import RevisionRow, pack_of
from shouwang.screening.actions import (
    StatementCommand,
)
from shouwang.screening.queries import (
    ReachRow,
    appointments,
    attempts_of,
    statements_of,
)
from shouwang.workforce.queries import workers


def command_of(request: DeskRequest, person_id: UUID, purpose: str) -> StatementCommand:
    """What was sent, as the answers of one person to one script."""
    sent = request.POST
    prefix = "a-"
    said = {key.removeprefix(prefix): sent.getlist(key) for key in sent if key.startswith(prefix)}
    corrects = sent.get("corrects") == "yes"
    return StatementCommand(
        id=uuid_or_none(sent.get("id", "")) or uuid7(),
        person_id=person_id,
        script=sent.get("script", ""),
        source=sent.get("source", "call"),
        told_at=request.at,
        answers=said,
        purpose=purpose,
        is_correction=corrects,
        reason=sent.get("reason", "") if corrects else "",
    )


def tell(request: DeskRequest, taken: Taken, revision: RevisionRow) -> None:
    """Say what the answers became: facts, values to verify, a file; an alarm first."""
    if taken.alerts:
        told = gettext("Alarm: {what}. Ring the medic and the town now; it climbs if nobody answers.")
        what = "、".join(alert_words(revision.id, code) for code in taken.alerts)
        messages.error(request, told.format(what=what))
        return
    lines = [str(FACTS[fact]) for fact in dict.fromkeys(taken.facts)]
    lines += [problem_words(code) for code in taken.to_verify]
    if taken.opened:
        lines.append(gettext("an observation file was opened"))
    messages.success(request, gettext("Saved.") + ("".join(f" {line}；" for line in lines)).rstrip("；"))


def screen(request: DeskRequest, subject: UUID, row: ReachRow | None, pack: Pack, told: str) -> HttpResponse:
    """The page of one call, or of somebody who rings by themselves (`row` None)."""
    is_person = row is None or row.subject_kind == "person"
    shown = one_person(request.sight, subject) if is_person else None
    titles = script_titles(pack)
    code = request.POST.get("script") or request.GET.get("script") or (row.script if row else "")
    script = next((s for s in pack.scripts if s.code == code), pack.scripts[0] if pack.scripts else None)
    earlier = statements_of(request.sight, subject, limit=6) if shown else []
    sent = {key.removeprefix("a-"): request.POST.getlist(key) for key in request.POST if key.startswith("a-")}
    calling = row is None or row.next_channel == "phone" or row.state != "open"
    who = subjects(request.sight, [row]) if row and not shown else {}
    context = {
        "told": told,
        "reach": row,
        "person": shown,
        "name": shown.name if shown else getattr(who.get(subject), "name", "—"),
        "subject": who.get(subject),
        "today": request.today,
        "script": script,
        "script_title": script.title.text(language()) if script else "",
        "scripts": titles,
        "questions": asked(script, pack, sent) if script and shown and calling else [],
        "outcomes": OUTCOMES.get(row.next_channel if row else "phone", OUTCOMES["door"]),
        "call_outcomes": OUTCOMES["phone"],
        "outcome": request.POST.get("outcome", ""),
        "statement_id": request.POST.get("id") or str(uuid7()),
        "sources": SOURCES,
        "source": request.POST.get("source", "self"),
        "attempts": [
            (one, CHANNELS.get(one.channel, one.channel), outcome_words(one.outcome))
            for one in attempts_of(request.sight, subject, purpose=row.purpose if row else None)[:8]
        ],
        "earlier": [_earlier(one) for one in earlier],
        "can_correct": any(one.script == (script.code if script else "") for one in earlier),
        "purpose": purpose_words(row.purpose, pack) if row else "",
        "pending": _pending(request, row),
        "colleagues": to_choose(
            workers(request.sight, area=town_of(row.area), limit=200) if row else [], every_role_title(pack)
        ),
        "places": spoken_names([shown.area if shown else row.area if row else ""]),
        "is_mine": bool(row and is_my_call(row, request.actor, request.at)),
        "may_reveal": bool(shown and request.scope.allows("person.reveal", shown.area)),
        "now": request.at,
        "tomorrow": f"{request.today + timedelta(days=1)}T09:00",
    }
    return render(request, "desk/call.html", context, status=422 if told else 200)


def _pending(request: DeskRequest, row: ReachRow | None) -> object | None:
    if row is None or row.appointment_id is None:
        return None
    far = datetime.max.replace(tzinfo=request.at.tzinfo)
    found = appointments(request.sight.narrowed(row.area), until=far, limit=500)
    return next((one for one in found if one.id == row.appointment_id), None)


def _earlier(one: object) -> dict[str, object]:
    row = one
    pack = pack_of(row.revision_id)  # type: ignore[attr-defined]
    return {
        "row": row,
        "script": script_titles(pack).get(row.script, ""),  # type: ignore[attr-defined]
        "source": SOURCES.get(row.source, ""),  # type: ignore[attr-defined]
        "answers": answers_told(row, pack),  # type: ignore[arg-type]
    }
