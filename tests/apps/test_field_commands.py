"""The field protocol, up: what a phone sends, and what it is told (docs/reference/sync.md §1, §2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import override_settings

from shouwang.devices.actions import make_enrol_code
from shouwang.kernel.actor import Actor
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
    fast = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(CLOCK=FixedClock(AT), REQUIRE_MFA=False, PASSWORD_HASHERS=fast):
        yield found_town(AT, roles=("village-doctor", "town-clerk"))


def enrolled(town: Town, role: str = "village-doctor", place: str = "own village", **kwargs: Any) -> Phone:
    """A phone of this role, enrolled."""
    made = make_enrol_code(
        user_id=town.user(role, place).id, scope=EVERYTHING, by=CLERK, at=AT - timedelta(hours=10)
    )
    phone = Phone(client_wire(), **kwargs)
    assert phone.enrol(made.code).status == 200
    return phone


@pytest.fixture
def phone(town: Town) -> Phone:
    return enrolled(town)


def test_a_check_of_a_phone_is_a_check_of_its_file(town: Town, phone: Phone) -> None:
    command = phone.record("check", a_check(town.ids["file"], deci=366), AT - timedelta(minutes=20))
    answer = phone.sync(AT)
    assert answer.status == 200
    (receipt,) = answer.body["receipts"]
    assert (receipt["id"], receipt["status"], receipt["code"]) == (command["id"], "done", "")
    assert answer.body["contiguous"] == 1
    assert answer.body["gaps"] == []


def test_sent_again_it_is_one_fact_and_the_same_receipt(town: Town, phone: Phone) -> None:
    command = phone.record("check", a_check(town.ids["file"], deci=381), AT - timedelta(minutes=20))
    first = phone.send([command], AT).body["receipts"][0]
    again = phone.send([command], AT + timedelta(minutes=1)).body["receipts"][0]
    assert first["status"] == "done"
    assert first["effect"]["alerts"] == ["fever"]
    assert again["status"] == "again"
    assert again["effect"].pop("first") == "done"
    assert {**again, "status": "done"} == first
