"""The page of calls, as somebody opens it from the menu."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import Settings

from shouwang.kernel.ids import uuid7
from shouwang.packs.load import builtin
from shouwang.people.actions import NewHousehold, NewPerson, admit_people
from shouwang.screening.actions import Attempt, note_attempts
from tests.apps.observing import CADRE
from tests.conftest import CHINA
from tests.town import OTHER_VILLAGE, TOWN, FixedClock, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return found_town(AT, roles=("town-clerk",))


def _nobody_at_home() -> None:
    home = NewHousehold(area=OTHER_VILLAGE, address="5组9号", head_name="户九")
    person = NewPerson(area=OTHER_VILLAGE, name="居民九", sort_key="jm", initials="jm", household_id=home.id)
    admit_people(households=[home], people=[person], area=TOWN, source="test", by=CADRE, at=AT)
    with transaction.atomic():
        tried = Attempt(uuid7(), OTHER_VILLAGE, "household", home.id, "call", "door", "not-home", AT, home.id)
        note_attempts([tried], pack=builtin("cn-2020-longsha"), area=TOWN, by=CADRE, at=AT)


def _opened(town: Town, address: str) -> tuple[str, int]:
    client = Client()
    client.force_login(town.user("town-clerk"))
    page = client.get(address)
    return page.context["channel"], len(page.context["rows"])


def test_the_page_opens_where_somebody_waits_and_at_the_telephone_when_nobody_does(town: Town) -> None:
    assert _opened(town, f"/calls/?area={OTHER_VILLAGE}") == ("phone", 0)
    _nobody_at_home()
    assert _opened(town, f"/calls/?area={OTHER_VILLAGE}") == ("form", 1)


def test_what_somebody_chose_is_shown_even_when_it_is_empty(town: Town) -> None:
    _nobody_at_home()
    assert _opened(town, f"/calls/?channel=phone&area={OTHER_VILLAGE}") == ("phone", 0)
