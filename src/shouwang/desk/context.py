"""What every page's shell needs: the instant, the place, the side list, the counts on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.rules import ROLES
from shouwang.kernel.scope import Scope
from shouwang.places.queries import spoken_names


@dataclass(frozen=True, slots=True)
class NavItem:
    """One line of the side list."""

    name: str
    """URL name."""
    title: str | Promise
    permission: str | None
    area: str
    """The part of the address that marks it as the present one."""


SECTIONS: tuple[tuple[str | Promise, tuple[NavItem, ...]], ...] = (
    (
        _("Now"),
        (
            NavItem("today", _("Today"), None, "today"),
            NavItem("due", _("To do"), "observation.view", "due"),
            NavItem("alerts", _("Alarms"), "observation.view", "alert"),
        ),
    ),
    (
        _("Find"),
        (
            NavItem("sweeps", _("Sweeps"), "sweep.view", "sweep"),
            NavItem("imports", _("Import"), "import.run", "import"),
            NavItem("calls", _("Calls"), "person.view", "call"),
            NavItem("away", _("Workers away"), "person.view", "away"),
            NavItem("arrivals", _("Arrivals"), "person.view", "arrival"),
            NavItem("verify", _("To verify"), "verify.resolve", "verify"),
            NavItem("ledgers", _("Ledgers"), "ledger.view", "ledger"),
        ),
    ),
    (
        _("Watch over"),
        (
            NavItem("watched", _("Under observation"), "observation.view", "watched"),
            NavItem("tests", _("Tests"), "observation.view", "test"),
            NavItem("round", _("Doctor's round"), "observation.record", "round"),
            NavItem("papers", _("Papers"), "paper.issue", "paper"),
        ),
    ),
    (
        _("Teams"),
        (
            NavItem("vacancies", _("Vacancies"), "team.assign", "vacanc"),
            NavItem("workers", _("Workers"), "team.assign", "worker"),
            NavItem("rosters", _("Rosters"), "observation.view", "roster"),
            NavItem("serving", _("Who serves where"), "team.view", "serving"),
            NavItem("groups", _("Groups"), "group.view", "group"),
            NavItem("messages", _("Messages"), "message.view", "message"),
            NavItem("chain", _("Responsibility"), "team.view", "chain"),
        ),
    ),
    (
        _("The evening"),
        (
            NavItem("close-out", _("Close-out"), "observation.view", "close-out"),
            NavItem("clears", _("Three clears"), "observation.view", "clears"),
            NavItem("report", _("Report"), "report.view", "report"),
        ),
    ),
    (
        _("House"),
        (
            NavItem("approvals", _("Approvals"), "approval.decide", "approval"),
            NavItem("packs", _("Packs"), "pack.view", "pack"),
            NavItem("channels", _("Channels"), "channel.manage", "channel"),
            NavItem("users", _("Log-ins"), "user.manage", "user"),
            NavItem("devices", _("Phones"), "device.manage", "device"),
            NavItem("journal", _("Journal"), "journal.view", "journal"),
        ),
    ),
)
"""The side list, by what the work is: found, watched over, by whom, told; and the house itself."""


@dataclass(slots=True)
class Shell:
    """What the frame of a page shows."""

    nav: list[tuple[str | Promise, list[tuple[NavItem, str, bool]]]] = field(default_factory=list)
    """Section → (item, address, is it the present page); a section with nothing in it is left out."""
    roles: list[str] = field(default_factory=list)
    place: str = ""
    can_search: bool = False

    @property
    def role_titles(self) -> str:
        """The person's roles, in words."""
        return "、".join(str(gettext(title)) for title in self.roles)


def shell(request: HttpRequest) -> dict[str, object]:
    """The instant of the page, the scope, and whether this is the demonstration."""
    scope: Scope | None = getattr(request, "scope", None)
    return {
        "at": getattr(request, "at", None),
        "scope": scope,
        "is_demo": settings.DEMO,
        "shell": SimpleLazyObject(lambda: _shell(request, scope)),
    }


def _shell(request: HttpRequest, scope: Scope | None) -> Shell:
    if scope is None or not scope.grants:
        return Shell()
    match = request.resolver_match
    here = (match.url_name or "") if match else ""
    sections = [
        (
            title,
            [
                (item, reverse(item.name), here.startswith(item.area))
                for item in items
                if item.permission is None or scope.holds(item.permission)
            ],
        )
        for title, items in SECTIONS
    ]
    return Shell(
        nav=[section for section in sections if section[1]],
        roles=sorted(ROLES[role].title for role in scope.roles if role in ROLES),
        place=place_name(scope),
        can_search=scope.holds("person.view"),
    )


def place_name(scope: Scope) -> str:
    """The place a scope is about, as people call it."""
    areas = scope.areas
    known = spoken_names(areas)
    return "、".join(known.get(area, gettext("everywhere")) for area in areas[:2])
