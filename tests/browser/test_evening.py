"""The evening in Chromium: the close-out from looking to closed, and every page of it wide and narrow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from shouwang.kernel.actor import Actor
from shouwang.kernel.scope import Scope
from shouwang.oversight.actions import close_report
from tests.browser.conftest import SHOTS
from tests.browser.test_pages import look
from tests.conftest import CHINA
from tests.town import TOWN, VILLAGE, FixedClock, Town, found_town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = datetime(2020, 2, 1, 20, 40, tzinfo=CHINA)
"""After 20:30: the village is late, the town is not."""
SignIn = Callable[[object], Page]


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    call_command("createcachetable", verbosity=0)
    return found_town(AT, roles=("village-cadre", "town-clerk", "town-commander", "auditor"))


PAGES = (
    *("/close-out/", "/evening/", "/tomorrow/", "/clears/", "/gaps/check-missed/", "/gaps/chain-broken/"),
    *("/report/", "/report/tree/", "/report/form/statistics-daily/", "/report/form/town-daily/"),
)


def test_the_pages_of_the_evening_are_legible_and_clean(
    town: Town, live_server: LiveServer, signed_in: SignIn, size: str
) -> None:
    by = Actor("x", "谭镇长")
    yesterday = AT.date() - timedelta(days=1)
    close_report(
        scope=Scope.everything(), area=TOWN, day=yesterday, as_of=AT - timedelta(hours=20), by=by, at=AT
    )
    page = signed_in(town.user("town-commander"))
    for address in PAGES:
        answer = page.goto(live_server.url + address)
        assert answer is not None
        assert answer.status == 200, address
        look(page, f"evening-{address.strip('/').replace('/', '-')}", size)


def test_a_village_says_why_and_closes_its_day(
    town: Town, live_server: LiveServer, signed_in: SignIn, size: str
) -> None:
    page = signed_in(town.user("village-cadre", "own village"))
    page.goto(f"{live_server.url}/close-out/")
    assert "应在20:30前收日" in page.inner_text("main")
    button = page.get_by_role("button", name="已逐项看过，收日")
    assert button.is_disabled(), "nothing closes before everything left has a reason"
    for _ in range(12):
        open_ones = page.get_by_role("button", name="用于全部未写原因的")
        if not open_ones.count():
            break
        form = page.locator("form", has=open_ones.first).first
        form.locator("select[name=reason]").select_option("time")
        with page.expect_navigation():
            open_ones.first.click()
    look(page, "close-out-explained", size)
    with page.expect_navigation():
        button.click()
    expect(page.locator("main")).to_contain_text("已收")
    look(page, "close-out-closed", size)
    page.get_by_text("重新打开这一天").click()
    page.locator("details input[name=reason]").fill("漏录一次")
    with page.expect_navigation():
        page.get_by_role("button", name="重新打开", exact=True).click()
    expect(page.locator("main")).to_contain_text("漏录一次")


def test_the_meeting_and_the_sheets_print_on_paper(
    town: Town, live_server: LiveServer, signed_in: SignIn, size: str
) -> None:
    if size != "wide":
        return
    page = signed_in(town.user("town-commander"))
    SHOTS.mkdir(parents=True, exist_ok=True)
    for name in ("evening", "tomorrow"):
        page.goto(f"{live_server.url}/{name}/")
        page.pdf(path=SHOTS / f"{name}.pdf", format="A4")
        page.emulate_media(media="print")
        assert not page.locator("nav.side").is_visible()
        page.emulate_media(media="screen")


def test_a_task_is_written_in_the_meeting(
    town: Town, live_server: LiveServer, signed_in: SignIn, size: str
) -> None:
    page = signed_in(town.user("town-commander"))
    page.goto(f"{live_server.url}/evening/?area={VILLAGE}")
    page.fill("input[name=text]", "给3组送告知书")
    with page.expect_navigation():
        page.get_by_role("button", name="写下").click()
    expect(page.locator("main")).to_contain_text("给3组送告知书")
    with page.expect_navigation():
        page.get_by_role("button", name="完成").first.click()
    assert page.faults == []  # type: ignore[attr-defined]
    look(page, "evening-task", size)
