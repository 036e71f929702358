"""Whoever makes a call sees the number of that call, and of nothing else; that they looked is in the journal."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from shouwang.journal.queries import event_page
from shouwang.journeys.reveal_call import number_of_call
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Grant, Scope
from shouwang.screening.actions import leave_call, take_call
from tests.conftest import CHINA
from tests.town import OTHER_VILLAGE, VILLAGE, FixedClock, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
ALL = Scope.everything("test")
CADRE, OTHER = Actor("cadre", "杨应忠"), Actor("other", "向书记")
RIGHTS = frozenset({"person.view", "reach.record"})
OWN = Scope("cadre", (Grant("village-cadre", VILLAGE, RIGHTS),))
NUMBER = "13812345672"


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    return found_town(AT, roles=("village-cadre",))


def _number(town: Town, *, scope: Scope = OWN, by: Actor = CADRE, at: datetime = AT) -> object:
    return number_of_call(reach_id=town.ids["reach"], scope=scope, by=by, at=at)


def test_the_number_of_a_call_is_seen_by_who_holds_it_and_the_journal_knows(town: Town) -> None:
    take_call(reach_id=town.ids["reach"], scope=OWN, by=CADRE, at=AT)
    assert _number(town) == (("谭玉兰", NUMBER),)
    (event,) = [e for e in event_page(ALL) if e.verb == "people.telephone.revealed"]
    assert (event.actor_name, event.area) == ("杨应忠", VILLAGE)
    assert event.payload == {"purpose": "four-questions", "people": [str(town.people["谭玉兰"])]}
    assert NUMBER not in str(event.payload)


def test_a_call_that_is_not_ones_own_just_now_shows_no_number(town: Town) -> None:
    with pytest.raises(Refused, match="call-not-yours"):
        _number(town)
    take_call(reach_id=town.ids["reach"], scope=OWN, by=CADRE, at=AT)
    with pytest.raises(Refused, match="call-not-yours"):
        _number(town, by=OTHER)
    with pytest.raises(Refused, match="call-not-yours"):
        _number(town, at=AT + timedelta(days=1))
    leave_call(reach_id=town.ids["reach"], scope=OWN, by=CADRE, at=AT)
    with pytest.raises(Refused, match="call-not-yours"):
        _number(town)
    assert [e for e in event_page(ALL) if e.verb == "people.telephone.revealed"] == []


def test_neither_another_village_nor_a_looker_on_gets_it(town: Town) -> None:
    take_call(reach_id=town.ids["reach"], scope=OWN, by=CADRE, at=AT)
    away = Scope("cadre", (Grant("village-cadre", OTHER_VILLAGE, RIGHTS),))
    with pytest.raises(Refused, match="reach-not-found"):
        _number(town, scope=away)
    looks = Scope("cadre", (Grant("epidemiologist", VILLAGE, frozenset({"person.view"})),))
    with pytest.raises(Refused, match="not-permitted"):
        _number(town, scope=looks)
    with pytest.raises(Refused, match="call-not-yours"):
        number_of_call(reach_id=town.ids["door-reach"], scope=OWN, by=CADRE, at=AT)


def test_a_village_cadre_opens_a_call_and_sees_its_number_but_no_other(town: Town) -> None:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town.user("village-cadre", "own village"))
    page = client.get(f"/reach/{town.ids['reach']}/").content.decode()
    assert "显示要拨的号码" in page
    assert NUMBER not in page
    shown = client.post(f"/reach/{town.ids['reach']}/number/").content.decode()
    assert f"tel:{NUMBER}" in shown
    assert "5001011952" not in shown
    assert client.post(f"/people/{town.people['谭玉兰']}/reveal/", {"purpose": "电话"}).status_code == 403
    assert NUMBER not in client.get("/calls/").content.decode()
