"""Tests, results by keyboard, hand-overs, discharge, who came: legible and clean, in Chinese, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.management import call_command
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from shouwang.kernel.scope import Scope
from shouwang.observation.queries import laboratory_by_ids
from tests.browser.test_pages import look
from tests.conftest import CHINA
from tests.tested import add_tested, find_and_send_on
from tests.town import FixedClock, Town, found_town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
SignIn = Callable[[object], Page]


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    call_command("createcachetable", verbosity=0)
    founded = found_town(AT, roles=("town-clerk",))
    add_tested(founded)
    return founded


PAGES = {
    "tests": "/tests/?what=awaited",
    "tests-due": "/tests/",
    "test-results": "/tests/results/",
    "test-file": "/tests/file/",
    "sample": "/files/{tested}/sample/",
    "hand-overs": "/hand-overs/",
    "discharge": "/people/{person}/discharge/",
    "quorum": "/quorum/?day=2020-01-31",
    "person-tested": "/people/{tested_person}/",
    "check-remote": "/files/{tested}/check/",
}


def test_the_pages_of_protocols_are_legible_and_clean(
    town: Town, live_server: LiveServer, signed_in: SignIn, size: str
) -> None:
    page = signed_in(town.user("town-clerk"))
    things = town.ids | {"person": town.people["宋云"], "tested_person": town.people["谭玉兰"]}
    for name, address in PAGES.items():
        answer = page.goto(live_server.url + address.format(**things))
        assert answer is not None
        assert answer.status == 200, address
        look(page, f"protocols-{name}", size)


def test_who_was_found_and_moved_on_is_a_legible_list(
    town: Town, live_server: LiveServer, signed_in: SignIn, size: str
) -> None:
    find_and_send_on(town)
    page = signed_in(town.user("town-clerk"))
    page.goto(f"{live_server.url}/watched/")
    page.get_by_role("link", name="发现异常转出").click()
    assert page.get_by_text("检测阳性，转定点医院").is_visible()
    look(page, "protocols-moved-on", size)


def test_results_are_entered_by_keyboard_and_a_positive_says_so_at_once(
    town: Town, live_server: LiveServer, signed_in: SignIn
) -> None:
    page = signed_in(town.user("town-clerk"))
    page.goto(f"{live_server.url}/tests/results/")
    page.focus("[data-cell]")
    page.keyboard.type("+")
    page.keyboard.press("Enter")
    page.wait_for_selector("#toasts :text('检测阳性')")
    sample = town.ids["sample"]
    assert laboratory_by_ids(Scope.everything(), [sample])[sample].outcome == "positive"
    assert page.faults == []  # type: ignore[attr-defined]
