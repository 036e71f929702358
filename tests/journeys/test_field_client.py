"""The client as it runs in the browser, with the real server: a day, a cut line, a killed app, a forgotten PIN."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

from shouwang.devices.actions import make_enrol_code, revoke_device
from shouwang.kernel.actor import Actor
from shouwang.kernel.scope import Scope
from tests.conftest import CHINA
from tests.field_phone import a_check
from tests.journeys.field_harness import Harness, Refusal
from tests.town import FixedClock, Town, found_town

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("node")]
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
CLERK = Actor("clerk", "冉晓梅")
EVERYTHING = Scope.everything()


@dataclass
class Hand:
    """One person's phone."""

    harness: Harness
    town: Town

    def ask(self, op: str, **more: Any) -> Any:
        return self.harness.ask(op, "phone", **more)

    def code(self) -> str:
        user = self.town.user("village-doctor", "own village").id
        return make_enrol_code(user_id=user, scope=EVERYTHING, by=CLERK, at=AT - timedelta(hours=1)).code

    def check(self, minutes_ago: int, **values: Any) -> Any:
        payload = a_check(self.town.ids["file"], **values)
        at = (AT - timedelta(minutes=minutes_ago)).isoformat()
        return self.ask("record", kind="check", payload=payload, occurred_at=at)


@pytest.fixture
def hand(live_server: LiveServer) -> Iterator[Hand]:
    with override_settings(CLOCK=FixedClock(AT), REQUIRE_MFA=False):
        harness = Harness(live_server.url)
        try:
            hand = Hand(harness, found_town(AT, roles=("village-doctor", "town-clerk")))
            hand.ask("clock", at=AT.isoformat())
            hand.ask("enrol", code=hand.code())
            yield hand
        finally:
            harness.close()


def rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def test_a_day_over_a_bad_line_with_a_killed_app_is_there_once(hand: Hand) -> None:
    told = hand.ask("dump")
    assert told["state"]["list"] == "fresh"
    assert f"file/{hand.town.ids['file']}" in told["docs"]
    well = hand.check(20, deci=366)
    ill = hand.check(10, deci=386, note="咳嗽 😷\n" + "夜里")
    hand.ask("fault", faults=["no-reply"])
    assert hand.ask("push") == "offline"
    hand.ask("kill")
    assert hand.ask("dump")["outbox"]["unsent"] == 2
    hand.ask("fault", faults=["twice"])
    assert hand.ask("sync") == "done"
    told = hand.ask("dump")
    assert (told["outbox"]["unsent"], told["outbox"]["done"]) == (0, 2)
    states = {entry["id"]: (entry["state"], entry["effect"].get("alerts", [])) for entry in told["entries"]}
    assert states[well["id"]] == ("done", [])
    assert states[ill["id"]][0] == "done"
    assert states[ill["id"]][1]
    assert rows("select count(*), count(distinct id), max(seq) from devices_command") == [(2, 2, 2)]
    checks = rows(
        "select c.id::text, c.deci from observation_dailycheck c join devices_command d on d.id = c.id"
    )
    assert sorted(checks) == [(well["id"], 366), (ill["id"], 386)]


def test_a_forgotten_pin_loses_the_list_and_not_the_work(hand: Hand) -> None:
    before = hand.ask("dump")["state"]["device"]["device"]
    hand.check(20, deci=366)
    hand.ask("kill")
    hand.ask("lock")
    for code in ["pin-wrong"] * 4 + ["pin-tries-over"]:
        with pytest.raises(Refusal) as refusal:
            hand.ask("unlock", pin="000000")
        assert refusal.value.code == code
    assert hand.ask("dump")["docs"] == {}
    hand.ask("enrol", code=hand.code(), pin="314159")
    told = hand.ask("dump")
    assert told["state"]["device"]["device"] == before
    assert told["state"]["list"] == "fresh"
    assert hand.ask("sync") == "done"
    assert hand.ask("dump")["outbox"] | {"unsent": 0, "done": 1} == hand.ask("dump")["outbox"]
    assert rows("select status, seq from devices_command") == [("done", 1)]


def test_a_revoked_phone_deletes_its_list_and_hands_over_what_it_holds(hand: Hand) -> None:
    hand.check(20, deci=366)
    device = UUID(hand.ask("dump")["state"]["device"]["device"])
    revoke_device(device_id=device, reason="手机丢了", scope=EVERYTHING, by=CLERK, at=AT)
    assert hand.ask("sync") == "revoked"
    told = hand.ask("dump")
    assert told["docs"] == {}
    assert (told["outbox"]["unsent"], told["outbox"]["quarantined"]) == (0, 1)
    assert rows("select status, code from devices_command") == [("quarantined", "device-revoked")]
