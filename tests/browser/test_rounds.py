"""The round and its paper in real Chromium: looked at wide and narrow, and keyed in by keys alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from shouwang.journeys.day_round import day_round, put_on_paper, walker_of
from shouwang.journeys.door_notices import print_village
from shouwang.kernel.actor import Actor
from shouwang.observation.queries import keyed_lines, round_sheet
from tests.browser.test_pages import look
from tests.conftest import CHINA
from tests.town import VILLAGE, FixedClock, Town, found_town
from tests.walking import EVERYTHING, settle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MORNING = datetime(2020, 2, 1, 6, 20, tzinfo=CHINA)
EVENING = datetime(2020, 2, 1, 20, 0, tzinfo=CHINA)
DOCTOR = Actor("doctor", "谢兵")
SignIn = Callable[[object], Page]


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(MORNING), False
    call_command("createcachetable", verbosity=0)
    found = found_town(MORNING, roles=("village-doctor", "town-clerk"))
    settle(found, MORNING - timedelta(hours=10))
    return found


def test_the_pages_of_the_round_and_of_papers_are_legible_and_clean(
    town: Town, live_server: LiveServer, signed_in: SignIn, size: str
) -> None:
    page = signed_in(town.user("village-doctor", "own village"))
    walker = walker_of(EVERYTHING, town.user("village-doctor", "own village").id, "x")
    told = day_round(EVERYTHING, MORNING, walker=walker, households=walker.households)
    sheet = put_on_paper(EVERYTHING, told, walker=walker, by=DOCTOR, at=MORNING)
    addresses = {"round": "/round/", "tonight": "/round/tonight/", "sheet": f"/round/sheets/{sheet}/"}
    for name, address in addresses.items():
        answer = page.goto(live_server.url + address)
        assert answer is not None
        assert answer.status == 200
        look(page, f"doctor-{name}", size)
    print_village(EVERYTHING, VILLAGE, by=DOCTOR, at=MORNING)
    page = signed_in(town.user("town-clerk"))
    addresses = {
        "papers": "/papers/",
        "paper": f"/papers/{town.ids['paper']}/",
        "doors": "/papers/doors/",
        "templates": "/papers/templates/",
        "template": "/papers/templates/notice-of-observation/",
    }
    for name, address in addresses.items():
        answer = page.goto(live_server.url + address)
        assert answer is not None
        assert answer.status == 200
        page.wait_for_load_state("networkidle")
        look(page, f"clerk-{name}", size)


@pytest.mark.parametrize("size", ["wide"])
def test_64_people_are_keyed_in_with_four_keys_each(
    town: Town, live_server: LiveServer, signed_in: SignIn, settings: Settings, size: str
) -> None:
    walker = walker_of(EVERYTHING, town.user("village-doctor", "own village").id, "x")
    told = day_round(EVERYTHING, MORNING, walker=walker, households=walker.households)
    sheet = put_on_paper(EVERYTHING, told, walker=walker, by=DOCTOR, at=MORNING)
    settings.CLOCK = FixedClock(EVENING)
    page = signed_in(town.user("village-doctor", "own village"))
    page.goto(f"{live_server.url}/round/sheets/{sheet}/")
    keys = 0
    for n in range(64):
        typed = (
            ["1", "Enter"]
            if n == 5
            else ["3", "7", "2", "2", "Enter"]
            if n == 9
            else ["3", "6", "5", "Enter"]
        )
        for key in typed:
            page.keyboard.press(key)
            keys += 1
    page.wait_for_selector("table.keyed td a")  # what was written can be corrected
    lines = round_sheet(EVERYTHING, sheet).lines
    keyed = keyed_lines(EVERYTHING, [line.check_id for line in lines])
    assert len(keyed) == 64
    assert keys <= 4 * 64
    assert keyed[lines[5].check_id].outcome == "not-home"
    assert (keyed[lines[9].check_id].deci, keyed[lines[9].check_id].symptoms) == (372, ("cough",))
    assert page.locator("[data-key=reading]").count() == 0
    assert page.faults == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", ["wide"])
def test_the_round_ordered_again_has_no_token_in_its_address(
    town: Town, live_server: LiveServer, signed_in: SignIn, size: str
) -> None:
    page = signed_in(town.user("village-doctor", "own village"))
    page.goto(f"{live_server.url}/round/")
    page.fill("#leave", "08:40")
    page.locator("input[name^=from-]").nth(3).fill("11:00")
    page.keyboard.press("Enter")
    page.wait_for_url("**leave=08*")
    assert "csrf" not in page.url
    assert len(page.url) < 250
    assert page.input_value("#leave") == "08:40"
    assert page.locator("ol.doors").get_by_text("约 11:00–11:30").count() == 1


@pytest.mark.parametrize("size", ["wide"])
def test_a_daily_check_takes_four_keys(
    town: Town, live_server: LiveServer, signed_in: SignIn, size: str
) -> None:
    page = signed_in(town.user("village-doctor", "own village"))
    page.goto(f"{live_server.url}/round/")
    page.locator("ol.doors a.name").first.click()
    expect(page.locator("#temperature")).to_be_focused()
    address = page.url
    for key in ("3", "6", "5", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url(lambda url: url != address)
    expect(page.locator("#toasts")).to_contain_text("已保存")


@pytest.mark.parametrize("size", ["wide"])
def test_a_template_shows_what_it_will_print_while_it_is_typed(
    town: Town, live_server: LiveServer, signed_in: SignIn, size: str
) -> None:
    page = signed_in(town.user("town-clerk"))
    page.goto(f"{live_server.url}/papers/templates/door-notice/")
    before = page.get_attribute("#preview", "src")
    page.fill("#title", "请您留步")
    page.wait_for_selector("#preview[src^='data:image/png']")
    assert page.get_attribute("#preview", "src") != before
    page.fill("#body", "{姓名}住在这里")
    page.wait_for_selector("#preview-told:not(:empty)")
    assert "姓名" in page.inner_text("#preview-told")
