from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.test import Client
from pytest_django import Settings

from shouwang.accounts.actions import create_user, grant_role
from shouwang.accounts.models import User
from shouwang.journal.models import Event
from shouwang.kernel.actor import SYSTEM
from tests.conftest import CHINA
from tests.town import FixedClock, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    return found_town(AT, roles=("administrator", "village-doctor"))


@pytest.fixture
def administrator(town: Town) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town.user("administrator", "own town"))
    return client


def _log_in(username: str, name: str, *areas: str) -> User:
    user = create_user(username=username, name=name, password="the one forgotten", by=SYSTEM, at=AT)
    for area in areas:
        grant_role(user_id=user.id, role="village-doctor", area=area, by=SYSTEM, at=AT)
    return user


def test_an_administrator_gives_a_new_password_to_whoever_forgot_theirs(administrator: Client) -> None:
    user = _log_in("wu", "吴华权", "500101135200")
    there = Client()
    there.force_login(user)
    page = administrator.post(f"/users/{user.id}/password/", follow=True).content.decode()
    told = re.search(r"wu 的新密码（只显示这一次）：(\S+?)[<\s]", page)
    assert told
    user.refresh_from_db()
    assert user.check_password(told[1])
    assert there.get("/").status_code == 302, "what was open elsewhere has ended"
    event = Event.objects.unscoped("test").get(verb="accounts.user.password-set")
    assert (event.area, event.payload) == ("500101135200", {})
    assert told[1] not in administrator.get("/users/").content.decode()


@pytest.mark.parametrize("beyond", ["", "500101", "500101100"])
def test_an_administrator_becomes_nobody_who_reaches_further(administrator: Client, beyond: str) -> None:
    user = _log_in("gao", "高处", "500101135200", beyond)
    answer = administrator.post(f"/users/{user.id}/password/")
    assert answer.status_code == 403 or "管辖以外" in answer.content.decode()
    user.refresh_from_db()
    assert user.check_password("the one forgotten")


def test_one_of_many_log_ins_is_found_by_a_part_of_the_name(administrator: Client) -> None:
    for n in range(60):
        _log_in(f"doctor-{n:02}", f"村医{n:02}", "500101135200")
    first = administrator.get("/users/").content.decode()
    assert first.count("data-row") == 50
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    assert "doctor-59" in administrator.get("/users/" + following[1].replace("&amp;", "&")).content.decode()
    found = administrator.get("/users/?q=医59").content.decode()
    assert found.count("data-row") == 1
    assert "没有叫这个名字" in administrator.get("/users/?q=nobody").content.decode()
