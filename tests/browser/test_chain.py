"""The pages of responsibility as people see them, at the size of a town."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from shouwang.journeys.appoint_heads import HeadLine, name_heads
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.scope import Scope
from shouwang.places.actions import add_grid
from shouwang.places.queries import subtree
from tests.browser.test_pages import AT, SignIn, look, town  # noqa: F401 - the fixture
from tests.town import TOWN, VILLAGE, Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAMES = (
    "谭明远",
    "向光华",
    "冉启文",
    "杨秀英",
    "牟绍国",
    "程德贵",
    "谭长江",
    "陈永明",
    "何其芳",
    "单大勇",
    "宋世安",
)


@pytest.fixture
def peopled(town: Town) -> Town:  # noqa: F811 - the fixture
    """Secretaries for most villages, grids with and without heads."""
    everything = Scope.everything()
    for village in (VILLAGE, "500101135213"):
        for n in "一二三四":
            add_grid(village=village, name=f"第{n}网格", by=SYSTEM, at=AT)
    places = [place for place in subtree(everything, TOWN) if place.path != VILLAGE]
    lines = [
        HeadLine(n, place.path, NAMES[n % len(NAMES)], f"138000001{n:02d}", "镇政府")
        for n, place in enumerate(places)
        if n % 7 != 3
    ]
    name_heads(lines=lines, area=TOWN, reason="年初名单", scope=everything, by=SYSTEM, at=town.at)
    return town


def test_the_pages_of_responsibility_read_well(
    peopled: Town, signed_in: SignIn, live_server: LiveServer, size: str
) -> None:
    page: Page = signed_in(peopled.user("town-commander"))
    for name, address in (
        ("chain", "/chain/"),
        ("chain-vacant", "/chain/?only=vacant"),
        ("chain-place", f"/places/{VILLAGE}/chain/"),
        ("chain-alone", "/chain/alone/"),
        ("chain-alerts", "/alerts/"),
        ("chain-household", f"/households/{peopled.households['宋云']}/"),
        ("chain-person", f"/people/{peopled.people['宋云']}/"),
    ):
        page.goto(f"{live_server.url}{address}")
        look(page, name, size)


def test_a_list_is_pasted_and_the_vacancy_closes(
    peopled: Town, signed_in: SignIn, live_server: LiveServer, size: str
) -> None:
    page: Page = signed_in(peopled.user("town-clerk"))
    page.goto(f"{live_server.url}/chain/?only=vacant&level=village")
    before = page.locator("tbody tr").count()
    first = page.locator("tbody tr a.name").first.inner_text()
    page.get_by_text("成批指定").click()
    page.get_by_label("每行一处").fill(f"{first}\t谭新\t13800000777\n没有的村\t甲\t1")
    with page.expect_navigation():
        page.get_by_role("button", name="指定").click()
    page.get_by_text("1行未收").wait_for()
    look(page, "chain-list", size)
    page.goto(f"{live_server.url}/chain/?only=vacant&level=village")
    assert page.locator("tbody tr").count() == before - 1
