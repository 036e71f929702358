"""Calls by keys, arrivals by keys, the lists: as a person at a keyboard and on a narrow screen meets them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from shouwang.kernel.scope import Scope
from shouwang.screening.queries import arrivals_through, reach, statements_of
from tests.browser.test_pages import look
from tests.conftest import CHINA
from tests.town import FixedClock, Town, found_town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
SignIn = Callable[[object], Page]
ALL = Scope.everything("test")


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    call_command("createcachetable", verbosity=0)
    return found_town(AT, roles=("village-doctor", "town-clerk"))


def test_a_call_is_walked_through_with_keys_alone(
    town: Town, live_server: LiveServer, signed_in: SignIn, size: str
) -> None:
    page = signed_in(town.user("town-clerk"))
    page.goto(f"{live_server.url}/calls/")
    look(page, "calls", size)
    page.goto(f"{live_server.url}/reach/{town.ids['reach']}/")
    look(page, "call", size)
    keys = page.keyboard
    keys.press("4")  # answered
    keys.press("Enter")
    assert page.locator(".is-step legend").inner_text().startswith("1.")
    keys.type("武汉")
    keys.press("Enter")
    page.locator(".is-step input[type=date]").fill("2020-01-24")
    keys.press("Enter")
    keys.press("Escape")
    assert page.locator(".is-step input[type=date]").input_value() == "2020-01-24"
    keys.press("Enter")
    keys.press("2")  # no contact
    look(page, "call-question", size)
    keys.press("Enter")
    keys.press("1")  # no symptoms
    keys.press("Enter")
    keys.press("Enter")  # nothing needed
    assert page.locator(".is-step[data-last]").count() == 1
    with page.expect_navigation():
        keys.press("Enter")
    person = town.people["谭玉兰"]
    (told,) = statements_of(ALL, person)
    assert told.answers == {"travel": "武汉", "returned": "2020-01-24", "contact": "no", "symptoms": "none"}
    assert reach(ALL, town.ids["reach"]).state == "reached"


def test_a_call_without_an_answer_is_three_keys(
    town: Town, live_server: LiveServer, signed_in: SignIn, size: str
) -> None:
    del size
    page = signed_in(town.user("town-clerk"))
    page.goto(f"{live_server.url}/reach/{town.ids['reach']}/")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    row = reach(ALL, town.ids["reach"])
    assert (row.state, row.failures, row.last_outcome) == ("open", 1, "no-answer")


def test_two_passengers_of_one_car_are_registered_with_keys_alone(
    town: Town, live_server: LiveServer, signed_in: SignIn, size: str
) -> None:
    page = signed_in(town.user("town-clerk"))
    page.goto(f"{live_server.url}/arrivals/posts/{town.ids['gate']}/")
    keys = page.keyboard
    expect(
        page.locator("#plate")
    ).to_be_focused()  # the browser does it with its first picture, after the load
    for text in ("渝A99999", "湖北武汉"):
        keys.type(text)
        keys.press("Tab")
    page.locator("#name").focus()
    keys.type("冉小红")
    page.locator("#temperature").focus()
    keys.type("366")
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.locator("#name")).to_be_focused()
    keys.type("冉小明")
    with page.expect_navigation():
        keys.press("Enter")
    look(page, "arrival-register", size)
    through = arrivals_through(ALL, town.ids["gate"])
    assert {(row.name, row.plate) for row in through} >= {("冉小红", "渝A99999"), ("冉小明", "渝A99999")}


PAGES = {
    "town-clerk": (
        *("/arrivals/", "/arrivals/{arrival}/meet/", "/away/", "/away/?kind=not-asked&who=宋云"),
        *("/people/{person}/statement/", "/calls/?channel=appointment", "/reach/{door}/", "/due/"),
    ),
    "village-doctor": ("/", "/calls/"),
}


@pytest.mark.parametrize("role", sorted(PAGES))
def test_the_pages_of_reaching_people_are_legible_and_clean(
    role: str, town: Town, live_server: LiveServer, signed_in: SignIn, size: str
) -> None:
    page = signed_in(town.user(role, "own village" if role == "village-doctor" else "own town"))
    things = town.ids | {"person": town.people["宋云"], "door": town.ids["door-reach"]}
    for number, address in enumerate(PAGES[role]):
        answer = page.goto(live_server.url + address.format(**things))
        assert answer is not None
        assert answer.status == 200, address
        look(page, f"reach-{role}-{number}", size)
