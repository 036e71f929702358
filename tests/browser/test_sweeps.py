"""Rounds in real Chromium: 200 doors entered by keyboard alone, the pages at their size, a lost connection."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, Route, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from shouwang.screening.queries import sheet_doors, sweep_coverage
from tests.apps.sweeping import EVERYWHERE, OTHER, TOWN, VILLAGE, Doors, found_round
from tests.browser.test_pages import look
from tests.conftest import CHINA
from tests.town import FixedClock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = datetime(2020, 2, 3, 18, 0, tzinfo=CHINA)
SignIn = Callable[[object], Page]
HOMES = {
    VILLAGE: {f"{1 + n // 25}组{1 + n % 25}号": (f"户主{n}", f"家人{n}") for n in range(200)},
    OTHER: {"2组1号": ("程静",), "2组3号": ()},
}
KEYS_OF = {"met": "1", "not-home": "2", "refused": "3", "vacant": "4", "cannot-locate": "5", "moved": "6"}


@pytest.fixture
def doors(settings: Settings) -> Doors:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    call_command("createcachetable", verbosity=0)
    return found_round(HOMES)


@pytest.fixture
def clerk(doors: Doors) -> object:
    from shouwang.accounts.actions import create_user, grant_role
    from tests.apps.sweeping import CLERK, OPENED

    at = OPENED - timedelta(hours=1)
    user = create_user(username="clerk", name="冉晓梅", password="correct horse", by=CLERK, at=at)
    grant_role(user_id=user.id, role="town-clerk", area=TOWN, by=CLERK, at=at)
    return user


class Keyboard:
    """The keyboard, counting."""

    def __init__(self, page: Page) -> None:
        self.page, self.strokes = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.strokes += 1


def _outcome(number: int) -> str:
    """A paper as it comes back: most are met, some are not at home, a few are anything else."""
    rare = {7: "refused", 31: "vacant", 57: "cannot-locate", 83: "moved"}
    return rare.get(number % 100, "not-home" if number % 5 == 0 else "met")


@pytest.mark.parametrize("size", ["wide"])
def test_two_hundred_doors_are_entered_by_keyboard_with_three_keys_each_at_most(
    doors: Doors, clerk: object, live_server: LiveServer, signed_in: SignIn, size: str
) -> None:
    page = signed_in(clerk)
    page.goto(f"{live_server.url}/sweeps/{doors.sweep}/entry/?area={VILLAGE}")
    page.wait_for_selector("[data-line] input[name=o]:focus")
    keyboard, most = Keyboard(page), 0
    for number in range(1, 201):
        before = keyboard.strokes
        outcome = _outcome(number)
        keyboard.press(KEYS_OF[outcome])
        if outcome == "met" and number % 3 == 0:
            keyboard.press("4")  # another number than the register's takes its place
        keyboard.press("Enter")
        most = max(most, keyboard.strokes - before)
    expect(page.locator("#entry-state")).to_contain_text("200", timeout=60_000)
    expect(page.locator("#entry-state")).to_contain_text("这一页已录完")
    assert most <= 3
    assert keyboard.strokes <= 200 * 2.4  # ten minutes are 3 s a door: time to read the paper
    rows = sheet_doors(EVERYWHERE, doors.sweep, area=VILLAGE, limit=300)
    assert [row.outcome for row in rows] == [_outcome(number) for number in range(1, 201)]
    people = [row.people for row in rows]
    told = [0 if _outcome(n) != "met" else 4 if n % 3 == 0 else 2 for n in range(1, 201)]
    assert people == told
    look(page, "sweep-entry", size)


@pytest.mark.parametrize("size", ["wide"])
def test_what_could_not_be_sent_is_sent_again_and_is_one_fact(
    doors: Doors, clerk: object, live_server: LiveServer, signed_in: SignIn, size: str
) -> None:
    page = signed_in(clerk)
    page.clock.install()
    page.goto(f"{live_server.url}/sweeps/{doors.sweep}/entry/?area={VILLAGE}")
    page.wait_for_selector("[data-line] input[name=o]:focus")
    lost: list[str] = []

    def lose(route: Route) -> None:
        """The first answer is lost on the way back: the server has it, the page does not know."""
        if route.request.method != "POST":
            route.fallback()
        elif lost:
            route.continue_()
        else:
            lost.append(route.fetch().text())
            route.abort()

    page.route("**/entry/**", lose)
    for _ in range(20):
        page.keyboard.press("2")
        page.keyboard.press("Enter")
    expect(page.locator("#entry-state")).to_contain_text("正在重试")
    page.clock.run_for(10_000)
    expect(page.locator("#entry-state")).to_contain_text("20 已保存")
    found = sweep_coverage(EVERYWHERE, TOWN, AT, doors.sweep)
    assert found is not None
    assert (found.visits, found.not_home, len(lost)) == (20, 20, 1)


@pytest.mark.parametrize("size", ["wide"])
def test_a_line_that_is_wrong_says_so_beside_itself_and_the_others_are_saved(
    doors: Doors, clerk: object, live_server: LiveServer, signed_in: SignIn, size: str
) -> None:
    page = signed_in(clerk)
    page.goto(f"{live_server.url}/sweeps/{doors.sweep}/entry/?area={VILLAGE}")
    for number, (key, people) in enumerate((("1", "900"), ("2", ""), ("1", "3"))):
        line = page.locator("[data-line]").nth(number)
        line.locator("input[name=o]").fill(key)
        line.locator("input[name=p]").fill(people)
    page.get_by_role("button", name="保存").click()
    expect(page.locator("[data-line]").nth(0).locator(".told")).to_contain_text("人数不对")
    expect(page.locator("tr.is-saved")).to_have_count(2)
    found = sweep_coverage(EVERYWHERE, TOWN, AT, doors.sweep)
    assert found is not None
    assert (found.visits, found.people) == (2, 3)


def test_the_pages_of_a_round_are_legible_and_clean(
    doors: Doors, clerk: object, live_server: LiveServer, signed_in: SignIn, size: str
) -> None:
    from tests.apps.sweeping import record

    visits = [
        doors.visit(address, _outcome(n), 2 if _outcome(n) == "met" else 0)
        for n, address in enumerate(list(doors.rows)[:120], start=1)
    ]
    record(doors, *visits, at=AT - timedelta(hours=1))
    page = signed_in(clerk)
    for name, address in {
        "sweeps": "/sweeps/",
        "sweep": f"/sweeps/{doors.sweep}/",
        "sweep-leaf": f"/sweeps/{doors.sweep}/?area={VILLAGE}",
        "sweep-missed": f"/sweeps/{doors.sweep}/missed/",
        "sweep-door": f"/sweeps/doors/{visits[0].door_id}/",
        "sweep-correct": f"/sweeps/visits/{visits[0].id}/correct/",
        "sweep-choose": f"/sweeps/{doors.sweep}/entry/",
        "sweep-entry-empty": f"/sweeps/{doors.sweep}/entry/?area={OTHER}",
    }.items():
        answer = page.goto(live_server.url + address)
        assert answer is not None
        assert answer.status == 200, address
        look(page, name, size)
