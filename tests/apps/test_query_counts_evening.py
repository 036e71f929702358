"""How many queries a page of the evening may take. The number may fall; a rise has to be argued for here."""

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
AT = datetime(2020, 2, 1, 20, 40, tzinfo=CHINA)

MOST = {
    ("village-cadre", "own village", "/close-out/"): 24,
    ("town-commander", "own town", "/close-out/"): 22,
    ("town-commander", "own town", "/close-out/reminder/"): 7,
    ("town-commander", "own town", "/evening/"): 72,
    ("town-commander", "own town", "/tomorrow/"): 22,  # three of them: doors of the round by owner
    ("town-commander", "own town", "/clears/"): 12,
    ("town-commander", "own town", "/gaps/check-missed/"): 13,
}
"""(role, place, page) → queries, signing in and the frame of the page included. The figures of a day are a
statement each, as the report counts them: the meeting reads two
days of them (today's and yesterday's report) besides its own."""


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    return found_town(AT, roles=("village-cadre", "town-commander"))


def test_no_page_of_the_evening_takes_more_queries_than_it_is_allowed(town: Town) -> None:
    taken = {}
    for role, place, address in MOST:
        client = Client()
        client.force_login(town.user(role, place))
        client.get(address)  # packs and timetables are remembered by the process
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200, address
        taken[role, place, address] = len(queries)
    assert {page: n for page, n in taken.items() if n > MOST[page]} == {}
