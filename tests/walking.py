"""A village with a doctor's round: 34 households of 64 people, doors on the map or not, some by telephone alone."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.names import initials, sort_key
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import NewFile, open_files
from shouwang.observation.rules import plan_file
from shouwang.packs.conditions import PersonFacts, TripFact
from shouwang.people.actions import NewHousehold, NewPerson, NewTelephone, admit_people
from shouwang.places.actions import DwellingDraft, ensure_dwellings, locate_dwelling
from shouwang.places.rules import address_key
from shouwang.policy.queries import pack_of
from shouwang.workforce.actions import NewAssignment, NewWorker, assign_many, enlist_workers, tie_user
from tests.town import TOWN, VILLAGE, Town

HOUSEHOLDS, PEOPLE = 34, 64
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田"


@dataclass(frozen=True)
class Village:
    """Who lives there, in the order they were admitted."""

    doctor: UUID
    households: tuple[UUID, ...]
    people: tuple[UUID, ...]
    files: tuple[UUID, ...]


def settle(town: Town, at: datetime, *, on_map: bool = True, by_wire: int = 6) -> Village:
    """34 households of 64 people back from Wuhan; the first `by_wire` households are long enough back that they
    are only rung."""
    rng = random.Random(34)
    doors = [(f"{n % 9 + 1}组", f"{n // 9 * 3 + 1}号") for n in range(HOUSEHOLDS)]
    drafts = [DwellingDraft(VILLAGE, group, door, address_key(group, door)) for group, door in doors]
    dwellings = ensure_dwellings(drafts=drafts, by=SYSTEM, at=at)
    homes, people = [], []
    for n, draft in enumerate(drafts):
        dwelling = dwellings[VILLAGE, draft.address_key]
        if on_map:
            spot = (29.60 + rng.random() * 0.03, 105.60 + rng.random() * 0.03)
            locate_dwelling(dwelling_id=dwelling, position=spot, by=SYSTEM, at=at)
        head = SURNAMES[n] + "德明"
        home = NewHousehold(VILLAGE, draft.group + draft.door, draft.address_key, "", head, dwelling)
        homes.append(home)
        members = [head, SURNAMES[n] + "玉兰"][: 2 if n < PEOPLE - HOUSEHOLDS else 1]
        people += [_person(home, name, n * 2 + i) for i, name in enumerate(members)]
    admit_people(households=homes, people=people, area=VILLAGE, source="test", by=SYSTEM, at=at)
    doctor = NewWorker(VILLAGE, "谢兵", ("medic",), "13800000009", "村卫生室")
    enlist_workers(workers=[doctor], area=TOWN, by=SYSTEM, at=at)
    if ("village-doctor", "own village") in town.users:
        tie_user(worker_id=doctor.id, user_id=town.user("village-doctor", "own village").id, by=SYSTEM, at=at)
    serving = [
        NewAssignment(VILLAGE, doctor.id, "five-to-one", "medic", "household", str(h.id)) for h in homes
    ]
    assign_many(assignments=serving, area=TOWN, by=SYSTEM, at=at)
    rung = {home.id for home in homes[:by_wire]}
    files = [
        _file(town, p.id, p.household_id, doctor.id, 17 if p.household_id in rung else 5, at) for p in people
    ]
    opened = open_files(files=files, by=SYSTEM, at=at).files
    return Village(doctor.id, tuple(h.id for h in homes), tuple(p.id for p in people), tuple(opened))


def _person(home: NewHousehold, name: str, number: int) -> NewPerson:
    return NewPerson(
        area=VILLAGE,
        name=name,
        sort_key=sort_key(name),
        initials=initials(name),
        household_id=home.id,
        relation="户主" if number % 2 == 0 else "配偶",
        telephones=[NewTelephone(f"+861391234{number:04d}", f"139****{number:04d}")],
    )


def _file(town: Town, person: UUID, home: UUID | None, owner: UUID, days_back: int, at: datetime) -> NewFile:
    pack = pack_of(town.ids["revision"])
    returned = at.date() - timedelta(days=days_back)
    facts = PersonFacts(area=VILLAGE, trips=(TripFact("4201", None, returned),))
    plan = plan_file(pack.protocol("home-14"), facts, at, pack, evidence="登记表", reason="自武汉返回")
    return NewFile(
        person_id=person,
        household_id=home,
        area=VILLAGE,
        owner_id=owner,
        plan=plan,
        pack_id=pack.id,
        revision_id=town.ids["revision"],
        category="wuhan",
    )


EVERYTHING = Scope.everything()
