"""Groups, messages and channels as a person sees them: wide and narrow, in Chinese, at the size of the town."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.outreach.actions import (
    NewMessage,
    connect_robot,
    form_groups,
    mark_group_created,
    queue_messages,
    send_due,
)
from shouwang.outreach.rules import Plan, Wanted
from shouwang.workforce.actions import NewWorker, enlist_workers
from tests.browser.test_pages import look
from tests.conftest import CHINA
from tests.town import TOWN, VILLAGE, FixedClock, Town, found_town
from tests.vendors import vendor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
ALL = Scope.everything("test")
SignIn = Callable[[object], Page]


@pytest.fixture
def town(settings: Settings) -> Town:
    """The town with 219 groups more, 40 of them created, one with a robot that told and one that was removed."""
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    call_command("createcachetable", verbosity=0)
    town = found_town(AT, roles=("village-cadre", "town-clerk", "town-commander", "administrator"))
    roles = ("town-cadre", "village-cadre", "medic", "police", "neighbour")
    names = ("谭正国", "杨应忠", "熊德兰", "牟文华", "冉光明", "向玉兰")
    workers = [NewWorker(VILLAGE, name, roles, f"1380000{n:04}", "龙沙镇") for n, name in enumerate(names)]
    enlist_workers(workers=workers, area=TOWN, by=SYSTEM, at=AT - timedelta(days=4))
    team = tuple(Wanted(workers[n].id, workers[n].name, roles[n]) for n in range(5))
    plans = [
        Plan(
            *(VILLAGE, "household", str(uuid7()), "five-to-one", f"红鹤村防控组(杨{n}忠)", workers[n % 3].id),
            (*team[: 5 if n % 9 else 3], Wanted(None, f"杨{n}忠", "contact")),
        )
        for n in range(219)
    ]
    made = form_groups(
        plans=plans, ended=(), kind="household", area=TOWN, by=SYSTEM, at=AT - timedelta(hours=5)
    )
    for key in made.new[:40]:
        mark_group_created(group_id=key, scope=ALL, by=SYSTEM, at=AT - timedelta(hours=4))
    _told(town, made.new[:3], settings)
    return town


def _told(town: Town, groups: tuple[UUID, ...], settings: Settings) -> None:
    at = AT - timedelta(hours=1)
    with vendor("wecom", k0="", k1="", k2="") as fake:
        settings.ROBOT_HOSTS = [fake.host]
        for n, key in enumerate(groups):
            hook = f"{fake.url}/cgi-bin/webhook/send?key=k{n}"
            connect_robot(group_id=key, webhook=hook, sign="", scope=ALL, by=SYSTEM, at=at)
        del fake.secrets["k1"]
        params = {"place": "红鹤村", "count": "3", "deadline": "20:00", "link": "/due/"}
        queue_messages(
            messages=[
                NewMessage(uuid7(), VILLAGE, "check-late", params, "group", key, "test", n)
                for key in groups[:2]
                for n in range(2)
            ],
            by=SYSTEM,
            at=at,
        )
        send_due(by=SYSTEM, at=at)
        fake.hang_up = True
        lost = NewMessage(uuid7(), VILLAGE, "check-late", params, "group", groups[2], "test", 9)
        queue_messages(messages=[lost], by=SYSTEM, at=at)
        send_due(by=SYSTEM, at=at + timedelta(minutes=1))
    town.ids["told"] = groups[0]
    town.ids["lost"] = lost.id


def test_the_pages_are_legible_and_clean(
    signed_in: SignIn, town: Town, live_server: LiveServer, size: str
) -> None:
    page = signed_in(town.user("town-clerk"))
    for name, address in (
        ("groups", "/groups/"),
        ("group", f"/groups/{town.ids['told']}/"),
        ("messages", "/messages/"),
        ("messages-uncertain", "/messages/?which=uncertain"),
        ("message", f"/messages/{town.ids['lost']}/"),
        ("today-untold", "/"),
    ):
        page.goto(live_server.url + address)
        look(page, f"messages-{name}", size)


def test_the_administrators_page_of_channels_is_legible_and_clean(
    signed_in: SignIn, town: Town, live_server: LiveServer, size: str
) -> None:
    page = signed_in(town.user("administrator"))
    page.goto(f"{live_server.url}/channels/?kind=sms-aliyun")
    look(page, "messages-channels", size)


def test_a_leader_pastes_the_webhook_and_ticks_the_roster(
    signed_in: SignIn, town: Town, live_server: LiveServer, settings: Settings, size: str
) -> None:
    page = signed_in(town.user("village-cadre", "own village"))
    with vendor("feishu", hook="") as fake:
        settings.ROBOT_HOSTS = [fake.host]
        page.goto(f"{live_server.url}/groups/{town.ids['group']}/")
        page.get_by_label("Webhook 地址").fill("https://example.org/nothing")
        page.get_by_role("button", name="接通机器人").click()
        expect(page.locator("body")).to_contain_text("不是机器人的 Webhook 地址")
        page.goto(f"{live_server.url}/groups/{town.ids['group']}/")
        page.get_by_label("Webhook 地址").fill(f"{fake.url}/open-apis/bot/v2/hook/hook")
        page.get_by_role("button", name="接通机器人").click()
        page.get_by_text("已接机器人").first.wait_for()
        for box in page.locator("input[name=member]").all():
            box.check()
        with page.expect_navigation():
            page.get_by_role("button", name="勾选的已办").click()
        expect(page.get_by_text("本群消息")).to_be_visible()
        assert page.get_by_text("已拉入群").count() == 0


def test_a_clerk_says_that_an_uncertain_message_arrived(
    signed_in: SignIn, town: Town, live_server: LiveServer, size: str
) -> None:
    page = signed_in(town.user("town-clerk"))
    page.goto(f"{live_server.url}/messages/?which=uncertain")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="选中的确已送达").click()
    page.get_by_text("已确认 1 条送达").wait_for()
