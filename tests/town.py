"""A small town for tests of pages: two villages of Longsha and a user of every role at every place."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction

from shouwang.accounts.actions import create_user, grant_role
from shouwang.accounts.models import User
from shouwang.accounts.rules import ROLES
from shouwang.classification.actions import classify_people
from shouwang.journeys.arrive import arrive
from shouwang.journeys.escalate import escalate
from shouwang.journeys.form_groups import form_household_groups
from shouwang.journeys.guard_household import guard_household
from shouwang.journeys.record_away import put_on_away_list
from shouwang.journeys.serve_notice import issue_notice
from shouwang.journeys.staff_households import propose_staffing
from shouwang.journeys.sweep_round import open_round
from shouwang.journeys.watch_over import watch_over
from shouwang.kernel.actor import SYSTEM, Actor
from shouwang.kernel.ids import uuid7
from shouwang.kernel.names import initials, sort_key
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import (
    CheckCommand,
    SheetLine,
    ask_early_release,
    make_sheet,
    record_checks,
)
from shouwang.observation.queries import open_alerts
from shouwang.outreach.actions import NewMessage, open_channel, queue_messages
from shouwang.outreach.queries import group_of
from shouwang.oversight.actions import write_task
from shouwang.people.actions import NewHousehold, NewIdentifier, NewPerson, NewTelephone, admit_people
from shouwang.places.actions import load_divisions
from shouwang.policy.actions import adopt_builtin
from shouwang.policy.queries import pack_in_force, pack_of
from shouwang.screening.actions import (
    Attempt,
    NewAppointment,
    NewArrival,
    NewPost,
    NewVisit,
    list_calls,
    make_appointment,
    open_posts,
    preview_import,
    read_file,
    record_attempt,
    record_trip,
    record_visits,
)
from shouwang.screening.actions.rows import write_verify_items
from shouwang.screening.queries import posts, reaches, sheet_doors, verify_items
from shouwang.screening.reading import Problem
from shouwang.workforce.actions import (
    NewAssignment,
    NewHead,
    NewShift,
    NewWorker,
    appoint_heads,
    assign_many,
    begin_absence,
    begin_shift,
    enlist_workers,
    ensure_duty_desk,
    give_shifts,
)
from shouwang.workforce.queries import team_of, team_targets
from tests.kept import made_once
from tests.phones import phones_of_town

TOWN = "500101135"
VILLAGE = "500101135200"
OTHER_VILLAGE = "500101135201"
PLACES = {
    "own village": VILLAGE,
    "other village": OTHER_VILLAGE,
    "own town": TOWN,
    "other town": "500101134",
    "district": "500101",
}
"""Where a user's role holds; everything of the tests happens in the own village."""
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class FixedClock:
    """The clock of the interfaces, stopped."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@dataclass
class Town:
    """What was founded, by name."""

    at: datetime
    users: dict[tuple[str, str], User] = field(default_factory=dict)
    """(role, place) → user"""
    people: dict[str, UUID] = field(default_factory=dict)
    households: dict[str, UUID] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)
    """Other things that addresses name: `revision`, `file`, `check`, …"""

    def user(self, role: str, place: str = "own town") -> User:
        return self.users[role, place]


FAMILIES = {
    VILLAGE: (("宋云", "m", date(1952, 6, 11), "户主"), ("谭玉兰", "f", date(1955, 3, 2), "配偶")),
    OTHER_VILLAGE: (("单德明", "m", date(1961, 1, 20), "户主"),),
}


def found_town(
    at: datetime, *, roles: tuple[str, ...] = tuple(ROLES), is_busy: bool = True, has_phone: bool = False
) -> Town:
    """Divisions, a pack in force, people of two villages, and a user of every role at every place.

    `is_busy`: with calls, an appointment, an arrival and a message under way; without, nobody is to be rung.
    `has_phone`: the village doctor's telephone is enrolled and sent two entries that wait for a person.
    """
    key = ("town", at, tuple(roles), is_busy, has_phone)
    return made_once(key, lambda: _found_town(at, tuple(roles), is_busy, has_phone))


def _found_town(at: datetime, roles: tuple[str, ...], is_busy: bool, has_phone: bool) -> Town:
    town = Town(at)
    load_divisions(county="500101", by=SYSTEM, at=at)
    adopted = adopt_builtin(pack_id="cn-2020-longsha", area=TOWN, by=SYSTEM, at=at - timedelta(days=9))
    town.ids["revision"] = adopted.id
    _people(town, at - timedelta(days=8))
    _watched(town, at)
    if is_busy:
        _reaching(town, at)
        _told(town, at - timedelta(hours=2))
    for role in roles:
        for place, area in PLACES.items():
            town.users[role, place] = _user(role, place, area, at - timedelta(days=9))
    if has_phone:
        doctor = town.user("village-doctor", "own village").pk
        town.ids |= phones_of_town(doctor, town.ids["file"], at)
    return town


def _people(town: Town, at: datetime) -> None:
    number = 0
    for area, family in FAMILIES.items():
        home = NewHousehold(area=area, address="3组15号", address_key="3-15", head_name=family[0][0])
        members = []
        for name, sex, born, relation in family:
            number += 1
            members.append(
                NewPerson(
                    area=area,
                    name=name,
                    sort_key=sort_key(name),
                    initials=initials(name),
                    household_id=home.id,
                    sex=sex,
                    birth_date=born,
                    relation=relation,
                    identifiers=[
                        NewIdentifier("id-18", f"50010119520611265{number}", f"500***********265{number}")
                    ],
                    telephones=[NewTelephone(f"+861381234567{number}", f"138****567{number}")],
                )
            )
        admit_people(households=[home], people=members, area=area, source="test", by=SYSTEM, at=at)
        town.households[family[0][0]] = home.id
        town.people |= {member.name: member.id for member in members}


def _watched(town: Town, at: datetime) -> None:
    """宋云 came back from Wuhan on 23 January; her file is five days old, and this morning she had a fever."""
    ensure_duty_desk(area=TOWN, name="龙沙镇值班台", by=SYSTEM, at=at - timedelta(days=9))
    doctor = NewWorker(
        area=VILLAGE, name="熊德兰", kinds=("medic",), telephone="13800000001", unit="村卫生室"
    )
    other = NewWorker(area=VILLAGE, name="杨应忠", kinds=("village-cadre",), telephone="13800000002")
    enlist_workers(workers=[doctor, other], area=TOWN, by=SYSTEM, at=at - timedelta(days=9))
    home = str(town.households["宋云"])
    serving = NewAssignment(VILLAGE, doctor.id, "five-to-one", "medic", "household", home)
    assign_many(assignments=[serving], area=TOWN, by=SYSTEM, at=at - timedelta(days=5))
    found = at - timedelta(days=5)
    person = town.people["宋云"]
    record_trip(
        person_id=person,
        area=VILLAGE,
        origin_text="武汉",
        origin_code="4201",
        returned_on=date(2020, 1, 23),
        by=SYSTEM,
        at=found,
    )
    revision = town.ids["revision"]
    classify_people(
        ids=[person], area=VILLAGE, pack=pack_of(revision), revision_id=revision, by=SYSTEM, at=found
    )
    (file,) = watch_over(people=[person], area=VILLAGE, by=SYSTEM, at=found).opened
    items = [
        CheckCommand(uuid7(), file, found + timedelta(hours=24 * n), "visit", deci=deci, roles=("medic",))
        for n, deci in enumerate((365, 366, 364, 368))
    ]
    morning = at - timedelta(hours=9)
    items.append(
        CheckCommand(uuid7(), file, morning, "visit", deci=379, symptoms=("cough",), roles=("medic",))
    )
    receipts = record_checks(
        items=items, scope=Scope.everything(), pack_of=pack_of, by=Actor("doctor", "熊德兰"), at=morning
    )
    assert [receipt.code for receipt in receipts] == [""] * 5
    alert = open_alerts(Scope.everything())[0]
    town.ids["approval"] = ask_early_release(
        file_id=file,
        reason="转往外地医院",
        scope=Scope.everything(),
        by=Actor("other", "谭镇长"),
        at=at - timedelta(hours=1),
    )
    by = Actor("clerk", "冉晓梅")
    town.ids["paper"] = issue_notice(file_id=file, scope=Scope.everything(), by=by, at=at)
    line = SheetLine(file, town.households["宋云"], VILLAGE, "visit", 9 * 3600, None, ("medic",))
    town.ids["sheet"] = make_sheet(
        lines=[line],
        symptoms=["fever", "cough"],
        told={"households": 1, "home": 10 * 3600},
        day=(at - timedelta(hours=9)).date(),
        zone="Asia/Shanghai",
        worker=(doctor.id, doctor.name),
        by=Actor("doctor", "熊德兰"),
        at=morning,
    )
    _imported(town, at - timedelta(days=2))
    swept(town, at)
    town.ids |= {"file": file, "check": items[-1].id, "alert": alert.id, "worker": other.id}
    town.ids["doctor"] = doctor.id
    town.ids["task"] = write_task(
        id=uuid7(),
        scope=Scope.everything(),
        area=VILLAGE,
        day=(at - timedelta(days=1)).date(),
        text="补送告知书",
        owner=doctor.id,
        due_at=at - timedelta(hours=2),
        by=SYSTEM,
        at=at - timedelta(hours=20),
    )
    _answering(town, doctor.id, at)
    _guarded(town, at)


def _guarded(town: Town, at: datetime) -> None:
    """宋云's household is guarded since the morning, and nobody has the night; one of the guards is ill."""
    everything = Scope.everything()
    guards = [
        NewWorker(area=VILLAGE, name=name, kinds=("guard",), unit="镇政府") for name in ("何守义", "向长安")
    ]
    enlist_workers(workers=guards, area=TOWN, by=SYSTEM, at=at - timedelta(days=2))
    home = town.households["宋云"]
    town.ids["roster"] = guard_household(
        household_id=home, since=at - timedelta(hours=10), until=None, scope=everything, by=SYSTEM, at=at
    )
    first = NewShift(guards[0].id, at - timedelta(hours=10), at - timedelta(hours=2))
    second = NewShift(guards[0].id, at - timedelta(hours=2), at + timedelta(hours=6))
    shifts = give_shifts(roster_id=town.ids["roster"], shifts=[first, second], by=SYSTEM, at=at)
    town.ids["team"] = team_targets(everything, kinds=["household"])[0].id
    begin_absence(
        worker_id=guards[1].id, stand_in_id=guards[0].id, kind="ill", reason="发热", by=SYSTEM, at=at
    )
    begin_shift(shift_id=shifts[0], by=SYSTEM, at=at - timedelta(hours=10))
    (medic,) = team_of(everything, "household", home)
    town.ids["proposal"] = propose_staffing(area=TOWN, scope=everything, by=SYSTEM, at=at)
    town.ids |= {"shift": shifts[1], "absent": guards[1].id, "assignment": medic.assignment_id}


