"""A form that is refused still holds what was typed into it."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from pytest_django import Settings

from tests.conftest import CHINA
from tests.town import OTHER_VILLAGE, FixedClock, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    return found_town(AT, roles=("town-clerk",))


def test_a_refused_meeting_keeps_the_door_that_was_typed(town: Town) -> None:
    client = Client()
    client.force_login(town.user("town-clerk"))
    typed = {"address": "7组12号", "person": str(town.ids["file"])}
    answer = client.post(f"/arrivals/{town.ids['arrival']}/meet/", typed)
    assert answer.status_code == 422
    assert 'name="address" value="7组12号"' in answer.content.decode()


def test_a_refusal_that_sends_back_says_so_to_the_page_that_fills_the_form_again(town: Town) -> None:
    client = Client(headers={"referer": "http://testserver/serving/"})
    client.force_login(town.user("town-clerk"))
    wrong = {"role_set": "sent-down", "area": OTHER_VILLAGE}
    client.post("/serving/put/", wrong)
    assert "data-refused" not in client.get("/serving/").content.decode()
    assert client.post("/serving/put/", wrong)["Location"] == "http://testserver/serving/"
    assert "data-refused" in client.get("/serving/").content.decode()
