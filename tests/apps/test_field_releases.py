"""The app two releases back still syncs: what its phones sent is sent again, byte for byte (sync.md §6)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings

from shouwang.accounts.actions import grant_role
from shouwang.accounts.models import User
from shouwang.devices.models import Device
from shouwang.devices.rules import NEWEST_APP, OLDEST_APP, token_hash
from shouwang.kernel.actor import SYSTEM
from shouwang.observation.models import DailyCheck
from shouwang.screening.models import Arrival, DoorVisit
from tests import field_releases as kept
from tests.apps.fielding import AT, Field, statuses
from tests.field_phone import client_wire
from tests.town import VILLAGE

pytestmark = pytest.mark.django_db
BEFORE = kept.SENT_AT - timedelta(days=1)


@pytest.fixture
def phones_ground(field: Field) -> Field:
    """The device, file, door and post that the kept requests name."""
    user = User.objects.create(id=kept.USER, username="xiong", name="熊德兰", created_at=BEFORE)
    grant_role(user_id=user.id, role="village-doctor", area=VILLAGE, by=SYSTEM, at=BEFORE)
    Device.objects.create(
        id=kept.DEVICE,
        area=VILLAGE,
        user_id=user.id,
        name="熊德兰的手机",
        token_hash=token_hash(kept.TOKEN),
        app=1,
        enrolled_at=BEFORE,
        enrolled_by="clerk",
        enrolled_by_name="冉晓梅",
        floor_at=BEFORE,
    )
    ids = field.town.ids
    named = (
        ("screening_post", ids["gate"], kept.POST),
        ("screening_sweepdoor", ids["door"], kept.DOOR),
        ("screening_sweep", ids["sweep"], kept.SWEEP),
        ("observation_file", ids["file"], kept.FILE),
    )
    for table, old, new in named:
        _renamed(table, old, new)
    field.clock.at = kept.SENT_AT
    return field


def _renamed(table: str, old: UUID, new: UUID) -> None:
    """Give a row another id, and whatever names it; what is append-only too: this ground is a test's."""
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(
            "select c.conrelid::regclass::text, a.attname from pg_constraint c join pg_attribute a"
            " on a.attrelid = c.conrelid and a.attnum = c.conkey[1]"
            " where c.contype = 'f' and c.confrelid = %s::regclass",
            [table],
        )
        for child, column in cursor.fetchall():
            cursor.execute(f"update {child} set {column} = %s where {column} = %s", [new, old])
        cursor.execute(f"update {table} set id = %s where id = %s", [new, old])
        cursor.execute("set local session_replication_role = origin")


def _replayed(release: int) -> dict[str, dict[str, Any]]:
    told = json.loads((kept.FOLDER / f"release-{release}.json").read_text(encoding="utf-8"))
    assert told["headers"]["X-Shouwang-App"] == str(release)
    answers = {}
    with override_settings(KEYS=settings.KEYS | {"device-1": kept.SECRET}):
        for request in told["requests"]:
            body = b"" if request["body"] is None else json.dumps(request["body"]).encode()
            answer = client_wire()(request["method"], request["path"], told["headers"], body)
            assert answer.status == 200, answer.body
            answers[request["path"]] = answer.body
    return answers


@pytest.mark.parametrize("release", range(OLDEST_APP, NEWEST_APP + 1))
def test_what_a_release_sent_is_taken_as_it_was(phones_ground: Field, release: int) -> None:
    del phones_ground
    answers = _replayed(release)
    receipts = answers["commands"]["receipts"]
    assert statuses(answers["commands"]) == [("done", "")] * len(receipts)
    assert receipts[1]["effect"]["alerts"][0] == "fever"
    assert answers["state"]["contiguous"] == len(receipts) == (4 if release == 1 else 6)
    checks = DailyCheck.objects.unscoped("test").filter(id__in=[one["id"] for one in receipts])
    remote = {check.thermometer for check in checks} - {""}
    assert remote == ({"mercury"} if release > 1 else set())
    assert checks.filter(corrects_id=receipts[0]["id"]).count() == 1
    assert DoorVisit.objects.unscoped("test").filter(id=receipts[3]["id"], people=2).exists()
    assert Arrival.objects.unscoped("test").filter(name="卢向前").count() == (1 if release > 1 else 0)


def test_each_release_the_server_takes_has_its_requests_kept() -> None:
    assert {int(path.stem[-1]) for path in kept.FOLDER.glob("release-*.json")} >= set(
        range(OLDEST_APP, NEWEST_APP + 1)
    )
    assert AT < kept.SENT_AT
