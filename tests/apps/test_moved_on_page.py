"""Who was found under observation and went to hospital is a list a person reads, not only a fact in a table."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from shouwang.journeys.send_on import send_on
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import CheckCommand, ResultCommand, record_check, record_result
from shouwang.policy.queries import pack_of
from tests.conftest import CHINA
from tests.tested import add_tested
from tests.town import OTHER_VILLAGE, VILLAGE, FixedClock, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
ALL = Scope.everything()


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


def _found(town: Town) -> None:
    """谭玉兰's second test is positive, and she coughs; she goes to hospital."""
    asked = {"scope": ALL, "pack_of": pack_of, "by": SYSTEM, "at": AT - timedelta(minutes=30)}
    result = ResultCommand(uuid7(), town.ids["sample"], "positive", AT - timedelta(hours=1))
    record_result(item=result, **asked)  # type: ignore[arg-type]
    cough = CheckCommand(
        uuid7(), town.ids["tested"], AT - timedelta(hours=1), "visit", deci=376, symptoms=("cough",)
    )
    record_check(item=cough, **asked)  # type: ignore[arg-type]
    send_on(
        file_id=town.ids["tested"],
        event="tested-positive",
        to="区人民医院",
        reason="核酸阳性",
        scope=ALL,
        by=SYSTEM,
        at=AT - timedelta(minutes=10),
    )


def test_who_was_found_is_listed_with_why_from_which_stage_and_to_where(town: Town, clerk: Client) -> None:
    assert "这些天没有转出人员" in clerk.get("/watched/moved/").content.decode()
    _found(town)
    page = clerk.get("/watched/moved/").content.decode()
    assert "/watched/moved/" in clerk.get("/watched/").content.decode()
    for told in ("谭玉兰", "检测阳性，转定点医院", "2月1日 阳性", "区人民医院", "集中观察", "沙包村"):
        assert told in page, told
    assert "谭玉兰" in clerk.get("/watched/moved/", {"area": VILLAGE}).content.decode()
    assert "谭玉兰" not in clerk.get("/watched/moved/", {"area": OTHER_VILLAGE}).content.decode()


def test_the_list_takes_few_queries(town: Town, clerk: Client) -> None:
    _found(town)
    clerk.get("/watched/moved/")
    with CaptureQueriesContext(connection) as queries:
        assert clerk.get("/watched/moved/").status_code == 200
    assert len(queries) <= 10, [q["sql"][:90] for q in queries]
