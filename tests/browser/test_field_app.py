"""The field app in real Chromium against the real server: enrolled, unlocked, listed, checked, off and on line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.fielding import SMALL, Phone, Wire, enrol_code
from tests.conftest import CHINA
from tests.town import FixedClock, Town, found_town
from tests.walking import Village, settle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MORNING = datetime(2020, 2, 5, 6, 30, tzinfo=CHINA)


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(MORNING), False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    call_command("createcachetable", verbosity=0)
    return found_town(MORNING, roles=("village-doctor", "village-cadre", "town-clerk"), is_busy=False)


@pytest.fixture
def village(town: Town) -> Village:
    return settle(town, MORNING - timedelta(hours=10))


@pytest.fixture
def wire(live_server: LiveServer) -> Iterator[Wire]:
    made = Wire(live_server.url)
    yield made
    made.cut()


@pytest.fixture
def phone(chromium: Browser, wire: Wire) -> Iterator[Phone]:
    context = chromium.new_context(
        viewport=SMALL, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=True
    )
    context.clock.install(time=MORNING)
    yield Phone(context, wire.url)
    context.close()


def enrolled(phone: Phone, town: Town, role: str = "village-doctor") -> None:
    phone.enrol(enrol_code(town.user(role, "own village").id, MORNING))


def test_a_doctor_enrols_and_sees_the_day(phone: Phone, town: Town, village: Village) -> None:
    phone.page.goto(f"{phone.url}/field/#enrol=ABCDEFGHJK")
    phone.look("enrol")
    enrolled(phone, town)
    expect(phone.page.locator(".line")).not_to_have_count(0)
    phone.look("today")
    phone.page.locator(".line-main").first.click()
    phone.look("first")
