"""Who was found under observation and went to hospital is a list a person reads, not only a fact in a table."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.conftest import CHINA
from tests.tested import add_tested, find_and_send_on
from tests.town import OTHER_VILLAGE, VILLAGE, FixedClock, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    founded = found_town(AT, roles=("town-clerk",))
    add_tested(founded)
    return founded


@pytest.fixture
def clerk(town: Town) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town.user("town-clerk"))
    return client


def test_who_was_found_is_listed_with_why_from_which_stage_and_to_where(town: Town, clerk: Client) -> None:
    assert "这些天没有转出人员" in clerk.get("/watched/moved/").content.decode()
    find_and_send_on(town)
    page = clerk.get("/watched/moved/").content.decode()
    assert "/watched/moved/" in clerk.get("/watched/").content.decode()
    for told in ("谭玉兰", "检测阳性，转定点医院", "2月1日 阳性", "区人民医院", "集中观察", "沙包村"):
        assert told in page, told
    assert "谭玉兰" in clerk.get("/watched/moved/", {"area": VILLAGE}).content.decode()
    assert "谭玉兰" not in clerk.get("/watched/moved/", {"area": OTHER_VILLAGE}).content.decode()


def test_the_list_takes_few_queries(town: Town, clerk: Client) -> None:
    find_and_send_on(town)
    clerk.get("/watched/moved/")
    with CaptureQueriesContext(connection) as queries:
        assert clerk.get("/watched/moved/").status_code == 200
    assert len(queries) <= 10, [q["sql"][:90] for q in queries]
