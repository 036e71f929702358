"""Phones and what they sent, at the desk: a code once, revoking, opening, deciding; and how many queries that takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from shouwang.devices.queries import device, kept_commands
from shouwang.journal.models import Event
from shouwang.kernel.scope import Scope
from shouwang.observation.queries import checks_by_ids
from tests.conftest import CHINA
from tests.field_phone import Phone, a_check
from tests.phones import enrolled_phone, hand_in
from tests.town import FixedClock, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
EVERYTHING = Scope.everything()
ROLES = ("village-doctor", "town-clerk", "administrator")
MOST = {
    ("town-clerk", "/devices/"): 11,
    ("town-clerk", "/devices/from-the-field/"): 10,
    ("administrator", "/devices/"): 11,
}


@pytest.fixture
def town() -> Iterator[Town]:
    with override_settings(CLOCK=FixedClock(AT), REQUIRE_MFA=False, PUBLIC_URL="https://longsha.example"):
        yield found_town(AT, roles=ROLES, has_phone=True)


def at_desk(town: Town, role: str = "town-clerk", place: str = "own town") -> Client:
    client = Client()
    client.force_login(town.user(role, place))
    return client


def verbs() -> list[str]:
    return list(Event.objects.unscoped("test").order_by("id").values_list("verb", flat=True))


def test_a_code_is_shown_once_with_its_picture_and_enrols_a_phone(town: Town) -> None:
    page = at_desk(town).post("/devices/code/", {"username": "village-doctor.own-village"})
    text = page.content.decode()
    (code,) = re.findall(r"big-code[^>]*>([0-9A-Z ]+)<", text)
    assert len(code.replace(" ", "")) == 10
    assert "<svg" in text
    assert "https://longsha.example/field/" in text
    assert "no-store" in page.headers["Cache-Control"]
    body = {"code": code, "name": "第二部", "app": 3}
    told = Client().post("/api/field/v1/enrol", body, content_type="application/json")
    assert told.status_code == 200
    again = Client().post("/api/field/v1/enrol", body, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (403, "enrol-code-wrong")
    assert "第二部" in at_desk(town).get("/devices/").content.decode()


def test_the_list_says_what_is_missing_and_which_clock_is_wrong(town: Town) -> None:
    phone = enrolled_phone(
        town.user("village-doctor", "own village").pk, AT - timedelta(hours=3), name="慢表"
    )
    phone.clock_off = timedelta(minutes=-20)
    phone.record("check", a_check(town.ids["file"], deci=366), AT - timedelta(minutes=30))
    phone.seq = 3
    phone.record("check", a_check(town.ids["file"], deci=367), AT - timedelta(minutes=20))
    hand_in(phone, AT - timedelta(minutes=10))
    text = at_desk(town).get("/devices/?which=gaps").content.decode()
    assert "慢表" in text
    assert "缺2条" in text
    assert "时钟慢20分钟" in text
    assert "熊医生的手机" not in text
    assert "2–3" in at_desk(town).get(f"/devices/{phone.device}/").content.decode()


def test_a_revoked_phone_says_who_and_why(town: Town) -> None:
    client = at_desk(town)
    assert client.post(f"/devices/{town.ids['device']}/revoke/", {"reason": ""}).status_code == 422
    client.post(f"/devices/{town.ids['device']}/revoke/", {"reason": "手机丢在车上"})
    assert device(EVERYTHING, town.ids["device"]).is_revoked
    assert "手机丢在车上" in client.get(f"/devices/{town.ids['device']}/").content.decode()
    assert "熊医生的手机" not in client.get("/devices/").content.decode()


def test_a_refused_entry_is_opened_on_request_only_and_that_is_recorded(town: Town) -> None:
    client, address = at_desk(town), f"/devices/from-the-field/{town.ids['kept']}/"
    shut = client.get(address).content.decode()
    assert "36.5" not in shut
    assert "devices.command.opened" not in verbs()
    told = client.post(f"{address}open/").content.decode()
    assert "36.5" in told
    assert "hiccups" in told
    assert verbs().count("devices.command.opened") == 1


def test_the_administrator_sees_that_something_waits_but_not_what_it_says(town: Town) -> None:
    client = at_desk(town, "administrator")
    assert client.get(f"/devices/from-the-field/{town.ids['kept']}/").status_code == 200
    assert client.post(f"/devices/from-the-field/{town.ids['kept']}/open/").status_code == 403


def test_taking_over_what_still_does_not_pass_says_why_and_keeps_it(town: Town) -> None:
    client = at_desk(town)
    answer = client.post(f"/devices/from-the-field/{town.ids['kept']}/accept/")
    assert answer.status_code == 422
    assert "症状" in answer.content.decode()
    assert town.ids["kept"] in {row.id for row in kept_commands(EVERYTHING, AT)}


def quarantined(town: Town) -> tuple[Phone, UUID]:
    """A check done under another log-in than the phone's."""
    phone = enrolled_phone(town.user("village-doctor", "own village").pk, AT - timedelta(hours=3))
    other = town.user("village-doctor", "own town")
    one = phone.record(
        "check", a_check(town.ids["file"], deci=371), AT - timedelta(minutes=30), actor=str(other.pk)
    )
    assert hand_in(phone, AT - timedelta(minutes=10)) == {one["id"]: "quarantined"}
    return phone, UUID(one["id"])