def _answering(town: Town, doctor: UUID, at: datetime) -> None:
    """The doctor answers for the village too; nobody answered the alarm of the morning, so it climbed."""
    named = NewHead(VILLAGE, "chain", "village-secretary", doctor)
    appoint_heads(heads=[named], reason="", by=SYSTEM, at=at - timedelta(days=4))
    town.ids["headship"] = team_of(Scope.everything(), "place", VILLAGE)[0].assignment_id
    escalate(by=SYSTEM, at=at)


def swept(town: Town, at: datetime) -> None:
    """The first round over the town is under way; one door of the own village was visited yesterday."""
    by, opened = Actor("clerk", "冉晓梅"), at - timedelta(days=2)
    sweep = open_round(
        area=TOWN, due_on=at.date() + timedelta(days=5), scope=Scope.everything(), by=by, at=opened
    )
    door = next(d for d in sheet_doors(Scope.everything(), sweep, area=VILLAGE) if d.head_name == "宋云")
    visit = NewVisit(uuid7(), door.id, at - timedelta(days=1), "met", 1, (town.people["宋云"],))
    record_visits(sweep_id=sweep, visits=[visit], scope=Scope.everything(), by=by, at=at - timedelta(days=1))
    town.ids |= {"sweep": sweep, "door": door.id, "visit": visit.id}


