"""第四题“做完了” The story: a morning without a server, and at noon everything is there once.

Writes its screens into the folder named by SHOUWANG_FIELD_PICTURES, if one is named: `docs/pictures/field-*.png`
are made by this test (`SHOUWANG_FIELD_PICTURES=docs/pictures pytest tests/browser/test_field_story.py`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import settle_down
from tests.browser.fielding import SMALL, Phone, Wire, enrol_code
from tests.conftest import CHINA
from tests.town import FixedClock, Town, found_town
from tests.walking import PEOPLE, Village, settle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MORNING = datetime(2020, 2, 5, 6, 30, tzinfo=CHINA)
NOON = datetime(2020, 2, 5, 12, 0, tzinfo=CHINA)
FEVERS = {20: 378, 47: 386}
"""Which of the 64 checks find a fever, and how high."""
REFUSES = 33
"""Before which check a door stays shut; its people are seen later."""
RESTARTS = (15, 40)
DESK: ViewportSize = {"width": 1366, "height": 768}
A_CHECK = timedelta(minutes=4)


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(MORNING), False
    call_command("createcachetable", verbosity=0)
    return found_town(MORNING, roles=("village-doctor", "town-commander"), is_busy=False)


@pytest.fixture
def village(town: Town) -> Village:
    return settle(town, MORNING - timedelta(hours=10))


@pytest.fixture
def phone(chromium: Browser, live_server: LiveServer) -> Iterator[Phone]:
    wire = Wire(live_server.url)
    context = chromium.new_context(
        viewport=SMALL, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
    )
    context.clock.install(time=MORNING)
    yield Phone(context, wire)
    context.close()
    wire.cut()
    settle_down()


@pytest.fixture
def desk(chromium: Browser, live_server: LiveServer, town: Town) -> Iterator[Page]:
    """The town's commander at the desk, signed in."""
    context: BrowserContext = chromium.new_context(viewport=DESK, locale="zh-CN", timezone_id="Asia/Shanghai")
    client = Client()
    client.force_login(town.user("town-commander"))
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/alerts/")
    yield page
    context.close()


def rows(question: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return [tuple(row) for row in cursor.fetchall()]


def picture(page: Page, name: str) -> None:
    folder = os.environ.get("SHOUWANG_FIELD_PICTURES")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def test_a_morning_without_a_server_is_all_there_at_noon(
    phone: Phone, desk: Page, town: Town, village: Village, settings: Settings
) -> None:
    phone.enrol(enrol_code(town.user("village-doctor", "own village").id, MORNING))
    expect(phone.page.locator(".line").first).to_be_visible()
    picture(phone.page, "field-today")
    before = {alert for (alert,) in rows("select id from observation_alert")}
    phone.wire.cut()

    told = _check_everybody(phone)
    assert len(told) == PEOPLE
    assert rows("select count(*) from devices_command") == [(0,)]
    expect(phone.page.get_by_test_id("unsent").first).to_contain_text(f"未发 {PEOPLE + 1}")
    phone.go("/me")
    picture(phone.page, "field-unsent")

    settings.CLOCK = FixedClock(NOON)
    now = phone.page.evaluate("Date.now()")
    phone.page.clock.fast_forward(max(0, int(NOON.timestamp() * 1000) - now))
    phone.wire.join()
    started = time.monotonic()
    phone.page.get_by_test_id("send").click()
    expect(phone.page.get_by_test_id("unsent").first).to_contain_text("都已发出")
    sent = time.monotonic() - started
    print(f"65 commands were taken {sent:.1f} s after a tap")
    alarms = rows(
        "select c.deci, c.taken_at from observation_alert a join observation_dailycheck c on c.id = a.check_row_id"
        " where not a.id = any(%s) order by c.taken_at",
        list(before),
    )
    assert [deci for deci, _ in alarms] == [FEVERS[number] for number in sorted(FEVERS)]
    for (_, taken), number in zip(alarms, sorted(FEVERS), strict=True):
        assert abs(taken.timestamp() - told[number]) < 60, "the alarm bears another time than the thermometer"
    _desk_sees(desk, dict(alarms), started)

    assert rows(
        "select count(*), count(distinct c.file_id) from observation_dailycheck c"
        " join devices_command d on d.id = c.id where c.outcome = 'done'"
    ) == [(PEOPLE, PEOPLE)]
    assert rows("select count(*) from observation_dailycheck where outcome = 'refused'") == [(1,)]
    assert [seq for (seq,) in rows("select seq from devices_command order by seq")] == list(
        range(1, PEOPLE + 2)
    )
    assert phone.faults == []


def _check_everybody(phone: Phone) -> dict[int, float]:
    """64 checks in the order the phone proposes; a door stays shut at first, the phone dies twice.

    Number of the check → instant of the phone's clock.
    """
    told: dict[int, float] = {}
    took: list[float] = []
    for number in range(1, PEOPLE + 1):
        if number in RESTARTS:
            phone.restart()
        if number == REFUSES:
            _at_a_form(phone)
            phone.page.get_by_test_id("outcomes").get_by_role("button", name="拒测").click()
            _saved(phone, phone.page.get_by_test_id("save").click)
        _at_a_form(phone)
        told[number] = phone.page.evaluate("Date.now()") / 1000
        if number in FEVERS:
            _fever(phone, FEVERS[number], is_first=number == min(FEVERS))
        else:
            if number == min(FEVERS) - 2:
                picture(phone.page, "field-check")
            started = time.monotonic()
            _saved(phone, lambda: phone.well(363 + number % 2 * 2))  # noqa: B023 - called at once
            took.append(time.monotonic() - started)
        phone.page.clock.fast_forward(int(A_CHECK.total_seconds() * 1000))
    print(f"a check of three taps took {sum(took) / len(took):.2f} s, at most {max(took):.2f} s, by script")
    assert median(took) < 10
    return told


def _at_a_form(phone: Phone) -> None:
    """The phone slides to the next person by itself; where it has come to an end, somebody taps the first line."""
    if not phone.page.evaluate("location.hash").startswith("#/check/"):
        phone.page.locator(".line-main").first.click()
    expect(phone.page.get_by_test_id("save")).to_be_visible()


def _saved(phone: Phone, save: Callable[[], None]) -> None:
    was = phone.page.evaluate("location.hash")
    save()
    phone.page.wait_for_function("was => location.hash !== was", arg=was)


def _fever(phone: Phone, deci: int, *, is_first: bool) -> None:
    page = phone.page
    page.get_by_test_id("pad").click()
    page.locator(f"[data-whole='{deci // 10}']").click()
    page.locator(f"[data-tenth='{deci % 10}']").click()
    page.get_by_test_id("symptoms").get_by_role("button", name="发热").click()
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("alarm")).to_contain_text(f"{deci // 10}.{deci % 10}")
    if is_first:
        picture(page, "field-alarm")
    _saved(phone, page.get_by_test_id("go-on").click)


def _desk_sees(desk: Page, taken: dict[int, datetime], started: float) -> None:
    """The desk's page of alarms has both, with the time they were taken; how many seconds after the tap."""
    desk.reload()
    for deci, at in taken.items():
        line = desk.locator("tr[data-row]").filter(has_text=f"{deci // 10}.{deci % 10} ℃")
        expect(line).to_contain_text(f"{at.astimezone(CHINA):%H:%M}")
    print(f"the desk's page had both alarms {time.monotonic() - started:.1f} s after the tap")
    picture(desk, "field-desk-alarms")
