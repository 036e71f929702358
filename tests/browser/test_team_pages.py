"""The pages of teams as a person sees them: a diff of many lines, a week with a gap, who serves where."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.management import call_command
from playwright.sync_api import expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_pages import SignIn, look
from tests.conftest import CHINA
from tests.town import FixedClock, Town, found_town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
PAGES = {
    "proposal": "/staff/{proposal}/",
    "rosters": "/rosters/",
    "roster": "/rosters/{roster}/",
    "serving": "/serving/",
    "targets": "/serving/?show=targets",
    "short": "/serving/?show=short",
    "team": "/teams/{team}/",
    "vacancies": "/vacancies/",
    "workers": "/workers/",
    "today": "/",
}


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    call_command("createcachetable", verbosity=0)
    return found_town(AT, roles=("town-clerk",))


def test_the_pages_of_teams_are_legible_and_clean(
    town: Town, live_server: LiveServer, signed_in: SignIn, size: str
) -> None:
    page = signed_in(town.user("town-clerk"))
    for name, address in PAGES.items():
        answer = page.goto(live_server.url + address.format(**town.ids))
        assert answer is not None
        assert answer.status == 200, address
        look(page, f"teams-{name}", size)


def test_a_gap_is_filled_and_a_shift_handed_over_by_hand(
    town: Town, live_server: LiveServer, signed_in: SignIn, size: str
) -> None:
    page = signed_in(town.user("town-clerk"))
    page.goto(f"{live_server.url}/rosters/{town.ids['roster']}/?from=2020-02-01")
    holes = page.locator("td.is-gap").count()
    hole = page.locator("td.is-gap", has=page.get_by_text("排人")).first
    hole.get_by_text("排人").click()
    with page.expect_navigation():
        hole.get_by_role("button", name="上岗").click()
    expect(page.locator("td.is-gap")).to_have_count(holes - 1)
    shift = page.locator("td.is-now")
    shift.get_by_text("办理").click()
    with page.expect_navigation():
        shift.get_by_role("button", name="到岗").click()
    shift.get_by_text("办理").click()
    shift.get_by_label("接班人须知").fill("一家五口体温正常，明早代购蔬菜。")
    with page.expect_navigation():
        shift.get_by_role("button", name="交班").click()
    expect(page.get_by_text("一家五口体温正常，明早代购蔬菜。")).to_be_visible()
    look(page, "teams-roster-handed", size)