def test_what_was_kept_aside_is_taken_over_with_its_true_time(town: Town) -> None:
    _, entry = quarantined(town)
    client = at_desk(town)
    assert "不是这部手机的账号" in client.get(f"/devices/from-the-field/{entry}/").content.decode()
    assert client.post(f"/devices/from-the-field/{entry}/accept/").status_code == 302
    check = checks_by_ids(EVERYTHING, [entry])[entry]
    assert (check.deci, check.taken_at, check.recorded_at) == (371, AT - timedelta(minutes=30), AT)
    assert entry not in {row.id for row in kept_commands(EVERYTHING, AT)}
    assert client.post(f"/devices/from-the-field/{entry}/accept/").status_code == 422
    assert "已接收" in client.get(f"/devices/from-the-field/{entry}/").content.decode()


def test_dismissing_asks_for_a_reason_and_leaves_it_to_be_read(town: Town) -> None:
    client, address = at_desk(town), f"/devices/from-the-field/{town.ids['kept']}/"
    assert client.post(f"{address}dismiss/", {"reason": " "}).status_code == 422
    assert client.post(f"{address}dismiss/", {"reason": "误点"}).status_code == 302
    assert "误点" in client.get(address).content.decode()
    assert "一次测查" in client.get("/devices/from-the-field/").content.decode(), "the doubted date is left"
    assert str(town.ids["kept"]) not in client.get("/devices/from-the-field/").content.decode()


def test_a_doubted_date_is_confirmed(town: Town) -> None:
    client, address = at_desk(town), f"/devices/from-the-field/{town.ids['dated']}/"
    assert "日期存疑" in client.get(address).content.decode()
    assert client.post(f"{address}confirm/").status_code == 302
    assert "日期已核定" in client.get(address).content.decode()


def test_two_contents_under_one_number_can_both_be_read(town: Town) -> None:
    phone = enrolled_phone(town.user("village-doctor", "own village").pk, AT - timedelta(hours=3))
    first = phone.record("check", a_check(town.ids["file"], deci=366), AT - timedelta(minutes=30))
    hand_in(phone, AT - timedelta(minutes=20))
    phone.record("check", a_check(town.ids["file"], deci=388), AT - timedelta(minutes=30), id=first["id"])
    assert hand_in(phone, AT - timedelta(minutes=10)) == {first["id"]: "conflict"}
    (row,) = kept_commands(EVERYTHING, AT, kind="conflict")
    client = at_desk(town)
    told = client.post(f"/devices/from-the-field/{row.id}/open/").content.decode()
    assert "38.8" in told
    assert f"/people/{town.people['宋云']}/" in told, "the first one stands, and is a link"


def test_today_of_the_clerk_counts_what_waits_only_where_something_does(town: Town) -> None:
    assert "外勤来件" in at_desk(town).get("/").content.decode()
    client = at_desk(town)
    client.post(f"/devices/from-the-field/{town.ids['kept']}/dismiss/", {"reason": "x"})
    client.post(f"/devices/from-the-field/{town.ids['dated']}/confirm/")
    assert "外勤来件" not in client.get("/").content.decode()


def test_the_story_says_that_a_check_came_by_phone_and_when_it_arrived(town: Town) -> None:
    phone = enrolled_phone(town.user("village-doctor", "own village").pk, AT - timedelta(hours=9))
    phone.record("check", a_check(town.ids["file"], deci=362), AT - timedelta(hours=5))
    hand_in(phone, AT - timedelta(minutes=10))
    text = at_desk(town).get(f"/people/{town.people['宋云']}/").content.decode()
    assert re.search(r"36\.2[^<]*</b>[^\n]*?手机 · 收到 <time datetime=\"2020-02-01T17:50", text)


@pytest.mark.parametrize(("role", "address"), sorted(MOST))
def test_pages_take_few_queries_whatever_waits(town: Town, role: str, address: str) -> None:
    def count() -> int:
        client = at_desk(town, role)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    few = count()
    for _ in range(4):
        quarantined(town)
    assert count() == few
    assert few <= MOST[role, address]
