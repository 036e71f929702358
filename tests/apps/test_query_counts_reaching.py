"""How many queries the pages of reaching people may take, whatever the number of rows."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.packs.load import builtin
from shouwang.people.actions import NewHousehold, NewPerson, admit_people
from shouwang.screening.actions import Attempt, NewArrival, list_away, note_attempts, register_arrivals
from tests.apps.observing import CADRE
from tests.conftest import CHINA
from tests.town import TOWN, VILLAGE, FixedClock, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
ALL = Scope.everything("test")
MOST = {
    "/calls/": 13,
    "/calls/?channel=form": 11,
    "/away/": 11,
    "/arrivals/": 15,
}
"""Page → queries, signing in and the frame of the page included."""


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    return found_town(AT, roles=("town-clerk",))


def _count(town: Town, address: str) -> int:
    client = Client()
    client.force_login(town.user("town-clerk"))
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def _crowd(town: Town) -> None:
    """Sixty households of one, each away, with an empty door, and an arrival each."""
    homes = [NewHousehold(area=VILLAGE, address=f"5组{n}号", head_name=f"户{n}") for n in range(60)]
    people = [
        NewPerson(area=VILLAGE, name=f"居民{n}", sort_key=f"jm{n:03}", initials="jm", household_id=home.id)
        for n, home in enumerate(homes)
    ]
    admit_people(households=homes, people=people, area=TOWN, source="test", by=CADRE, at=AT)
    list_away(
        people=[p.id for p in people],
        area=TOWN,
        source="hand",
        script="away-return",
        due_at=AT,
        scope=ALL,
        by=CADRE,
        at=AT,
    )
    doors = [
        Attempt(uuid7(), VILLAGE, "household", h.id, "call", "door", "not-home", AT, h.id) for h in homes
    ]
    with transaction.atomic():
        note_attempts(doors, pack=builtin("cn-2020-longsha"), area=TOWN, by=CADRE, at=AT)
    gate = town.ids["gate"]
    come = [NewArrival(uuid7(), gate, VILLAGE, AT, f"客{n}", "湖北武汉") for n in range(60)]
    register_arrivals(arrivals=come, due_at=AT + timedelta(hours=9), scope=ALL, by=CADRE, at=AT)


def test_no_page_takes_more_queries_than_it_is_allowed_however_many_rows_there_are(town: Town) -> None:
    few = {address: _count(town, address) for address in MOST}
    _crowd(town)
    many = {address: _count(town, address) for address in MOST}
    assert {page: n for page, n in many.items() if n > MOST[page]} == {}
    assert {page: (few[page], n) for page, n in many.items() if n > few[page] + 4} == {}
