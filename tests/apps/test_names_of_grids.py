"""A grid is never named alone: a "first grid" is in every village."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from shouwang.journeys.divide_village import divide_by_choice, make_doors
from shouwang.journeys.escalate import escalate
from shouwang.journeys.form_groups import form_household_groups
from shouwang.journeys.guard_household import guard_household
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import CheckCommand, record_check
from shouwang.outreach.models import ChatGroup, Message
from shouwang.outreach.queries import group_page, message_page
from shouwang.people.actions import NewHousehold, NewPerson, admit_people
from shouwang.people.queries import households_by_ids
from shouwang.places.actions import add_grid
from shouwang.places.queries import spoken_names
from shouwang.places.rules import DoorChoice
from shouwang.policy.queries import pack_of
from tests.conftest import CHINA
from tests.town import TOWN, VILLAGE, FixedClock, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
ALL = Scope.everything()
FIRST = f"{VILLAGE}-001"
SAID = "沙包村第一网格"


@pytest.fixture
def town(settings: Settings) -> Town:
    """宋云's household lives in the first grid of the village."""
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    found = found_town(AT, roles=("town-clerk",))
    make_doors(village=VILLAGE, scope=ALL, by=SYSTEM, at=AT)
    add_grid(village=VILLAGE, name="第一网格", by=SYSTEM, at=AT)
    divide_by_choice(
        village=VILLAGE, to=FIRST, choice=DoorChoice(None), loose_only=False, scope=ALL, by=SYSTEM, at=AT
    )
    (home,) = households_by_ids(ALL, [found.households["宋云"]])
    assert home.area == FIRST
    return found


@pytest.fixture
def clerk(town: Town) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town.user("town-clerk"))
    return client


def _alone(page: str) -> int:
    """How often the page names the grid without its village."""
    main = page.split('<main id="main">')[1]
    return main.count("第一网格") - main.count(SAID)


def test_a_place_is_said_with_its_village_only_where_it_lies_below_one(town: Town) -> None:
    del town
    assert spoken_names([FIRST, VILLAGE, TOWN, ""]) == {FIRST: SAID, VILLAGE: "沙包村", TOWN: "龙沙镇"}


def test_pages_of_watches_and_teams_name_a_grid_with_its_village(town: Town, clerk: Client) -> None:
    home = NewHousehold(area=FIRST, address="3组9号", head_name="冉隆")
    who = NewPerson(area=FIRST, name="冉隆", sort_key="ranlong", initials="rl", household_id=home.id)
    admit_people(households=[home], people=[who], area=TOWN, source="test", by=SYSTEM, at=AT)
    roster = guard_household(household_id=home.id, since=AT, until=None, scope=ALL, by=SYSTEM, at=AT)
    put = clerk.post("/serving/put/", {"role_set": "grid-duty", "area": FIRST})
    for address in (
        "/rosters/",
        f"/rosters/{roster}/",
        put["Location"],
        "/serving/?show=targets",
        "/serving/?show=short",
    ):
        page = clerk.get(address).content.decode()
        assert (page.count(SAID) > 0, _alone(page)) == (True, 0), address


def test_a_message_about_a_grid_says_which_village(town: Town, clerk: Client) -> None:
    Message.objects.unscoped("what was queued before the village was divided").delete()
    fever = CheckCommand(uuid7(), town.ids["file"], AT, "visit", deci=385)
    record_check(item=fever, scope=ALL, pack_of=pack_of, by=SYSTEM, at=AT)
    escalate(by=SYSTEM, at=AT + timedelta(minutes=1))
    told = [row.text for row in message_page(ALL, limit=50)]
    assert any(SAID in text for text in told)
    assert [text for text in told if "第一网格" in text.replace(SAID, "")] == []
    assert _alone(clerk.get("/messages/").content.decode()) == 0


def test_the_group_of_a_household_in_a_grid_is_called_by_its_village_and_its_sheet_names_both(
    town: Town, clerk: Client
) -> None:
    ChatGroup.objects.unscoped("formed before the village was divided").delete()
    form_household_groups(area=TOWN, scope=ALL, by=SYSTEM, at=AT)
    (row,) = group_page(ALL)
    assert row.name == "沙包村防控组(宋云)"
    assert _alone(clerk.get(f"/groups/{row.id}/").content.decode()) == 0
