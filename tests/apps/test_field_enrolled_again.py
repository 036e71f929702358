"""A phone that is enrolled again is the same device where it may be, so that nothing it holds is lost (sync.md §1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from shouwang.devices.actions import make_enrol_code, revoke_device
from shouwang.kernel.actor import Actor
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from tests.conftest import CHINA
from tests.field_phone import Phone, a_check, client_wire
from tests.town import FixedClock, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
CLERK = Actor("clerk", "冉晓梅")
EVERYTHING = Scope.everything()


@pytest.fixture
def town() -> Iterator[Town]:
    with override_settings(CLOCK=FixedClock(AT), REQUIRE_MFA=False):
        yield found_town(AT, roles=("village-doctor", "town-clerk"))


def enrol(
    town: Town, phone: Phone, role: str = "village-doctor", place: str = "own village", **was: Any
) -> None:
    """Enrol this phone with a fresh code; `was` is what else it says."""
    user = town.user(role, place).id
    code = make_enrol_code(user_id=user, scope=EVERYTHING, by=CLERK, at=AT - timedelta(hours=10)).code
    told = phone.ask("POST", "enrol", {"code": code, "name": "熊医生的手机", "app": 3} | was)
    assert told.status == 200, told.body
    body = told.body
    phone.device, phone.token, phone.epoch = body["device"], body["token"], body["epoch"]
    phone.actor, phone.server_key = body["actor"], body["server_key"]


@pytest.fixture
def phone(town: Town) -> Phone:
    phone = Phone(client_wire())
    enrol(town, phone)
    return phone


def test_the_same_log_in_gets_its_device_again_with_another_token(town: Town, phone: Phone) -> None:
    phone.record("check", a_check(town.ids["file"]), AT - timedelta(minutes=20))
    device, token = phone.device, phone.token
    enrol(town, phone, device=device)
    assert (phone.device, phone.token == token) == (device, False)
    (receipt,) = phone.sync(AT).body["receipts"]
    assert receipt["status"] == "done"
    phone.token = token
    assert phone.state().status == 401


def test_a_device_the_restored_database_does_not_know_keeps_its_name_and_its_work(town: Town) -> None:
    phone = Phone(client_wire())
    enrol(town, phone)
    phone.device = str(uuid7())
    phone.record("check", a_check(town.ids["file"]), AT - timedelta(days=3))
    enrol(town, phone, device=phone.device)
    (receipt,) = phone.sync(AT).body["receipts"]
    assert (receipt["status"], receipt["code"]) == ("done", "")
    assert receipt["effect"].get("flags", []) == []


def test_a_revoked_device_or_another_persons_is_not_given_again(town: Town, phone: Phone) -> None:
    mine = phone.device
    clerk = Phone(client_wire())
    enrol(town, clerk, "town-clerk", "own town", device=mine)
    assert clerk.device != mine
    revoke_device(device_id=mine, reason="手机丢了", scope=EVERYTHING, by=CLERK, at=AT)  # type: ignore[arg-type]
    enrol(town, phone, device=mine)
    assert phone.device != mine
    with connection.cursor() as cursor:
        cursor.execute("select revoked_at is not null from devices_device where id = %s", [mine])
        assert cursor.fetchone() == (True,)


def test_what_is_no_device_at_all_is_unreadable(town: Town) -> None:
    phone = Phone(client_wire())
    assert phone.ask("POST", "enrol", {"code": "X", "name": "", "app": 3, "device": "nobody"}).status == 400
