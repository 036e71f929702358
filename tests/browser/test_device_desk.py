"""Phones and what they sent, as the clerk sees them: wide and narrow, in Chinese, with as many as a town has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_pages import look
from tests.conftest import CHINA
from tests.field_phone import a_check
from tests.phones import enrolled_phone, hand_in
from tests.town import FixedClock, Town, found_town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
SignIn = Callable[[object], Page]
NAMES = "熊德兰 杨应忠 冉光明 向玉兰 谭正国 牟文华 程静 何守义 向长安 邓春平 付才芳 汪天素".split()


@pytest.fixture
def town(settings: Settings) -> Town:
    """The town with 60 phones, some without their entries, some with wrong clocks; entries of every kind wait."""
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    settings.PUBLIC_URL = "https://fangkong.longsha.example"
    call_command("createcachetable", verbosity=0)
    town = found_town(AT, roles=("village-doctor", "town-clerk", "administrator"), has_phone=True)
    doctor, file = town.user("village-doctor", "own village").pk, town.ids["file"]
    stranger = str(town.user("village-doctor", "own town").pk)
    for n in range(60):
        name = f"{NAMES[n % len(NAMES)]}的手机"
        phone = enrolled_phone(doctor, AT - timedelta(hours=8, minutes=n), name=name)
        phone.clock_off = timedelta(minutes=-37 if n % 11 == 3 else 0)
        taken = AT - timedelta(minutes=200 - n)
        first = phone.record("check", a_check(file, deci=364 + n % 4), taken)
        if n % 13 == 5:
            phone.seq += 2
        if n % 4 == 0:
            phone.record("check", a_check(file, deci=366), taken, actor=stranger)
        hand_in(phone, AT - timedelta(minutes=n))
        if n % 20 == 7:
            phone.record("check", a_check(file, deci=388), taken, id=first["id"])
            hand_in(phone, AT)
    return town


def test_the_clerks_pages_are_legible_and_clean(
    signed_in: SignIn, town: Town, live_server: LiveServer, size: str
) -> None:
    page = signed_in(town.user("town-clerk"))
    for name, address in (
        ("list", "/devices/"),
        ("gaps", "/devices/?which=gaps"),
        ("one", f"/devices/{town.ids['device']}/"),
        ("entries", "/devices/from-the-field/"),
        ("entry", f"/devices/from-the-field/{town.ids['kept']}/"),
        ("dated", f"/devices/from-the-field/{town.ids['dated']}/"),
        ("today", "/"),
    ):
        page.goto(live_server.url + address)
        look(page, f"devices-{name}", size)


def test_a_clerk_opens_an_entry_and_dismisses_it(
    signed_in: SignIn, town: Town, live_server: LiveServer, size: str
) -> None:
    page = signed_in(town.user("town-clerk"))
    page.goto(f"{live_server.url}/devices/from-the-field/{town.ids['kept']}/")
    with page.expect_navigation():
        page.get_by_role("button", name="打开看").click()
    page.get_by_text("36.5 ℃").wait_for()
    look(page, "devices-opened", size)
    page.get_by_label("不予采纳的理由").fill("误点，已问过本人")
    page.get_by_role("button", name="不予采纳").click()
    page.get_by_text("已不予采纳").wait_for()


def test_the_code_is_there_to_be_scanned_and_read_out(
    signed_in: SignIn, town: Town, live_server: LiveServer, size: str
) -> None:
    page = signed_in(town.user("administrator"))
    page.goto(f"{live_server.url}/devices/")
    page.get_by_text("发手机登记码").click()
    page.get_by_label("给哪个账号").select_option("village-doctor.own-village")
    page.get_by_role("button", name="生成登记码").click()
    page.locator("svg.qr").wait_for()
    picture = page.locator("svg.qr").bounding_box()
    assert picture is not None
    assert 200 <= picture["width"] <= 320, "to be scanned, and the characters beside it still in sight"
    look(page, "devices-code", size)
