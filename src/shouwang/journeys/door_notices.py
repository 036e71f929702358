"""温馨提示 for a whole village: every door behind which somebody must stay, in one PDF.

A household whose notice still says the right days keeps it, with its serial; where the end moved, the old one is
revoked and a new one issued. Whose observation restricts nothing gets no notice on the door (LESSONS 24).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from shouwang.journeys.paper_content import EVERYTHING, ISSUE, office_of, wording_of
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.queries.households import RestrictedHome, restricted_homes
from shouwang.outreach.actions import NewPaper, issue_papers, print_doors
from shouwang.outreach.queries import DoorPaper, door_papers
from shouwang.outreach.rules import DoorContent, PaperKind, Style, Wording
from shouwang.people.queries import households_by_ids
from shouwang.places.queries import zone_of
from shouwang.policy.queries import pack_in_force
from shouwang.workforce.queries import workers_by_ids
from shouwang.workforce.rules import natural_key

HOUSEHOLD = "household"
CHANGED = "观察起止或联系方式有变，换发"


@dataclass(frozen=True, slots=True)
class Doors:
    """What was printed: one PDF, how many pages, how many of them issued now."""

    pdf: bytes
    papers: tuple[UUID, ...]
    issued: int
    replaced: int


def doors_by_village(scope: Scope) -> dict[str, int]:
    """How many doors need a notice, by village or grid. One query."""
    return dict(Counter(home.area for home in restricted_homes(scope).values()))


@transaction.atomic
def print_village(scope: Scope, area: str, *, by: Actor, at: datetime) -> Doors:
    """Issue what is missing and print the notices of every restricted household of a place, street by street.

    Refuses `not-permitted`, `no-doors`, `too-many-papers` (print village by village), `font-missing`.
    """
    if not scope.allows(ISSUE, area):
        raise Refused("not-permitted", permission=ISSUE)
    homes = restricted_homes(scope, area=area)
    if not homes:
        raise Refused("no-doors")
    _, pack = pack_in_force(EVERYTHING, area, at)
    wording, style = wording_of(PaperKind.DOOR, area, pack)
    contents = _contents(homes, area, style)
    held = door_papers(scope, list(homes))
    stale = {
        home: paper for home, paper in held.items() if not _still_right(paper, contents[home], wording, style)
    }
    missing = [home for home in homes if home not in held or home in stale]
    made = issue_papers(
        items=[NewPaper(contents[home], (HOUSEHOLD, home), homes[home].area) for home in missing],
        area=area,
        zone=zone_of(area),
        wording=wording,
        style=style,
        outdated=[paper.id for paper in stale.values()],
        reason=CHANGED,
        by=by,
        at=at,
    )
    papers = {home: paper.id for home, paper in held.items()} | dict(zip(missing, made, strict=True))
    order = tuple(papers[home] for home in _street(homes))
    pdf = print_doors(scope=scope, ids=order, area=area, public_url=settings.PUBLIC_URL, by=by, at=at)
    return Doors(pdf, order, len(made), len(stale))


def _contents(homes: dict[UUID, RestrictedHome], area: str, style: Style) -> dict[UUID, DoorContent]:
    owners = workers_by_ids(EVERYTHING, {home.owner_id for home in homes.values() if home.owner_id})
    office = style.office or office_of(area)
    told = {}
    for home_id, home in homes.items():
        owner = owners.get(home.owner_id) if home.owner_id else None
        contact = f"{owner.name}{owner.telephone}" if owner else office
        told[home_id] = DoorContent(office=office, start=home.start, last=home.last, contact=contact)
    return told


def _still_right(paper: DoorPaper, content: DoorContent, wording: Wording, style: Style) -> bool:
    shown = (paper.last, paper.contact, paper.office, paper.title, paper.style)
    return shown == (content.last, content.contact, content.office, wording.title, style)


def _street(homes: dict[UUID, RestrictedHome]) -> list[UUID]:
    """The households as one walks: by village, group and door."""
    doors = {row.id: row.address for row in households_by_ids(EVERYTHING, list(homes))}
    return sorted(homes, key=lambda home: (homes[home].area, natural_key(doors.get(home, "")), str(home)))
