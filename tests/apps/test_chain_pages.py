"""The pages of responsibility: what they show, what they write, and in how many queries."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from pytest_django import Settings

from shouwang.desk import chains
from shouwang.journeys.appoint_heads import HeadLine, name_heads, read_heads
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Grant, Scope
from shouwang.observation.queries import TellingRow, files_by_ids, open_alerts
from shouwang.places.actions import add_grid
from shouwang.workforce.actions import tie_user
from shouwang.workforce.queries import chain_of, team_of, workers
from tests.conftest import CHINA
from tests.town import OTHER_VILLAGE, TOWN, VILLAGE, FixedClock, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
ALL = Scope.everything()


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    return found_town(AT, roles=("village-doctor", "town-clerk", "town-commander", "administrator"))


def _client(town: Town, role: str = "town-commander", place: str = "own town") -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town.user(role, place))
    return client


def _read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_table_shows_who_answers_and_every_vacancy_with_who_stands_in(town: Town) -> None:
    page = _read(_client(town), "/chain/")
    assert "熊德兰" in page
    assert "暂由龙沙镇值班台（值班台）代管" in page
    only = _read(_client(town), "/chain/?only=vacant&level=village")
    assert "沙包村" not in only.split("<tbody>")[1]
    assert "青龙村" in only


def test_the_table_turns_its_pages_without_gap(town: Town) -> None:
    for n in range(60):
        add_grid(village=OTHER_VILLAGE, name=f"第{n}网格", by=SYSTEM, at=AT)
    client = _client(town)
    first = client.get("/chain/?level=grid")
    rows, after = [row.area for row, _, _ in first.context["rows"]], first.context["next"]
    second = client.get(f"/chain/?level=grid&after={after}")
    rows += [row.area for row, _, _ in second.context["rows"]]
    assert len(rows) == len(set(rows)) == 60
    assert second.context["next"] == ""


def test_a_place_is_given_its_head_and_whoever_was_there_hands_over(town: Town) -> None:
    client = _client(town)
    address = f"/places/{VILLAGE}/chain/"
    assert "熊德兰" in _read(client, address)
    refused = client.post(f"{address}name/", {"worker": str(town.ids["worker"]), "reason": ""})
    assert refused.status_code == 422
    named = client.post(f"{address}name/", {"worker": str(town.ids["worker"]), "reason": "调任"})
    assert named.status_code == 302
    [member] = team_of(ALL, "place", VILLAGE)
    assert member.worker.name == "杨应忠"
    ended = client.post(f"{address}{member.assignment_id}/end/", {"reason": "离任"})
    assert ended.status_code == 302
    assert "空缺" in _read(client, address)
    assert team_of(ALL, "place", VILLAGE) == []


def test_a_list_is_taken_line_by_line_and_what_is_refused_says_why(town: Town) -> None:
    text = "村,姓名,电话\n青龙村,向书记,13800000011\n没有的村,某人,1\n沙包村\n青龙村,另一人,1\n"
    page = _client(town).post("/chain/list/", {"list": text, "reason": "年初名单"})
    shown = page.content.decode()
    assert "共4行：新任1人，接任0人，未变0人" in shown
    assert "3行未收" in shown, shown[shown.index("共4行") :][:200]
    assert [m.worker.name for m in team_of(ALL, "place", OTHER_VILLAGE)] == ["向书记"]
    assert ">没有的村,某人,1\n沙包村\n青龙村,另一人,1</textarea>" in shown
    assert 'value="年初名单"' in shown
    again = _client(town).post("/chain/list/", {"list": "青龙村\t向书记\t13800000011"})
    assert again.status_code == 302
    assert len([w for w in workers(ALL) if w.name == "向书记"]) == 1


def test_a_list_that_replaces_somebody_without_a_reason_comes_back_whole(town: Town) -> None:
    pasted = "沙包村,新书记,13800000022\n没有的村,某人,1"
    answer = _client(town).post("/chain/list/", {"list": pasted})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f">{pasted}</textarea>" in page
    assert "必须填写原因" in page
    assert "新书记" not in [m.worker.name for m in team_of(ALL, "place", VILLAGE)]


def test_a_list_knows_a_grid_by_its_village_and_gives_it_a_head_of_grid(town: Town) -> None:
    grid = add_grid(village=VILLAGE, name="第一网格", by=SYSTEM, at=AT)
    add_grid(village=OTHER_VILLAGE, name="第一网格", by=SYSTEM, at=AT)
    lines = read_heads("沙包村第一网格，冉光\n第一网格，谁\n")
    done = name_heads(lines=lines, area=TOWN, reason="", scope=ALL, by=SYSTEM, at=AT)
    assert [(r.line.place, r.code) for r in done.refused] == [("第一网格", "place-unknown")]
    assert chain_of(ALL, "place", grid, AT).levels[-1].holders[0].role == "grid-leader"


def test_nobody_names_heads_where_they_may_not_assign(town: Town) -> None:
    own = Scope("x", (Grant("town-clerk", VILLAGE, frozenset({"team.assign"})),))
    with pytest.raises(Refused, match="not-permitted"):
        name_heads(lines=[HeadLine(1, "青龙村", "甲")], area=TOWN, reason="", scope=own, by=SYSTEM, at=AT)


def test_the_household_and_the_person_show_their_five_levels_and_three_persons(town: Town) -> None:
    client = _client(town, "village-doctor", "own village")
    for address in (f"/households/{town.households['宋云']}/", f"/people/{town.people['宋云']}/"):
        page = _read(client, address)
        assert page.count('<span class="level">') == 4
        assert "院落骨干" in page
        assert "未指定" in page


def test_the_alarm_shows_who_was_told_when_and_what_became_of_the_message(town: Town) -> None:
    page = _read(_client(town), "/alerts/")
    ladder = page.split('<ol class="climb"')[1].split("</ol>")[0]
    assert "熊德兰" in ladder
    assert "空缺，略过" in ladder
    assert "已知情，略过" in ladder, "the village secretary is the medic who knew at once"
    assert "龙沙镇值班台" in ladder
    assert "+540分钟" in ladder
    person = _read(_client(town), f"/people/{town.people['宋云']}/")
    assert "+540分钟" in person


def test_whoever_an_alarm_has_reached_sees_it_first(town: Town) -> None:
    doctor = town.user("village-doctor", "own village")
    told = next(w for w in workers(ALL) if w.name == "熊德兰")
    tie_user(worker_id=told.id, user_id=doctor.id, by=SYSTEM, at=AT)
    rows = _client(town, "village-doctor", "own village").get("/alerts/").context["rows"]
    assert rows[0]["ladder"].reached_me == AT
    assert _client(town).get("/alerts/").context["rows"][0]["ladder"].reached_me is None


def test_what_nobody_answers_for_is_listed_and_empty_when_all_is_well(town: Town) -> None:
    client = _client(town)
    assert "处处有人负责" in _read(client, "/chain/alone/")
    with connection.cursor() as cursor:
        cursor.execute("update workforce_worker set until = %s where kinds @> '[\"duty-desk\"]'", [AT])
    assert "龙沙镇" in _read(client, "/chain/alone/")
    assert "3组15号" in _read(client, "/chain/alone/?kind=household")


def test_who_is_watched_over_and_alone_is_not_shown_to_an_administrator(town: Town) -> None:
    with connection.cursor() as cursor:
        cursor.execute("update workforce_worker set until = %s", [AT])
    page = _read(_client(town), "/chain/alone/?kind=person")
    assert "宋云" in page
    assert _client(town, "administrator").get("/chain/alone/?kind=person").status_code == 403
    assert _client(town, "administrator").get("/chain/alone/?kind=household").status_code == 403


MOST = {
    "/chain/": 12,
    "/chain/?only=vacant": 12,
    f"/places/{TOWN}/chain/": 12,
    "/chain/alone/": 12,
    "/chain/alone/?kind=household": 12,
    "/chain/alone/?kind=person": 16,
}


@pytest.mark.parametrize("address", MOST)
def test_no_page_of_responsibility_takes_more_queries_than_it_is_allowed(town: Town, address: str) -> None:
    for n in range(30):
        add_grid(village=OTHER_VILLAGE, name=f"第{n}网格", by=SYSTEM, at=AT)
    client = _client(town)
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    assert len(queries) <= MOST[address]


def test_an_alarm_recorded_on_a_page_asks_for_a_tick_at_once(town: Town) -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where task_name = 'shouwang.tick'")
    form = {"taken_at": "2020-02-01T17:30", "temperature": "38.6", "channel": "visit", "seen": "person"}
    form |= {"outcome": "done", "roles": "medic", "id": "0170000f-0000-7000-8000-000000000001"}
    answer = _client(town, "village-doctor", "own village").post(f"/files/{town.ids['file']}/check/", form)
    assert answer.status_code == 302
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where task_name = 'shouwang.tick'")
        assert cursor.fetchone() == (1,)


def test_whoever_is_told_as_head_of_a_level_bears_the_title_that_the_pack_gives_the_level(town: Town) -> None:
    told = TellingRow(
        id=uuid7(),
        about_kind="alert",
        about_id=town.ids["alert"],
        file_id=town.ids["file"],
        area=VILLAGE,
        step=1,
        line=0,
        due_at=AT,
        at=AT,
        outcome="told",
        level="village",
        role="village-secretary",
        worker_id=None,
        worker_name="冉书记",
        user_id=None,
    )
    file = files_by_ids(ALL, [town.ids["file"]])[town.ids["file"]]
    alert = next(a for a in open_alerts(ALL) if a.id == town.ids["alert"])
    with override("zh-hans"):
        (step,) = chains.ladder(alert, [told], {}, None, chains.roles_of(file)).steps
    assert step.role == "村（社区）书记"
