"""How many queries the pages of tests, hand-overs and the quorum may take."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.conftest import CHINA
from tests.tested import add_tested
from tests.town import FixedClock, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
MOST = {
    "/tests/": 12,
    "/tests/?what=awaited": 12,
    "/tests/results/": 12,
    "/hand-overs/": 12,
    "/quorum/?day=2020-01-31": 12,
}


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    founded = found_town(AT, roles=("town-clerk",))
    add_tested(founded)
    return founded


def test_no_page_of_tests_takes_more_queries_than_it_is_allowed(town: Town) -> None:
    client = Client()
    client.force_login(town.user("town-clerk"))
    taken = {}
    for address in MOST:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200, address
        taken[address] = len(queries)
    assert {page: n for page, n in taken.items() if n > MOST[page]} == {}


def test_a_file_of_a_laboratory_is_taken_in_on_the_page_and_accounted_for(town: Town) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = Client()
    client.force_login(town.user("town-clerk"))
    text = "样本编号,姓名,检测结果,检测时间\nRC0002,谭玉兰,阴性,2020-02-01 17:00\nRC0009,某人,阴性,2020-02-01 17:00\n"
    answer = client.post("/tests/file/", {"file": SimpleUploadedFile("结果.csv", text.encode())})
    assert answer.status_code == 200
    entered = answer.context["entered"]
    assert entered.accounts
    assert [entered.count(state) for state in ("accepted", "rejected", "duplicate")] == [1, 1, 0]


def test_a_sample_is_recorded_on_its_page_and_waits_for_its_result(town: Town) -> None:
    client = Client()
    client.force_login(town.user("town-clerk"))
    page = client.get("/tests/results/").content.decode()
    assert "RC0002" in page
    sample = f"/files/{town.ids['tested']}/sample/"
    assert client.get(sample).status_code == 200
    sent = {"id": "", "kind": "pcr", "taken_at": "2020-02-01T17:55", "specimen": "throat", "label": "RC0003"}
    assert client.post(sample, sent).status_code == 422, "without an id nothing is recorded"
    sent["id"] = "0198a1b2-0000-7000-8000-000000000002"
    assert client.post(sample, sent).status_code == 302
    assert "RC0003" in client.get("/tests/?what=awaited").content.decode()


def test_a_discharge_is_refused_in_words_where_the_pack_knows_no_convalescents(town: Town) -> None:
    client = Client()
    client.force_login(town.user("town-clerk"))
    sent = {"id": "0198a1b2-0000-7000-8000-000000000003", "hospital": "区人民医院", "day": "2020-01-31"}
    answer = client.post(f"/people/{town.people['宋云']}/discharge/", sent)
    assert answer.status_code == 422
    assert "方案没有出院人员的规程" in answer.content.decode()
