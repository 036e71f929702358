"""微信群 Chat groups: the list, one with its roster and robot, the sheets for the leaders."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.desk.dates import day_words
from shouwang.desk.gate import DeskRequest, act, page
from shouwang.desk.messagewords import CHANNEL_KINDS, GROUP_FILTERS, GROUP_STATES, MESSAGE_STATES
from shouwang.desk.packwords import language, role_titles
from shouwang.desk.paging import PAGE, cut, uuid_or_none
from shouwang.desk.policy import pack_here
from shouwang.journeys.form_groups import form_household_groups
from shouwang.kernel.errors import Refused
from shouwang.outreach import actions, queries
from shouwang.outreach.actions.sheets import MOST
from shouwang.outreach.rules import AT_LEAST, CONTACT
from shouwang.places.queries import spoken_names


@page("group.view")
def groups(request: DeskRequest) -> HttpResponse:
    """Groups of the places in sight, what each still needs, and who is in too many."""
    state, text = request.GET.get("state", ""), request.GET.get("q", "")
    leader = uuid_or_none(request.GET.get("leader", ""))
    found = queries.group_page(
        request.sight,
        state=state,
        text=text,
        leader=leader,
        after=request.GET.get("after", ""),
        limit=PAGE + 1,
    )
    pages = cut(found, lambda row: row.cursor)
    counts = queries.group_counts(request.sight)
    context = {
        "rows": [(row, *GROUP_STATES[row.state]) for row in pages.rows],
        "next": pages.next,
        "counts": counts,
        "filters": [
            (code, title, counts[code])
            for code, title in GROUP_FILTERS.items()
            if counts[code] or code == "all"
        ],
        "state": state or "all",
        "q": text,
        "leader": leader or "",
        "crowded": queries.in_many_groups(request.sight),
        "places": spoken_names(row.area for row in pages.rows),
        "may_form": request.scope.holds("team.assign"),
        "least": AT_LEAST,
        "most": MOST,
    }
    return render(request, "desk/groups.html", context)


@act("team.assign")
def form(request: DeskRequest) -> HttpResponse:
    """Form the groups of every staffed household in sight, and bring rosters up to date."""
    area = request.sight.areas[0]
    formed = form_household_groups(area=area, scope=request.scope, by=request.actor, at=request.at)
    told = gettext("{new} groups formed, {changed} rosters changed, {closed} ended.")
    messages.success(
        request, told.format(new=len(formed.new), changed=len(formed.changed), closed=formed.closed)
    )
    return redirect("groups")


@page("group.view")
def group(request: DeskRequest, group_id: UUID) -> HttpResponse:
    """One group: who belongs in it, what the leader still has to do, its robot, what was told in it."""
    row = queries.group(request.sight, group_id)
    roster = queries.rosters(request.sight, [group_id]).get(group_id, [])
    titles = _titles(request, row.area)
    context = {
        "row": row,
        "state": GROUP_STATES[row.state],
        "kind": CHANNEL_KINDS.get(row.channel_kind, ""),
        "roster": [(m, "、".join(titles.get(code, code) for code in m.role.split())) for m in roster],
        "to_do": [m for m in roster if m.to_add or m.to_remove],
        "told": [
            (m, *MESSAGE_STATES[m.state])
            for m in queries.messages_to(request.sight, group_id, lang=language())
        ],
        "places": spoken_names([row.area]),
        "least": AT_LEAST,
        "may_manage": request.scope.only("group.manage").allows("group.manage", row.area),
    }
    return render(request, "desk/group.html", context)


@act("group.manage")
def created(request: DeskRequest, group_id: UUID) -> HttpResponse:
    """The leader says that the group is there."""
    actions.mark_group_created(group_id=group_id, scope=request.sight, by=request.actor, at=request.at)
    return redirect("group", group_id=group_id)


@act("group.manage")
def members(request: DeskRequest, group_id: UUID) -> HttpResponse:
    """The leader says who was added and who was taken out."""
    ids = [found for text in request.POST.getlist("member") if (found := uuid_or_none(text))]
    actions.mark_members(group_id=group_id, members=ids, scope=request.sight, by=request.actor, at=request.at)
    return redirect("group", group_id=group_id)


@act("group.manage")
def connect(request: DeskRequest, group_id: UUID) -> HttpResponse:
    """Connect the robot by its webhook, as pasted or scanned."""
    actions.connect_robot(
        group_id=group_id,
        webhook=request.POST.get("webhook", ""),
        sign=request.POST.get("sign", ""),
        scope=request.sight,
        by=request.actor,
        at=request.at,
    )
    messages.success(request, gettext("The robot is connected; the next message goes into the group."))
    return redirect("group", group_id=group_id)


@act("group.view")
def sheets(request: DeskRequest) -> HttpResponse:
    """The sheets of one group, or of all on the list as it is narrowed (at most 300)."""
    one = uuid_or_none(request.POST.get("group", ""))
    if one is not None:
        found = [queries.group(request.sight, one)]
    else:
        found = queries.group_page(
            request.sight,
            state=request.POST.get("state", ""),
            text=request.POST.get("q", ""),
            leader=uuid_or_none(request.POST.get("leader", "")),
            limit=MOST,
        )
    if not found:
        raise Refused("group-not-found")
    made = actions.print_group_sheets(
        groups=[row.id for row in found],
        scope=request.sight,
        roles=_titles(request, found[0].area),
        places=spoken_names(row.area for row in found),
        public_url=settings.PUBLIC_URL,
        printed=day_words(request.today),
        by=request.actor,
        at=request.at,
    )
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(gettext('Group sheets'))}.pdf"
    return answer


def _titles(request: DeskRequest, area: str) -> dict[str, str]:
    """Titles of roles by the pack of the place, and of the household's contact."""
    try:
        titles = role_titles(pack_here(request.sight, request.at, area)[1], None)
    except Refused:
        titles = {}
    return titles | {CONTACT: gettext("Contact of the household")}
