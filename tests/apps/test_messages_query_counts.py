"""Queries of the pages of groups and messages: not one more for a hundred rows more."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.ids import uuid7
from shouwang.outreach.actions import NewMessage, form_groups, queue_messages
from shouwang.outreach.rules import Plan, Wanted
from tests.conftest import CHINA
from tests.town import TOWN, VILLAGE, FixedClock, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
MOST = {
    ("town-clerk", "/groups/"): 9,
    ("town-clerk", "/groups/{group}/"): 12,
    ("town-clerk", "/messages/"): 12,
    ("town-clerk", "/messages/{message}/"): 11,
    ("administrator", "/channels/"): 8,
}
"""(role, page) → queries, signing in and the frame of the page included."""


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    town = found_town(AT, roles=("town-clerk", "administrator"))
    members = (Wanted(None, "杨应忠", "contact"),)
    plans = [
        Plan(VILLAGE, "household", str(uuid7()), "five-to-one", f"组{n}", town.ids["worker"], members)
        for n in range(60)
    ]
    at = AT - timedelta(hours=1)
    made = form_groups(plans=plans, ended=(), kind="household", area=TOWN, by=SYSTEM, at=at)
    queue_messages(
        messages=[
            NewMessage(uuid7(), VILLAGE, "check-late", {"count": "1"}, "group", key, "test", key)
            for key in (*made.new, *made.new, *[town.ids["group"]] * 9)
        ],
        by=SYSTEM,
        at=at,
    )
    return town


def test_no_page_takes_more_queries_than_it_is_allowed(town: Town) -> None:
    taken = {}
    for (role, address), _ in MOST.items():
        client = Client()
        client.force_login(town.user(role))
        where = address.format(**town.ids)
        client.get(where)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(where).status_code == 200
        taken[role, address] = len(queries)
    assert {page: n for page, n in taken.items() if n > MOST[page]} == {}
