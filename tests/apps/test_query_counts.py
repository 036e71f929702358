"""How many queries a page may take. The number may fall; a rise has to be argued for here."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.conftest import CHINA
from tests.town import FixedClock, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)

MOST = {
    # on each Today one asks for samples and results that are late (C3)
    ("village-doctor", "own village", "/"): 24,  # appointments and visits of the day: four
    # five of them: what nobody does, vacancies and watches by age (B2, C8); three: channels that stopped (B3)
    ("town-commander", "own town", "/"): 21,
    ("town-clerk", "own town", "/"): 21,  # one of them: what came from the field and waits
    ("town-clerk", "own town", "/ledgers/hubei/"): 12,
    ("town-clerk", "own town", "/due/"): 15,  # the same four
    ("town-clerk", "own town", "/watched/"): 12,
    ("town-clerk", "own town", "/alerts/"): 11,
    ("town-clerk", "own town", "/verify/"): 11,
    ("town-clerk", "own town", "/import/"): 6,
    ("town-clerk", "own town", "/packs/"): 6,
    ("town-clerk", "own town", "/search/?q=宋"): 10,
    ("auditor", "own town", "/journal/"): 6,
    ("administrator", "own town", "/users/"): 7,
}
"""(role, place, page) → queries, signing in and the frame of the page included."""
PERSON = 57
"""Four of them are the five levels of responsibility, two who was told of each alarm and whether it arrived, one
which checks came from a telephone in the field."""


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    roles = ("village-doctor", "town-clerk", "town-commander", "auditor", "administrator")
    return found_town(AT, roles=roles)


def _count(town: Town, role: str, place: str, address: str) -> int:
    client = Client()
    client.force_login(town.user(role, place))
    client.get(address)  # packs and timetables are remembered by the process
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_no_page_takes_more_queries_than_it_is_allowed(town: Town) -> None:
    taken = {page: _count(town, *page) for page in MOST}
    taken_by_person = _count(town, "town-clerk", "own town", f"/people/{town.people['宋云']}/")
    over = {page: n for page, n in taken.items() if n > MOST[page]}
    assert over == {}
    assert taken_by_person <= PERSON