def _told(town: Town, at: datetime) -> None:
    """The family's group is formed, the town has a channel (that nobody listens at), a message waits."""
    everything = Scope.everything()
    form_household_groups(area=TOWN, scope=everything, by=SYSTEM, at=at)
    group = group_of(everything, "household", town.households["宋云"])
    assert group is not None
    channel = open_channel(
        area=TOWN,
        kind="sms-http",
        title="镇短信网关",
        settings={"base-url": "http://127.0.0.1:9"},
        secret={"token": "t"},
        scope=everything,
        by=SYSTEM,
        at=at,
    )
    params = {"place": "海螺村", "severity": "紧急", "code": "3F2A", "link": "/alerts/"}
    key, to, about = uuid7(), town.ids["worker"], town.ids["alert"]
    message = NewMessage(key, VILLAGE, "alert-raised", params, "worker", to, "alert", about)
    queue_messages(messages=[message], by=SYSTEM, at=at)
    town.ids |= {"group": group.id, "channel": channel, "message": key}


def _imported(town: Town, at: datetime) -> None:
    """A list that came in and waits; and one person of an earlier one whose number must be verified."""
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder) / "名单.csv"
        sheet.write_text(
            "姓名,身份证号,现住址,返回日期,外出地\n单小芳,50010119900101,3组2号,1月23日,武汉\n", "utf-8"
        )
        batch, _ = read_file(kind="returnees", area=TOWN, path=sheet, file_name="名单.csv", by=SYSTEM, at=at)
    preview_import(batch_id=batch, by=SYSTEM, at=at)
    problem = Problem("id-length", "id_no", "50010119520611")
    with transaction.atomic():
        write_verify_items([(town.people["宋云"], VILLAGE, None, problem)], at)
    item = verify_items(Scope.everything())[0]
    town.ids |= {"batch": batch, "item": item.id}


