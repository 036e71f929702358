"""The pages that divide a village into grids: what they show, what they write, in how many queries."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.scope import Scope
from shouwang.places.actions import DwellingDraft, ensure_dwellings
from shouwang.places.queries import grid_doors
from tests.conftest import CHINA
from tests.town import OTHER_VILLAGE, VILLAGE, FixedClock, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
ALL = Scope.everything()
PAGE = f"/grids/{VILLAGE}/"
FIRST = f"{VILLAGE}-001"
MOST = {"/grids/": 12, PAGE: 17}
"""Page → queries, signing in and the frame of the page included, whatever the number of doors."""


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    town = found_town(AT, roles=("town-clerk", "administrator", "village-cadre"))
    drafts = [DwellingDraft(VILLAGE, f"{g}组", f"{n}号", f"{g}组{n}") for g in (4, 5) for n in range(1, 61)]
    ensure_dwellings(drafts=drafts, by=SYSTEM, at=AT)
    return town


def _client(town: Town, role: str = "town-clerk", place: str = "own town") -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town.user(role, place))
    return client


def _read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_clerk_divides_a_village_by_group_by_numbers_and_by_ticking(town: Town) -> None:
    client = _client(town)
    page = _read(client, PAGE)
    assert "本村尚未划分网格" in page
    assert "第1轮排查正在进行：门牌表在开始时已生成" in page
    assert "1户有住址，但不在门牌表上" in page
    assert client.post(f"{PAGE}missing/").status_code == 302
    assert "不在门牌表上" not in _read(client, PAGE)
    assert client.post(f"{PAGE}add/", {"name": "第一网格"})["Location"] == f"{PAGE}?into={FIRST}"
    client.post(f"{PAGE}add/", {"name": "第二网格"})
    told = client.post(f"{PAGE}range/", {"group": "4组", "into": FIRST, "loose": "yes"}, follow=True)
    assert "已划转60个门牌" in told.content.decode()
    client.post(f"{PAGE}range/", {"group": "5组", "first": "1", "last": "10", "into": FIRST})
    assert grid_doors(ALL, VILLAGE) == {FIRST: 70, VILLAGE: 51}
    rows = client.get(f"{PAGE}?in={FIRST}&group=4组").context["rows"]
    assert [row[0].door for row in rows[:10]] == [f"{n}号" for n in range(1, 11)]
    ticked = [str(row[0].id) for row in rows[:3]]
    client.post(f"{PAGE}doors/", {"door": ticked, "into": f"{VILLAGE}-002"})
    assert grid_doors(ALL, VILLAGE) == {FIRST: 67, f"{VILLAGE}-002": 3, VILLAGE: 51}
    nothing = client.post(f"{PAGE}doors/", {"into": FIRST})
    assert (nothing.status_code, "请勾选门牌" in nothing.content.decode()) == (422, True)
    client.post(f"{PAGE}name/", {"place": FIRST, "name": "河边网格"})
    assert "河边网格" in _read(client, f"/places/{FIRST}/chain/")


def test_the_list_of_doors_turns_its_pages_without_gap_in_the_order_of_walking(town: Town) -> None:
    client, seen, after = _client(town), [], ""
    while True:
        found = client.get(PAGE, {"after": after} if after else {})
        seen += [f"{row[0].group}{row[0].door}" for row in found.context["rows"]]
        after = found.context["next"]
        if not after:
            break
    assert seen == [f"{g}组{n}号" for g in (4, 5) for n in range(1, 61)]


def test_a_pasted_list_divides_and_says_which_lines_it_did_not_take(town: Town) -> None:
    client = _client(town)
    page = client.post("/grids/list/", {"list": "沙包村，第一网格，4组\n沙包村，第一网格，9组\n"})
    shown = page.content.decode()
    assert "1行未收" in shown
    assert "本村没有符合的门牌" in shown
    assert ">沙包村，第一网格，9组</textarea>" in shown
    good = client.post("/grids/list/", {"list": "沙包村\t第一网格\t4组1-30号\n沙包村\t第二网格\t5组7号"})
    assert good.status_code == 302
    assert grid_doors(ALL, VILLAGE) == {FIRST: 60, f"{VILLAGE}-002": 1, VILLAGE: 60}
    assert "<td" in _read(client, "/grids/")


def test_a_list_that_is_too_long_is_refused_whole_and_comes_back(town: Town) -> None:
    pasted = "\n".join(f"沙包村，第一网格，4组{n}号" for n in range(1, 20_002))
    answer = _client(town).post("/grids/list/", {"list": pasted})
    assert answer.status_code == 422
    assert f">{pasted}</textarea>" in answer.content.decode()


def test_the_administrator_divides_without_seeing_who_lives_there(town: Town) -> None:
    _client(town).post(f"{PAGE}missing/")
    shown = _read(_client(town), f"{PAGE}?group=3组")
    assert "宋云" in shown
    assert "宋云" not in _read(_client(town, "administrator"), f"{PAGE}?group=3组")


def test_a_cadre_does_not_divide_and_another_village_does_not_exist(town: Town) -> None:
    assert _client(town, "village-cadre", "own village").get(PAGE).status_code == 403
    away = _client(town, "town-clerk", "other village")
    assert away.get(PAGE).status_code == 404
    assert away.post(f"{PAGE}range/", {"group": "*", "into": VILLAGE}).status_code == 404
    assert away.get(f"/grids/{OTHER_VILLAGE}/").status_code == 200


@pytest.mark.parametrize("address", sorted(MOST))
def test_the_number_of_queries_does_not_grow_with_the_doors(town: Town, address: str) -> None:
    client = _client(town)
    client.post(f"{PAGE}missing/")
    client.post(f"{PAGE}add/", {"name": "第一网格"})
    client.post(f"{PAGE}range/", {"group": "4组", "into": FIRST})
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert len(queries) <= MOST[address], "\n".join(q["sql"][:150] for q in queries.captured_queries)
