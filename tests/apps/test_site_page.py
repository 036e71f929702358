"""A site that is opened on the page is a place where people are: they are taken there, and its head answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from shouwang.journeys.bring_home import settle_in_site
from shouwang.journeys.escalate import escalate
from shouwang.journeys.field_changes.documents import documents
from shouwang.journeys.open_site import open_site
from shouwang.journeys.paper_content import team_of
from shouwang.kernel.actor import SYSTEM, Actor
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import ResultCommand, record_result
from shouwang.observation.queries import files_by_ids, ladders, open_alerts
from shouwang.policy.queries import pack_of
from shouwang.workforce.actions import NewAssignment, NewWorker, assign_many, enlist_workers, put_team_on
from shouwang.workforce.queries import team_target, team_targets
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


def test_whoever_is_at_a_site_is_looked_after_by_its_team_and_a_positive_test_tells_its_head(
    town: Town, clerk: Client
) -> None:
    site = open_site(village=VILLAGE, name=HOTEL, role_set="site-watch", scope=ALL, by=SYSTEM, at=AT)
    path = team_target(ALL, site).target_id
    person = f"/people/{town.people['谭玉兰']}/"
    assert "点长 · 空缺" not in clerk.get(person).content.decode(), "nothing is vacant at home"
    staff = [
        NewWorker(VILLAGE, "余敏", ("site-head",), "13800000011"),
        NewWorker(VILLAGE, "刁文芳", ("medic",), "13800000012"),
    ]
    enlist_workers(workers=staff, area=TOWN, by=SYSTEM, at=AT)
    made = [NewAssignment(path, one.id, "site-watch", one.kinds[0], "site", path) for one in staff]
    assign_many(assignments=made, area=path, by=SYSTEM, at=AT)
    settle_in_site(file_ids=[town.ids["tested"]], site=path, reason="集中观察", scope=ALL, by=SYSTEM, at=AT)
    team = clerk.get(person).context["team"]
    held = [(slot.role, slot.member.worker.name) for slot in team if slot.member]
    assert held[:2] == [("site-head", "余敏"), ("medic", "刁文芳")]
    assert "medic" not in [role for role, _ in held[2:]], (
        "of the team at home, who does what nobody does here"
    )
    result = ResultCommand(uuid7(), town.ids["sample"], "positive", AT)
    record_result(item=result, scope=ALL, pack_of=pack_of, by=SYSTEM, at=AT)
    escalate(by=SYSTEM, at=AT)
    (alert,) = [one for one in open_alerts(ALL) if one.file_id == town.ids["tested"]]
    told = [
        (row.role, row.worker_name) for row in ladders(ALL, [alert.id])[alert.id] if row.outcome == "told"
    ]
    assert told == [("medic", "刁文芳"), ("site-head", "余敏")]
    (file,) = files_by_ids(ALL, [town.ids["tested"]]).values()
    assert [one.worker.name for one in team_of(file)][:2] == ["刁文芳", "余敏"], "so say papers"
    phone: dict[str, Any] = dict(
        documents(ALL.narrowed(path), Actor(str(uuid7()), "刁文芳"), AT).docs["pack"]
    )
    assert "13800000012" in [one["telephone"] for one in phone["ring"]], (
        "and so does the telephone of the site"
    )


def test_a_site_is_told_with_the_village_it_lies_in(town: Town, clerk: Client) -> None:
    del town
    site = open_site(village=VILLAGE, name=HOTEL, role_set="site-watch", scope=ALL, by=SYSTEM, at=AT)
    for address in ("/serving/?show=targets", f"/teams/{site}/"):
        told = clerk.get(address).context["places"]
        assert list(told.values()) == ["沙包村"], address


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
