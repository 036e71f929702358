"""What the papers about an observation file say, filled from the rooms that know it.

Printed values only: a paper says tomorrow what it said when it was issued. Names and full identifiers are read
without the caller's scope, because the paper is for the person; whoever issues it needs `paper.issue`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from shouwang.kernel.actor import Actor
from shouwang.kernel.days import local_day
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.queries import FilePage, FileRow, file_page, files_by_ids
from shouwang.outreach.actions import issue_paper
from shouwang.outreach.queries import template_for
from shouwang.outreach.rules import (
    PLAIN,
    CertificateContent,
    Content,
    NoticeContent,
    PaperKind,
    PledgeContent,
    Style,
    Wording,
    pack_wording,
)
from shouwang.packs.schema import Pack, Protocol, Title
from shouwang.people.queries import PersonRow, person, revealed
from shouwang.places.queries import ancestors
from shouwang.places.rules import village_name
from shouwang.policy.queries import pack_of
from shouwang.workforce.queries import Member, teams_beside, workers_by_ids

EVERYTHING = Scope.everything()
SUBJECT = "observation-file"
"""What papers about a file are filed under."""

ISSUE = "paper.issue"
SEXES = {"m": "男", "f": "女"}
PLACES = {"home": "家中", "facility": "集中医学观察点", "hospital": "医院", "anywhere": "居住地"}
ID_KINDS = {
    "id-18": "身份证",
    "id-15": "身份证",
    "permit-hk": "港澳居民居住证",
    "permit-mo": "港澳居民居住证",
    "permit-tw": "台湾居民居住证",
    "permit-foreign": "外国人永久居留证",
    "passport": "护照",
    "travel-permit": "通行证",
}
USUAL_LINE = "37.3"


def file_for_paper(scope: Scope, file_id: UUID, *permissions: str) -> FileRow:
    """The file a paper is asked for. Refuses `file-not-found` (also out of scope), `not-permitted`."""
    file = files_by_ids(scope, [file_id]).get(file_id)
    if file is None:
        raise Refused("file-not-found")
    for permission in permissions:
        if not scope.allows(permission, file.area):
            raise Refused("not-permitted", permission=permission)
    return file


@dataclass(frozen=True, slots=True)
class Told:
    """A file with everything that its papers tell: the story, the person, the rules, the office."""

    page: FilePage
    person: PersonRow
    pack: Pack
    office: str
    address: str
    id_kind: str
    id_number: str
    telephone: str

    @property
    def file(self) -> FileRow:
        return self.page.file

    @property
    def protocol(self) -> Protocol:
        return self.pack.protocol(self.file.protocol)

    @property
    def place(self) -> str:
        """Where the person stays, in words."""
        return PLACES[self.protocol.stages[0].place]

    @property
    def start(self) -> date:
        """The first day of observation: of the protocol, or the day found for somebody found too late."""
        if self.file.found_late:
            return local_day(self.file.opened_at, self.file.zone)
        first = min(stage.days[0] for stage in self.protocol.stages)
        return self.file.day_zero + timedelta(days=first)

    @property
    def legal_ground(self) -> str:
        """Of the order; for what restricts nobody, the rules themselves."""
        ground = self.file.legal_ground or _zh(self.protocol.legal_ground)
        return ground or f"《{self.pack.title.text('zh-hans')}》"

    @property
    def appeal(self) -> str:
        """Whom to turn to."""
        return self.file.appeal_channel or _zh(self.protocol.appeal) or self.office


def told_of(file_id: UUID, at: datetime) -> Told:
    """Gather what the papers of a file tell. Refuses `file-not-found`."""
    page = file_page(EVERYTHING, file_id, at)
    who = person(EVERYTHING, page.file.person_id)
    papers = [(kind, value) for kind, value in revealed(EVERYTHING, who.id) if value]
    numbers = [value.removeprefix("+86") for kind, value in papers if kind == "telephone"]
    proven = [(kind, value) for kind, value in papers if kind != "telephone"]
    kind, number = proven[-1] if proven else ("", "")
    town, village = _names(who.area)
    return Told(
        page=page,
        person=who,
        pack=pack_of(page.file.revision_id),
        office=f"{town}疫情防控指挥部",
        address=f"{village}{who.address}",
        id_kind=ID_KINDS.get(kind, "证件") if number else "",
        id_number=number,
        telephone="、".join(dict.fromkeys(numbers)),
    )


def certificate(told: Told, *, by: Actor, at: datetime) -> CertificateContent:
    """解除医学观察证明 for a file that was released."""
    file = told.file
    released_on = local_day(file.actual_ended_at or at, file.zone)
    early = file.state == "released-early"
    last = min(file.last_day, released_on) if early else file.last_day
    unwell = any(alert for alert in told.page.alerts)
    outcome = "曾有异常，均已处置并排除" if unwell else "体温正常，未出现相关症状"
    return CertificateContent(
        office=told.office,
        name=told.person.name,
        start=min(told.start, last),
        last=last,
        released_on=released_on,
        legal_ground=told.legal_ground,
        appeal=told.appeal,
        outcome=f"{outcome}，经两人审批提前解除" if early else outcome,
        sex=SEXES.get(told.person.sex, ""),
        id_kind=told.id_kind,
        id_number=told.id_number,
        address=told.address,
        place=told.place,
        signed_by=by.name,
    )


def notice(told: Told) -> NoticeContent:
    """医学观察告知书 for an open file that restricts."""
    file = told.file
    team = {member.role: member.worker.name for member in team_of(file)}
    answers = workers_by_ids(EVERYTHING, [file.owner_id] if file.owner_id else [])
    contact = [f"{owner.name}{owner.telephone}" for owner in answers.values()]
    category = category_title(told)
    return NoticeContent(
        office=told.office,
        name=told.person.name,
        legal_ground=told.legal_ground,
        appeal=told.appeal,
        start=min(told.start, file.last_day),
        last=file.last_day,
        reason=f"您属于{category}" if file.reason in ("", category) else file.reason,
        evidence=file.evidence,
        sex=SEXES.get(told.person.sex, ""),
        telephone=told.telephone,
        id_kind=told.id_kind,
        id_number=told.id_number,
        address=told.address,
        place=told.place,
        review_on=file.review_on,
        street_cadre=team.get("town-cadre", ""),
        grid_worker=team.get("village-cadre", ""),
        contact="".join(contact) or told.office,
        checks_a_day=max(
            (sum(cell.deadline is not None for cell in day.cells) for day in told.page.days), default=0
        ),
        fever_line=_fever_line(told),
    )


def issue(content: Content, told: Told, *, by: Actor, at: datetime) -> UUID:
    """Issue a paper about the file in the town's wording and looks, else in its pack's; returns its id."""
    wording, style = wording_of(content.KIND, told.file.area, told.pack)
    return issue_paper(
        content=replace(content, office=style.office) if style.office else content,
        subject=(SUBJECT, told.file.id),
        area=told.file.area,
        zone=told.file.zone,
        wording=wording,
        style=style,
        by=by,
        at=at,
    )


def wording_of(kind: PaperKind, area: str, pack: Pack) -> tuple[Wording, Style]:
    """How a paper of this kind is worded and looks at a place: the town's own, else the pack's, else ours."""
    own = template_for(area, kind)
    wording = own.wording if own and own.wording else pack_wording(kind, pack.papers)
    return wording, own.style if own else PLAIN


def office_of(area: str) -> str:
    """Who issues papers at a place where no template says so."""
    return f"{_names(area)[0]}疫情防控指挥部"


def pledge(told: Told) -> PledgeContent:
    """承诺书 of the household of an open file: a form to be signed by hand."""
    known = notice(told)
    return PledgeContent(
        office=told.office,
        name=told.person.head_name or told.person.name,
        address=told.address,
        start=known.start,
        last=known.last,
        contact=known.contact,
    )


def team_of(file: FileRow) -> list[Member]:
    """Who looks after the person of a file: at a site its team, and the household's."""
    where = (file.area, file.household_id)
    return teams_beside(EVERYTHING, [where])[where]


def category_title(told: Told) -> str:
    """What kind of person the file is about, in words."""
    code = told.file.category
    found = next((category for category in told.pack.categories if category.code == code), None)
    return found.title.text("zh-hans") if found else code


def _fever_line(told: Told) -> str:
    held = told.pack.values_on(told.start).get("fever-line")
    return f"{held / 10:.1f}" if isinstance(held, int) else USUAL_LINE


def _names(area: str) -> tuple[str, str]:
    """The town's name and the village's, as people call them."""
    above = ancestors(area)
    towns = [place.name for place in above if place.level == "street"]  # 乡镇, 街道
    villages = [village_name(place.name) for place in above if place.level == "village"]
    nearest = above[-1].name if above else ""
    return towns[-1] if towns else nearest, villages[-1] if villages else ""


def _zh(title: Title | None) -> str:
    return title.text("zh-hans") if title else ""
