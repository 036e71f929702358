"""一人一档 A person: one page, the whole story in order."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.classification.queries import DecisionRow, decisions_of
from shouwang.desk import chains, protocol, story, teams
from shouwang.desk.colleagues import to_choose
from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.packwords import category_words, every_role_title, stage_on, symptom_titles
from shouwang.desk.told import told_of
from shouwang.desk.views.papers import papers_told
from shouwang.desk.words import FIELDS, SEXES, STATES, channel_words, id_words, reason_code_words
from shouwang.devices.queries import came_by_phone
from shouwang.kernel.areas import town_of
from shouwang.kernel.decision import Decision
from shouwang.kernel.errors import Refused
from shouwang.kernel.names import initials, sort_key
from shouwang.kernel.scope import Scope
from shouwang.observation.queries import FilePage, file_page, files_of_person, release_verdict
from shouwang.packs.schema import Pack
from shouwang.people import actions, queries
from shouwang.people.queries import PersonRow
from shouwang.places.queries import spoken_names
from shouwang.policy.queries import pack_in_force, pack_of
from shouwang.workforce.queries import ChainTarget, workers, workers_by_ids

MAY = {
    "reveal": "person.reveal",
    "call": "reach.record",
    "correct": "person.edit",
    "record": "observation.record",
    "countersign": "observation.countersign",
    "manage": "observation.manage",
    "release": "observation.release",
    "release_early": "observation.release-early",
    "issue": "paper.issue",
}
"""What the buttons of the page ask for."""


@page("person.view")
def person(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Who, where, looked after by whom, and every day of it."""
    shown = queries.person(request.sight, person_id)
    health = request.scope.only("observation.view")
    files = files_of_person(health, person_id)
    pages = [file_page(health, file.id, request.at) for file in files]
    decisions = decisions_of(request.sight, person_id)
    residences = queries.residences_of(request.sight, person_id)
    days = story.told_days(
        pages,
        decisions,
        residences,
        queries.corrections_of(request.sight, person_id),
        request.today,
        protocol.facts_of_pages(request, pages),
        came_by_phone(story.check_ids(pages)),
    )
    context = {
        "person": shown,
        "sex": SEXES.get(shown.sex, ""),
        "places": spoken_names([shown.area]),
        "today": request.today,
        "fields": FIELDS,
        "days": days,
        "category": _category(decisions),
        "may": {name: request.scope.allows(code, shown.area) for name, code in MAY.items()},
        **_team(request, shown, pages),
        "chain": chains.drawn(
            request.sight, ChainTarget("person", str(person_id), shown.area, shown.household_id), request.at
        ),
        "told_about": chains.told_about(health, pages, request.user.pk) if pages else [],
        "told": told_of(request.sight, person_id, _pack(request, shown)),
        **_current(request, pages),
        **protocol.told(request, person_id, pages),
        "papers": papers_told(request, [page.file.id for page in pages]),
    }
    return render(request, "desk/person.html", context)


def _category(decisions: list[DecisionRow]) -> str:
    if not decisions or decisions[0].category is None:
        return ""
    return category_words(decisions[0].revision_id, decisions[0].category)


def _pack(request: DeskRequest, shown: PersonRow) -> Pack | None:
    try:
        return pack_in_force(request.sight, shown.area, request.at)[1]
    except Refused:
        return None


def _team(request: DeskRequest, shown: PersonRow, pages: list[FilePage]) -> dict[str, object]:
    sight: Scope = request.scope.only("team.view")
    try:
        pack = (
            pack_of(pages[0].file.revision_id) if pages else pack_in_force(sight, shown.area, request.at)[1]
        )
    except Refused:
        return {"team": []}
    category = pages[0].file.category if pages else ""
    role_set = next((c.team for c in pack.categories if c.code == category), None)
    if not pages:
        return {"team": []}
    return {"team": teams.team(sight, shown.household_id, pack, role_set, area=shown.area)}


def _current(request: DeskRequest, pages: list[FilePage]) -> dict[str, object]:
    """The file that is shown on top: the open one, else the latest."""
    if not pages:
        return {"file": None}
    told = next((p for p in pages if p.file.state == "open"), pages[0])
    file, pack = told.file, pack_of(told.file.revision_id)
    health = request.scope.only("observation.view")
    day_no = (request.today - file.day_zero).days
    owner = workers_by_ids(Scope.everything(), [file.owner_id]).get(file.owner_id) if file.owner_id else None
    is_open = file.state == "open"
    verdict = release_verdict(health, file.id, pack, request.at) if is_open else Decision.no()
    manages = is_open and request.scope.allows("observation.manage", file.area)
    stage = stage_on(pack, file.protocol, day_no)
    cell = next((c for d in told.days for c in d.cells if c.slot == file.next_slot), None)
    return {
        "file": file,
        "page": told,
        "is_open": is_open,
        "state": STATES.get(file.state, file.state),
        "day_no": day_no,
        "last_day_no": (file.last_day - file.day_zero).days,
        "stage": stage.title,
        "owner": owner,
        "next_channel": channel_words(cell.channels[0]) if cell and cell.channels else "",
        "verdict": verdict,
        "why_not": list(dict.fromkeys(reason_code_words(r.code) for r in verdict.reasons)),
        "readings": story.readings(told),
        "limit": _limit(told, request),
        "others": [p.file for p in pages if p.file.id != file.id],
        "colleagues": to_choose(
            workers(request.scope.only("team.view"), area=town_of(file.area)) if manages else [],
            every_role_title(pack),
        ),
        "symptoms": symptom_titles(pack),
        "grid": story.paper_grid(told),
    }


def _limit(told: FilePage, request: DeskRequest) -> int:
    try:
        return pack_of(told.file.revision_id).value("fever-line", on=request.today)
    except Refused:
        return 373


@act("person.reveal")
def reveal(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Full identifiers, after a purpose was given; shown once, in place."""
    opened = actions.reveal_person(
        scope=request.sight,
        person_id=person_id,
        purpose=request.POST.get("purpose", ""),
        by=request.actor,
        at=request.at,
    )
    rows = [(id_words(kind), value) for kind, value in opened]
    return render(request, "desk/parts/revealed.html", {"rows": rows})


@act("person.edit")
def correct(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Correct one field with a reason; what stood there is kept."""
    queries.person(request.sight, person_id)
    field, value = request.POST.get("field", ""), request.POST.get("value", "").strip()
    is_name = field == "name"
    if is_name and not value:
        raise Refused("name-missing")
    actions.correct_person(
        person_id=person_id,
        name=field,
        value=value,
        sort_key=sort_key(value) if is_name else "",
        initials=initials(value) if is_name else "",
        reason=request.POST.get("reason", ""),
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("Corrected. What stood there before is kept."))
    return redirect("person", person_id=person_id)