def _reaching(town: Town, at: datetime) -> None:
    """谭玉兰 is to be rung and works away; an appointment with the household; somebody came through a post."""
    everything = Scope.everything()
    list_calls(
        people=[town.people["谭玉兰"]],
        purpose="four-questions",
        script="four-questions",
        due_at=at + timedelta(hours=3),
        area=VILLAGE,
        scope=everything,
        by=SYSTEM,
        at=at - timedelta(hours=5),
    )
    put_on_away_list(
        people=[town.people["谭玉兰"]],
        area=VILLAGE,
        scope=everything,
        by=SYSTEM,
        at=at - timedelta(hours=5),
        where_text="广东东莞",
    )
    home = town.households["宋云"]
    _, pack = pack_in_force(everything, VILLAGE, at)
    missed = Attempt(
        uuid7(), VILLAGE, "household", home, "call", "door", "not-home", at - timedelta(hours=4), home
    )
    record_attempt(attempt=missed, pack=pack, scope=everything, by=SYSTEM, at=at - timedelta(hours=4))
    (door,) = reaches(everything, purpose="call")
    (call,) = reaches(everything, purpose="four-questions")
    new = NewAppointment(
        uuid7(),
        door.id,
        at + timedelta(hours=1),
        at + timedelta(hours=2),
        goods="米和油",
        takes_temperature=True,
    )
    make_appointment(appointment=new, scope=everything, by=SYSTEM, at=at - timedelta(hours=3))
    open_posts(posts=[NewPost(VILLAGE, "大桥卡口", "road")], area=TOWN, scope=everything, by=SYSTEM, at=at)
    (post,) = posts(everything, since=at)
    come = NewArrival(
        uuid7(), post.id, VILLAGE, at - timedelta(hours=1), "单小龙", "湖北武汉", "13812340000", "渝A12345"
    )
    arrive(arrivals=[come], scope=everything, by=SYSTEM, at=at - timedelta(hours=1))
    town.ids |= {
        "reach": call.id,
        "door-reach": door.id,
        "appointment": new.id,
        "gate": post.id,
        "arrival": come.id,
    }
    town.ids["away"] = town.people["谭玉兰"]


def _user(role: str, place: str, area: str, at: datetime) -> User:
    user = create_user(
        username=f"{role}.{place}".replace(" ", "-"), name="冉晓梅", password=PASSWORD, by=SYSTEM, at=at
    )
    grant_role(user_id=user.id, role=role, area=area, by=SYSTEM, at=at)
    return user
