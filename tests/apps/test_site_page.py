"""A site that is opened on the page is a place where people are: they are taken there, and its head answers."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from pytest_django import Settings

from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.scope import Scope
from shouwang.observation.queries import files_by_ids
from shouwang.workforce.actions import NewWorker, enlist_workers, put_team_on
from shouwang.workforce.queries import team_targets
from tests.conftest import CHINA
from tests.tested import add_tested
from tests.town import TOWN, VILLAGE, FixedClock, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
ALL = Scope.everything()
HOTEL = "海螺宾馆集中观察点"


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    founded = found_town(AT, roles=("town-clerk",))
    add_tested(founded)
    return founded


@pytest.fixture
def clerk(town: Town) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town.user("town-clerk"))
    return client


def test_a_site_opened_on_the_page_takes_people_in_and_its_head_answers_for_them(
    town: Town, clerk: Client
) -> None:
    put = clerk.post("/serving/put/", {"role_set": "site-watch", "area": VILLAGE, "name": HOTEL})
    (site,) = team_targets(ALL, kinds=["site"])
    assert put["Location"] == f"/teams/{site.id}/"
    assert f"沙包村{HOTEL}" in clerk.get(put["Location"]).content.decode()
    head = NewWorker(VILLAGE, "余敏", ("site-head",), "13800000011")
    enlist_workers(workers=[head], area=TOWN, by=SYSTEM, at=AT)
    clerk.post(f"{put['Location']}assign/", {"worker": str(head.id), "role": "site-head"})
    person = f"/people/{town.people['谭玉兰']}/"
    assert f'<option value="{site.target_id}">沙包村{HOTEL}</option>' in clerk.get(person).content.decode()
    sent = {"site": site.target_id, "reason": "集中观察"}
    assert clerk.post(f"/files/{town.ids['tested']}/settle/", sent).status_code == 302
    file = files_by_ids(ALL, [town.ids["tested"]])[town.ids["tested"]]
    assert (file.area, file.owner_id) == (site.target_id, head.id)


def test_a_site_lies_in_a_village_and_has_a_name(town: Town, clerk: Client) -> None:
    del town
    whole = clerk.post("/serving/put/", {"role_set": "site-watch", "area": TOWN, "name": HOTEL})
    assert (whole.status_code, "请选择所在的村" in whole.content.decode()) == (422, True)
    assert clerk.post("/serving/put/", {"role_set": "site-watch", "area": VILLAGE}).status_code == 422
    assert team_targets(ALL, kinds=["site"]) == []


def test_a_team_put_on_a_mere_name_is_no_place_to_take_anybody_to(town: Town, clerk: Client) -> None:
    old = put_team_on(
        area=VILLAGE, target_kind="site", role_set="site-watch", name="旧集中点", by=SYSTEM, at=AT
    )
    clerk.post(f"/teams/{old}/assign/", {"worker": str(town.ids["worker"]), "role": "site-head"})
    page = clerk.get(f"/people/{town.people['谭玉兰']}/").content.decode()
    assert str(old) not in page
