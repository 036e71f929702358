"""B3 Groups: 219 of them by rule, nobody types; each told by its own robot; what did not arrive is known.

"219 chat groups, named 龙沙社区防控组(杨应忠), at least 6 members; one cadre in 20+; 70–80 messages a day."
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import pytest
from pypdf import PdfReader
from pytest_django import Settings

from shouwang.journeys.form_groups import form_household_groups, keep_groups
from shouwang.journeys.replace_worker import replace_worker
from shouwang.kernel.ids import uuid7
from shouwang.observation.queries.households import open_households
from shouwang.outreach.actions import (
    NewMessage,
    connect_robot,
    mark_group_created,
    print_group_sheets,
    queue_messages,
    send_due,
)
from shouwang.outreach.queries import (
    GroupRow,
    group_counts,
    group_page,
    in_many_groups,
    message_counts,
    rosters,
    stopped_channels,
)
from shouwang.outreach.rules import GroupState
from shouwang.packs.saying import OUR_CODES
from shouwang.places.queries import names_of
from shouwang.places.rules import village_name
from shouwang.workforce.actions import NewAssignment, NewWorker, assign_many, enlist_workers
from tests.acceptance.conftest import CLERK, EVERYTHING, TOWN, LongshaTown, when
from tests.acceptance.watching import TEAM, rows
from tests.vendors import Fake, vendor

STAFFED = when("01-28 20:00")
FORMED = when("01-28 21:00")
GROUPS = 219
SPACE = uuid7()
MINUTE = timedelta(minutes=1)
VENDORS = ("wecom", "dingtalk", "feishu")


@pytest.fixture
def staffed(town: LongshaTown) -> dict[UUID, str]:
    """219 households with a team of five each; one town cadre has 25 of them."""
    homes = dict(sorted(open_households(EVERYTHING, area=TOWN).items())[:GROUPS])
    assert len(homes) == GROUPS
    workers = {role: [NewWorker(TOWN, f"{role}{n}", (role,), f"138{n:04}{i:04}") for n in range(10)]
               for i, role in enumerate(TEAM)}  # fmt: skip
    enlist_workers(workers=[w for group in workers.values() for w in group], area=TOWN, by=CLERK, at=STAFFED)
    filled = [
        NewAssignment(area, _whose(workers[role], n).id, "five-to-one", role, "household", str(home))
        for n, (home, area) in enumerate(homes.items())
        for role in TEAM
    ]
    assign_many(assignments=filled, area=TOWN, by=CLERK, at=STAFFED)
    return homes


def _whose(workers: list[NewWorker], n: int) -> NewWorker:
    """The first has 25 households, the others share what is left."""
    return workers[0] if n < 25 else workers[1 + n % (len(workers) - 1)]


def everything() -> list[GroupRow]:
    """Every group, page by page."""
    found: list[GroupRow] = []
    while page := group_page(EVERYTHING, after=found[-1].cursor if found else "", limit=50):
        found += page
    return found


@pytest.fixture
def groups(staffed: dict[UUID, str]) -> list[GroupRow]:
    """Formed, in one action."""
    form_household_groups(area=TOWN, scope=EVERYTHING, by=CLERK, at=FORMED)
    return everything()


@pytest.fixture
def robots(groups: list[GroupRow], settings: Settings) -> Iterator[dict[str, Fake]]:
    """A robot of its own for each group, of three vendors, connected by what leaders pasted."""
    with ExitStack() as stack:
        fakes = {
            kind: stack.enter_context(
                vendor(kind, **{f"k{n}": "" for n in range(GROUPS) if VENDORS[n % 3] == kind})
            )
            for kind in VENDORS
        }
        settings.ROBOT_HOSTS = [fake.host for fake in fakes.values()]
        for n, group in enumerate(groups):
            kind = VENDORS[n % 3]
            connect_robot(
                group_id=group.id,
                webhook=_webhook(fakes[kind], n),
                sign="",
                scope=EVERYTHING,
                by=CLERK,
                at=FORMED,
            )
        for fake in fakes.values():
            fake.per_minute = 20
        yield fakes


def _webhook(fake: Fake, n: int) -> str:
    return {
        "wecom": f"{fake.url}/cgi-bin/webhook/send?key=k{n}",
        "dingtalk": f"{fake.url}/robot/send?access_token=k{n}",
        "feishu": f"{fake.url}/open-apis/bot/v2/hook/k{n}",
    }[fake.vendor]


def send_all(at: datetime) -> int:
    """Send until nothing more may go at this instant."""
    total = 0
    while calls := send_due(by=CLERK, at=at).calls:
        total += calls
    return total


def tell(groups: list[GroupRow], what: str, at: datetime, times: int = 1) -> None:
    """The same message to each group, so many times."""
    queue_messages(
        messages=[
            NewMessage(
                uuid5(SPACE, f"{what} {group.id} {n}"),
                group.area,
                "team-changed",
                {"group": group.name, "count": str(n + 1), "link": f"/groups/{group.id}/"},
                "group",
                group.id,
                "test",
                what,
            )
            for group in groups
            for n in range(times)
        ],
        by=CLERK,
        at=at,
    )


# -- formed ---------------------------------------------------------------------------------------------


def test_219_groups_come_out_of_one_action_named_by_the_rule(
    groups: list[GroupRow], staffed: dict[UUID, str]
) -> None:
    assert len(groups) == GROUPS
    assert group_counts(EVERYTHING)["all"] == GROUPS
    assert len({row.name for row in groups}) == GROUPS
    heads = dict(rows("select id::text, head_name from people_household where id = any(%s)", list(staffed)))
    places = names_of(sorted(set(staffed.values())))
    for row in groups:
        expected = f"{village_name(places[row.area])}防控组({heads[row.target_id]})"
        assert row.name == expected or re.fullmatch(re.escape(expected[:-1]) + r"\d+\)", row.name)
    assert "村民委员会" not in "".join(row.name for row in groups)
    assert all(row.state == GroupState.TO_CREATE for row in groups)


def test_each_has_its_team_and_the_households_contact_six_at_least(groups: list[GroupRow]) -> None:
    for row in groups:
        assert row.wanted == 6
        assert not row.is_small
    members = rosters(EVERYTHING, [row.id for row in groups])
    assert sum(len(of_one) for of_one in members.values()) == GROUPS * 6
    for of_one in members.values():
        assert {m.role for m in of_one} == {*TEAM, "contact"}
        assert all(m.to_add for m in of_one)


def test_a_cadre_in_more_than_twenty_groups_is_shown(groups: list[GroupRow]) -> None:
    crowded = in_many_groups(EVERYTHING)
    assert {one.name: one.groups for one in crowded if one.groups == 25}.keys() == {
        f"{role}0" for role in TEAM
    }
    assert all(one.groups >= 20 for one in crowded)
    assert len(group_page(EVERYTHING, leader=crowded[0].worker_id, limit=300)) in (0, crowded[0].groups)


def test_forming_again_changes_nothing(groups: list[GroupRow]) -> None:
    again = form_household_groups(area=TOWN, scope=EVERYTHING, by=CLERK, at=FORMED + MINUTE)
    assert (again.new, again.changed, again.closed) == ((), (), 0)
    assert everything() == groups


def test_the_sheets_of_all_groups_are_one_file_a_page_each(groups: list[GroupRow]) -> None:
    made = print_group_sheets(
        groups=[row.id for row in groups],
        scope=EVERYTHING,
        roles={"medic": "医护人员", "contact": "住户联系人"},
        places=names_of([row.area for row in groups]),
        public_url="https://watch.example",
        printed="1月28日 周二",
        by=CLERK,
        at=FORMED,
    )
    pages = PdfReader(io.BytesIO(made)).pages
    assert len(pages) == GROUPS
    text = pages[0].extract_text()
    assert groups[0].name in text.replace("\n", "")
    assert "Webhook" in text
    assert "医护人员" in text


# -- kept -------------------------------------------------------------------------------------------------


def test_when_somebody_in_25_groups_leaves_each_group_says_whom_to_add_and_remove(
    groups: list[GroupRow],
) -> None:
    for row in groups:
        mark_group_created(group_id=row.id, scope=EVERYTHING, by=CLERK, at=FORMED)
    assert group_counts(EVERYTHING)["to-do"] == 0
    (leaver,) = [one for one in in_many_groups(EVERYTHING) if one.name == "medic0"]
    heir = NewWorker(TOWN, "新医生", ("medic",), "13900000000")
    enlist_workers(workers=[heir], area=TOWN, by=CLERK, at=FORMED + MINUTE)
    replace_worker(
        worker_id=leaver.worker_id,
        successor_id=heir.id,
        reason="病了",
        scope=EVERYTHING,
        by=CLERK,
        at=FORMED + 2 * MINUTE,
    )
    assert keep_groups(by=CLERK, at=FORMED + 3 * MINUTE) == 25
    assert group_counts(EVERYTHING)["to-do"] == 25
    changed = group_page(EVERYTHING, state="to-do", limit=300)
    for of_one in rosters(EVERYTHING, [row.id for row in changed]).values():
        assert [m.name for m in of_one if m.to_add] == ["新医生"]
        assert [m.name for m in of_one if m.to_remove] == ["medic0"]


# -- told -------------------------------------------------------------------------------------------------


def test_every_group_is_told_by_its_own_robot_and_by_no_other(
    groups: list[GroupRow], robots: dict[str, Fake]
) -> None:
    assert group_counts(EVERYTHING)["connected"] == GROUPS
    tell(groups, "one", FORMED)
    assert send_all(FORMED + MINUTE) == GROUPS
    for n, group in enumerate(groups):
        (told,) = robots[VENDORS[n % 3]].texts(f"k{n}")
        assert f"“{group.name}”" in told
    assert sum(len(fake.delivered) for fake in robots.values()) == GROUPS
    assert message_counts(EVERYTHING) == {"refused": 0, "uncertain": 0, "dead": 0, "held-up": 0}


def test_eighty_messages_in_one_burst_reach_a_group_within_its_robots_limit(
    groups: list[GroupRow], robots: dict[str, Fake]
) -> None:
    tell(groups[:1], "burst", FORMED, times=80)
    minutes = 0
    while send_all(FORMED + (minutes + 1) * MINUTE):
        minutes += 1
        robots["wecom"].forget()
    assert minutes == 4
    assert len(robots["wecom"].texts("k0")) == 80
    assert len(robots["wecom"].requests) == 80


def test_a_robot_that_was_removed_is_an_alarm_and_the_other_groups_are_told(
    groups: list[GroupRow], robots: dict[str, Fake]
) -> None:
    del robots["wecom"].secrets["k0"]
    robots["dingtalk"].always = (503, b"")
    tell(groups, "trouble", FORMED)
    send_all(FORMED + MINUTE)
    assert [c.title for c in stopped_channels(EVERYTHING, limit=300) if c.is_broken] == [groups[0].name]
    at = FORMED + MINUTE
    for _ in range(6):
        at += 30 * MINUTE
        send_all(at)
    stopped = stopped_channels(EVERYTHING, limit=300)
    assert len(stopped) == 1 + len(robots["dingtalk"].secrets)
    assert len(robots["wecom"].delivered) + len(robots["feishu"].delivered) == GROUPS - 1 - GROUPS // 3
    robots["dingtalk"].always = None
    robots["wecom"].secrets["k0"] = ""
    for _ in range(4):
        at += 30 * MINUTE
        robots["dingtalk"].forget()
        send_all(at)
    assert message_counts(EVERYTHING)["refused"] == 1, "the robot that was removed waits for somebody"
    connect_robot(
        group_id=groups[0].id,
        webhook=_webhook(robots["wecom"], 0),
        sign="",
        scope=EVERYTHING,
        by=CLERK,
        at=at,
    )
    send_all(at + MINUTE)
    assert stopped_channels(EVERYTHING) == []
    arrived = Counter(d.to for fake in robots.values() for d in fake.delivered)
    assert set(arrived.values()) == {1}
    assert len(arrived) == GROUPS, "an outage lost nothing and doubled nothing"


def test_no_message_tells_an_id_a_telephone_an_address_or_a_diagnosis_of_anybody(
    groups: list[GroupRow], robots: dict[str, Fake]
) -> None:
    people = rows(
        "select p.name, h.address, h.head_name, p.birth_date::text from people_person p"
        " join people_household h on h.id = p.household_id where h.id = any(%s)",
        [UUID(row.target_id) for row in groups],
    )
    workers = rows("select telephone from workforce_worker where telephone <> ''")
    hostile = [
        {
            "place": address,
            "household": name,
            "worker": phone,
            "severity": "确诊病例",
            "code": (born or "1952-06-11").replace("-", ""),
        }
        for (name, address, _, born), (phone,) in zip(people, workers * 40, strict=False)
    ]
    queue_messages(
        messages=[
            NewMessage(
                uuid5(SPACE, f"hostile {n} {code}"), groups[n % 50].area, code,
                {**values, "group": groups[n % 50].name, "link": "/alerts/"},
                "group", groups[n % 50].id, "test", n,
            )
            for n, values in enumerate(hostile[:40])
            for code in OUR_CODES[:5]
        ],
        by=CLERK,
        at=FORMED,
    )  # fmt: skip
    at = FORMED
    for _ in range(3):
        at += MINUTE
        for fake in robots.values():
            fake.forget()
        send_all(at)
    told = [text for fake in robots.values() for text in fake.texts()]
    assert len(told) == 200
    said = "\n".join(told)
    outside = re.sub(r"[“「][^”」]*[”」]", "", said)  # the name of the group itself tells its head by rule
    for name, address, _, _ in people:
        assert not address or address not in said
        assert len(name) < 2 or name not in outside, name
    assert not re.search(r"\d{7,}", re.sub(r"/groups/[0-9a-f-]+/", "", said))
    assert not re.search(r"确诊|阳性|疑似|发热|病例|密接", said)
    assert all(phone not in said for (phone,) in workers)
