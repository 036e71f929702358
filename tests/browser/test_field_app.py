"""The field app in real Chromium against the real server: enrolled, unlocked, listed, checked, off and on line."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser, Request, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from shouwang.devices.actions import revoke_device
from shouwang.fieldapi import site
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.scope import Scope
from tests.browser.conftest import settle_down
from tests.browser.fielding import PIN, SMALL, Phone, Wire, enrol_code
from tests.conftest import CHINA
from tests.town import FixedClock, Town, found_town
from tests.walking import Village, settle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MORNING = datetime(2020, 2, 5, 6, 30, tzinfo=CHINA)
BUDGET = 200 * 1024
"""Bytes on the wire until the first screen, without the scanner."""


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(MORNING), False
    call_command("createcachetable", verbosity=0)
    return found_town(MORNING, roles=("village-doctor", "village-cadre", "town-clerk"), is_busy=False)


@pytest.fixture
def village(town: Town) -> Village:
    return settle(town, MORNING - timedelta(hours=10))


@pytest.fixture
def wire(live_server: LiveServer) -> Iterator[Wire]:
    made = Wire(live_server.url)
    yield made
    made.cut()


@pytest.fixture
def phone(chromium: Browser, wire: Wire) -> Iterator[Phone]:
    context = chromium.new_context(
        viewport=SMALL, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
    )
    context.clock.install(time=MORNING)
    yield Phone(context, wire)
    context.close()
    wire.cut()
    settle_down()


def enrolled(phone: Phone, town: Town, role: str = "village-doctor") -> None:
    phone.enrol(enrol_code(town.user(role, "own village").id, MORNING))
    expect(phone.page.locator(".line").first).to_be_visible()


def rows(question: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return [tuple(row) for row in cursor.fetchall()]


def checks() -> int:
    """Checks the rooms have that came from the field."""
    return int(
        rows("select count(*) from observation_dailycheck c join devices_command d on d.id = c.id")[0][0]
    )


def unsent(phone: Phone, text: str) -> None:
    expect(phone.page.get_by_test_id("unsent").first).to_contain_text(text)


def test_from_the_code_to_a_fever_without_a_network_and_back(
    phone: Phone, town: Town, village: Village, wire: Wire
) -> None:
    page = phone.page
    asked: list[Request] = []
    page.on("requestfinished", lambda request: asked.append(request))
    page.goto(f"{phone.url}/field/#enrol=ABCDEFGHJK")
    expect(page.get_by_test_id("enrol")).to_be_visible()
    loaded = sum(int(request.sizes()["responseBodySize"]) for request in asked)
    assert 50_000 < loaded < BUDGET
    assert page.evaluate("location.href").endswith("#/today")  # the code does not stay in the address
    phone.look("enrol")
    page.get_by_role("button", name="登记", exact=True).click()
    phone.type_pin("123456")
    expect(page.get_by_role("alert")).to_contain_text("太容易猜")
    phone.look("choose-pin")
    phone.type_pin()
    phone.type_pin()
    expect(page.get_by_test_id("enrol").get_by_role("alert")).to_contain_text("登记码不对")
    enrolled(phone, town)
    expect(page.locator("[data-group='call'] .line")).to_have_count(6)
    expect(page.locator("[data-group='door'] .line")).not_to_have_count(0)
    phone.look("today")
    page.locator("[data-group='door'] .line-leg").first.scroll_into_view_if_needed()
    phone.look("doors-to-walk")
    page.get_by_role("link", name="看地图").click()
    expect(page.locator(".map path").first).to_be_attached()
    phone.look("map")
    phone.go("/today")

    wire.cut()
    page.reload()
    phone.unlock()
    unsent(phone, "没有网络")
    page.locator(".line-main").first.click()
    phone.look("check")
    phone.well()
    unsent(phone, "未发 1")
    expect(page.get_by_test_id("undo")).to_be_visible()
    page.get_by_test_id("pad").click()
    page.locator("[data-whole='38']").click()
    page.locator("[data-tenth='4']").click()
    page.get_by_role("button", name="加 0.1 度").click()
    expect(page.get_by_test_id("deci")).to_contain_text("38.5")
    page.get_by_test_id("symptoms").get_by_role("button", name="咳嗽").click()
    phone.look("check-fever")
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("alarm")).to_contain_text("38.5")
    expect(page.get_by_test_id("alarm-sent")).to_contain_text("没有发出去")
    assert page.locator("a.is-ring").count() > 0
    assert all(
        re.match(r"tel:\+?\d+$", str(one.get_attribute("href"))) for one in page.locator("a.is-ring").all()
    )
    phone.look("alarm")
    page.reload()
    phone.unlock()
    unsent(phone, "未发 2")
    assert checks() == 0

    wire.join()
    phone.go("/me")
    page.get_by_test_id("send").click()
    unsent(phone, "都已发出")
    phone.look("me")
    assert checks() == 2
    assert rows("select a.code from observation_alert a join devices_command d on d.id = a.check_row_id") == [
        ("fever",)
    ]
    ((taken,),) = rows("select taken_at from observation_dailycheck where deci = 385")
    assert abs(taken - MORNING) < timedelta(minutes=5)


def test_what_is_typed_survives_and_what_is_saved_can_be_undone_or_corrected(
    phone: Phone, town: Town, village: Village
) -> None:
    enrolled(phone, town)
    page = phone.page
    page.locator(".line-main").first.click()
    expect(page.get_by_test_id("save")).to_be_visible()  # else the heading read is still that of the list
    name = page.locator(".top h1").inner_text()
    page.locator("[data-deci='368']").click()
    page.get_by_test_id("symptoms").get_by_role("button", name="无症状").click()
    phone.kept("drafts", 1)
    phone.restart()
    expect(phone.page.get_by_test_id("draft")).to_contain_text(name)
    page = phone.page
    phone.look("draft")
    page.get_by_role("link", name="接着填").click()
    expect(page.get_by_test_id("deci")).to_contain_text("36.8")
    page.get_by_test_id("save").click()
    expect(page.locator(".top h1")).not_to_have_text(name)
    page.get_by_test_id("undo").click()
    expect(page.locator(".top h1")).to_have_text(name)
    expect(page.get_by_test_id("deci")).to_contain_text("36.8")
    assert checks() == 0
    page.get_by_test_id("save").click()
    expect(page.locator(".top h1")).not_to_have_text(name)
    phone.go("/me")
    page.get_by_test_id("send").click()
    unsent(phone, "都已发出")
    assert checks() == 1
    page.get_by_role("link", name="更正").click()
    phone.look("correct")
    expect(page.get_by_test_id("save")).to_be_disabled()
    page.get_by_label("为什么更正").fill("看错了刻度")
    page.get_by_role("button", name="减 0.1 度").click()
    page.get_by_test_id("save").click()
    page.get_by_test_id("send").click()
    unsent(phone, "都已发出")
    found = rows("select deci, corrects_id is not null from observation_dailycheck order by recorded_at")
    assert [one for one in found if one[1]] == [(367, True)]
    expect(page.get_by_test_id("today-mine").locator(".mine")).to_have_count(1)


def test_two_tabs_save_at_once_and_each_check_is_there_once(
    phone: Phone, town: Town, village: Village
) -> None:
    enrolled(phone, town)
    other = phone.tab()
    other.goto(f"{phone.url}/field/")
    first, phone.page = phone.page, other
    phone.unlock()
    for page, at in ((first, 0), (other, 8)):
        page.locator(".line-main").nth(at).click()
        page.locator("[data-deci='365']").click()
        page.get_by_test_id("symptoms").get_by_role("button", name="无症状").click()
    forms = {page: page.evaluate("location.hash") for page in (first, other)}
    first.get_by_test_id("save").click(no_wait_after=True)
    other.get_by_test_id("save").click(no_wait_after=True)
    for page, form in forms.items():
        page.wait_for_function("form => location.hash !== form", arg=form)  # it is saved
        page.evaluate("location.hash = '/me'")
    first.get_by_test_id("send").click()
    other.get_by_test_id("send").click()
    for page in (first, other):
        expect(page.get_by_test_id("unsent")).to_contain_text("都已发出")
    assert checks() == 2
    assert [seq for (seq,) in rows("select seq from devices_command order by seq")] == [1, 2]
    assert phone.faults == []


def test_a_new_release_waits_until_no_form_is_open(
    phone: Phone, town: Town, village: Village, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(site.BUILT, tmp_path / "field")
    monkeypatch.setattr(site, "BUILT", tmp_path / "field")
    enrolled(phone, town)
    page = phone.page
    page.reload()
    phone.unlock()
    with (tmp_path / "field" / "sw.js").open("a") as worker:
        worker.write("\n// another release\n")
    page.locator(".line-main").first.click()
    page.locator("[data-deci='365']").click()
    page.evaluate(
        "navigator.serviceWorker.getRegistration('/field/').then(found => found.update()).then(() => 1)"
    )
    phone.until("navigator.serviceWorker.getRegistration('/field/').then(found => found.waiting !== null)")
    expect(page.get_by_text("有新版本")).to_have_count(0)
    expect(page.get_by_test_id("deci")).to_contain_text("36.5")
    page.get_by_test_id("symptoms").get_by_role("button", name="无症状").click()
    page.get_by_test_id("save").click()
    unsent(phone, "未发 1")
    phone.go("/today")
    expect(page.get_by_text("有新版本")).to_be_visible()
    phone.look("update")
    page.get_by_role("button", name="现在换上").click()
    phone.unlock()
    expect(page.get_by_text("有新版本")).to_have_count(0)
    phone.go("/me")
    page.get_by_test_id("send").click()
    unsent(phone, "都已发出")
    assert checks() == 1


def test_a_lost_phone_a_long_shift_and_wrong_pins_leave_nothing_to_read(
    phone: Phone, town: Town, village: Village, settings: Settings, wire: Wire
) -> None:
    enrolled(phone, town)
    page = phone.page
    wire.cut()
    page.locator(".line-main").first.click()
    phone.well()
    unsent(phone, "未发 1")
    page.clock.fast_forward(int(timedelta(hours=13).total_seconds() * 1000))
    phone.go("/today")
    expect(page.get_by_test_id("no-list")).to_contain_text("班次到时")
    expect(page.get_by_test_id("no-list")).to_contain_text("1 条没发出")
    phone.look("shift-over")
    wire.join()
    later = MORNING + timedelta(hours=13)
    settings.CLOCK = FixedClock(later)
    page.get_by_role("button", name="联网取名单").or_(page.get_by_role("button", name="取名单")).first.click()
    expect(page.locator(".line, .fold").first).to_be_visible()
    unsent(phone, "都已发出")
    assert checks() == 1
    phone.go("/me")
    page.get_by_test_id("lock").click()
    expect(page.get_by_test_id("locked")).to_be_visible()
    phone.look("locked")
    assert town.people["宋云"]
    for left in (4, 3, 2, 1):
        phone.type_pin("804173")
        expect(page.get_by_role("alert")).to_contain_text(f"还可以试 {left} 次")
    phone.type_pin("804173")
    expect(page.get_by_role("alert")).to_contain_text(re.compile("名单已删除|后再试"))
    page.clock.fast_forward(int(timedelta(minutes=2).total_seconds() * 1000))
    settings.CLOCK = FixedClock(later + timedelta(minutes=2))
    wire.cut()
    page.reload()
    phone.type_pin(PIN)
    expect(page.get_by_test_id("unsent")).to_be_visible()
    phone.go("/today")
    expect(page.get_by_test_id("no-list")).to_be_visible()
    wire.join()
    ((device,),) = rows("select id from devices_device where revoked_at is null")
    revoke_device(
        device_id=device,
        reason="手机丢了",
        scope=Scope.everything(),
        by=SYSTEM,
        at=later + timedelta(minutes=2),
    )
    page.reload()
    phone.type_pin(PIN)
    expect(page.get_by_test_id("no-list")).to_contain_text("已被停用")
    phone.look("revoked")


def test_wechat_is_shown_the_way_out_and_keeps_nothing(chromium: Browser, wire: Wire, town: Town) -> None:
    agent = "Mozilla/5.0 (Linux; Android 11) AppleWebKit/537.36 Chrome/86.0 Mobile MicroMessenger/8.0.2"
    context = chromium.new_context(viewport=SMALL, locale="zh-CN", user_agent=agent)
    phone = Phone(context, wire)
    phone.page.goto(f"{wire.url}/field/")
    expect(phone.page.get_by_test_id("elsewhere")).to_contain_text("在浏览器打开")
    phone.look("wechat")
    kept = phone.page.evaluate(
        "Promise.all([indexedDB.databases(), navigator.serviceWorker.getRegistrations(), caches.keys()])"
        ".then(found => found.map(one => one.length))"
    )
    assert kept == [0, 0, 0]
    context.close()
