"""What was typed is not lost when it is refused: pasted lists come back to be put right, forms are filled again."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.management import call_command
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from shouwang.kernel.actor import SYSTEM
from shouwang.workforce.actions import put_team_on
from tests.browser.test_pages import SignIn, look
from tests.conftest import CHINA
from tests.town import VILLAGE, FixedClock, Town, found_town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    call_command("createcachetable", verbosity=0)
    found = found_town(AT, roles=("town-clerk", "administrator"))
    put_team_on(
        area=VILLAGE,
        target_kind="village",
        target_id=VILLAGE,
        role_set="sent-down",
        name="沙包村",
        by=SYSTEM,
        at=AT,
    )
    return found


def test_a_list_of_people_is_put_right_where_it_stands(
    town: Town, live_server: LiveServer, signed_in: SignIn, size: str
) -> None:
    page = signed_in(town.user("town-clerk"))
    page.goto(f"{live_server.url}/serving/")
    page.get_by_text("粘贴人员名单").click()
    page.locator("#send-set").select_option("sent-down")
    page.fill("#lines", "沙包村,李四,厨师\n火星村,王五,下沉干部,区财政局")
    page.get_by_role("button", name="登记并下派").click()
    page.get_by_text("2行未能收入").wait_for()
    page.faults.clear()  # type: ignore[attr-defined]  # the browser itself notes the 422
    look(page, "pasted-people", size)
    text = page.input_value("#lines")
    page.fill("#lines", text.replace("厨师", "下沉干部").replace("火星村", "沙包村"))
    page.get_by_role("button", name="登记并下派").click()
    page.get_by_text("已登记 2 人").wait_for()


@pytest.mark.parametrize("size", ["wide"])
def test_a_refused_form_is_filled_again_without_its_secrets_and_only_then(
    town: Town, live_server: LiveServer, signed_in: SignIn, size: str
) -> None:
    page = signed_in(town.user("administrator"))
    page.goto(f"{live_server.url}/channels/?kind=wecom")
    page.fill("#title", "值班群机器人")
    page.fill("#place", "999")
    page.fill("#new-per-minute", "17")
    page.fill("#new-secret-key", "not-to-be-kept")
    page.get_by_role("button", name="开通").click()
    page.locator("[data-refused]").wait_for()
    assert page.input_value("#title") == "值班群机器人"
    assert page.input_value("#place") == "999"
    assert page.input_value("#new-per-minute") == "17"
    assert page.input_value("#new-secret-key") == ""
    assert page.evaluate("sessionStorage.getItem('shouwang-typed')") is None
    page.reload()
    assert page.input_value("#title") == ""


@pytest.mark.parametrize("size", ["wide"])
def test_a_refused_form_in_a_closed_panel_is_open_when_it_comes_back(
    town: Town, live_server: LiveServer, signed_in: SignIn, size: str
) -> None:
    page = signed_in(town.user("town-clerk"))
    page.goto(f"{live_server.url}/arrivals/")
    page.get_by_text("启用卡点", exact=True).click()
    page.locator("#kind").select_option("station")
    page.locator("#area").select_option(label="青龙村")
    page.fill("#name", "  ")
    page.locator("details button[type=submit]").click()
    page.locator("[data-refused]").wait_for()
    assert page.locator("#name").is_visible()
    assert page.input_value("#kind") == "station"
    assert page.locator("#area option:checked").inner_text() == "青龙村"
