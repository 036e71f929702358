"""Each page as a person sees it: wide and narrow, in Chinese, with nothing sideways and nothing axe minds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import SHOTS, serious
from tests.conftest import CHINA
from tests.town import FixedClock, Town, found_town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
SignIn = Callable[[object], Page]


def look(page: Page, name: str, size: str) -> None:
    """No fault in the console, nothing sideways, axe finds nothing serious. Keeps a picture for people."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}-{size}.png", full_page=True)
    assert page.faults == []  # type: ignore[attr-defined]
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{name} scrolls sideways by {wider} px"
    assert serious(page) == [], name


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    call_command("createcachetable", verbosity=0)
    roles = ("village-doctor", "town-clerk", "town-commander", "auditor", "administrator")
    return found_town(AT, roles=roles)


def test_the_door_is_legible_and_clean(visitor: Page, live_server: LiveServer, size: str) -> None:
    visitor.goto(f"{live_server.url}/account/login/")
    assert visitor.get_by_role("button", name="登录").is_visible()
    look(visitor, "login", size)


PAGES = {
    "village-doctor": ("/", "/alerts/", "/due/", "/files/{file}/check/"),
    "town-clerk": (
        *("/", "/ledgers/", "/ledgers/hubei/", "/people/{person}/", "/households/{household}/"),
        *("/import/", "/import/{batch}/?show=to_verify", "/verify/", "/vacancies/", "/watched/"),
        *("/packs/", "/packs/{revision}/", "/report/", "/search/?q=宋"),
    ),
    "town-commander": ("/", "/approvals/", "/report/"),
    "auditor": ("/", "/journal/"),
    "administrator": ("/", "/users/"),
}


@pytest.mark.parametrize("role", sorted(PAGES))
def test_the_pages_of_a_role_are_legible_and_clean(
    role: str, town: Town, live_server: LiveServer, signed_in: SignIn, size: str
) -> None:
    page = signed_in(town.user(role, "own village" if role == "village-doctor" else "own town"))
    things = town.ids | {"person": town.people["宋云"], "household": town.households["宋云"]}
    for address in PAGES[role]:
        answer = page.goto(live_server.url + address.format(**things))
        assert answer is not None
        assert answer.status == 200, address
        name = f"{role}-{address.split('?')[0].strip('/').split('/')[0] or 'today'}"
        look(page, f"{name}-{address.count('/')}", size)


def test_a_check_with_a_fever_shows_its_alarm_at_once(
    town: Town, live_server: LiveServer, signed_in: SignIn
) -> None:
    page = signed_in(town.user("village-doctor", "own village"))
    page.goto(f"{live_server.url}/files/{town.ids['file']}/check/")
    page.fill("#temperature", "38.2")
    page.get_by_label("咳嗽").check()
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/people/**")
    expect(page.locator("#toasts")).to_contain_text("警报")
    expect(page.locator(".days")).to_contain_text("38.2")


def test_the_keyboard_walks_a_list_and_opens_a_row(
    town: Town, live_server: LiveServer, signed_in: SignIn
) -> None:
    page = signed_in(town.user("town-clerk"))
    page.goto(f"{live_server.url}/ledgers/hubei/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/**")
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()


def test_full_numbers_are_shown_only_after_a_purpose(
    town: Town, live_server: LiveServer, signed_in: SignIn
) -> None:
    page = signed_in(town.user("town-clerk"))
    page.goto(f"{live_server.url}/people/{town.people['宋云']}/")
    assert "500101195206112651" not in page.content()
    page.get_by_text("显示完整号码").click()
    page.fill("#purpose", "核对证件")
    page.get_by_role("button", name="显示", exact=True).click()
    page.wait_for_selector("#revealed dd")
    expect(page.locator("#revealed")).to_contain_text("500101195206112651")
    assert page.faults == []  # type: ignore[attr-defined]
