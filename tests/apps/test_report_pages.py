"""The report names places as people do, and bears the issuer of the pack, whoever's figures it shows."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from pytest_django import Settings

from tests.conftest import CHINA
from tests.town import VILLAGE, FixedClock, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
COMMITTEE = "民委员会"
"""How the names of the national list end."""


@pytest.fixture
def clerk(settings: Settings) -> Client:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    town: Town = found_town(AT, roles=("town-clerk",))
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town.user("town-clerk"))
    return client


@pytest.mark.parametrize("address", ["/report/", "/report/form/town-daily/", "/report/tree/", "/close-out/"])
def test_places_to_choose_are_called_as_people_call_them(clerk: Client, address: str) -> None:
    page = clerk.get(address)
    assert page.status_code == 200
    shown = page.content.decode()
    assert ">龙沙镇</option>" in shown
    assert ">龙沙社区</option>" in shown
    assert COMMITTEE not in shown


def test_the_red_head_of_a_town_bears_the_towns_issuer_and_the_place_of_the_figures(clerk: Client) -> None:
    for area, place in (("", "龙沙镇"), (VILLAGE, "沙包村")):
        laid = clerk.get("/report/form/town-daily/", {"area": area} if area else {}).context["laid"]
        assert laid.issuer == "龙沙镇疫情防控工作领导小组"
        assert laid.place == place
