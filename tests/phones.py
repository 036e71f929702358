"""A phone of the tests' town: enrolled, and with two entries that somebody at the desk must look at."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from shouwang.accounts.queries import log_in_of
from shouwang.devices.actions import enrol_device, make_enrol_code
from shouwang.devices.keys import current_key
from shouwang.devices.queries import device
from shouwang.devices.rules import read_batch
from shouwang.journeys.field_commands import take_commands
from shouwang.kernel.actor import Actor
from shouwang.kernel.scope import Scope
from tests.field_phone import Answer, Phone, a_check

CLERK = Actor("clerk", "冉晓梅")


def no_wire(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
    raise AssertionError("this phone sends by hand")


def enrolled_phone(user: UUID, at: datetime, *, name: str = "熊医生的手机") -> Phone:
    """A phone of this log-in, without a request."""
    code = make_enrol_code(user_id=user, scope=Scope.everything(), by=CLERK, at=at).code
    made = enrol_device(code=code, name=name, app=3, by=CLERK, at=at)
    key = current_key()
    who = log_in_of(user)
    assert who is not None
    return Phone(
        no_wire,
        device=str(made.device_id),
        token=made.token,
        actor={"id": str(who.id), "name": who.name},
        server_key=dict(key.told()),
        epoch=made.epoch,
    )


def hand_in(phone: Phone, at: datetime) -> dict[str, str]:
    """Everything in the outbox is taken by the server; id → status."""
    batch = read_batch(json.dumps(phone.batch(phone.outbox, at)).encode())
    row = device(Scope.everything(), UUID(phone.device))
    told = take_commands(device=row, batch=batch, app=3, at=at)
    phone.outbox = []
    return {str(receipt.id): receipt.status for receipt in told.receipts}


def phones_of_town(user: UUID, file: UUID, at: datetime) -> dict[str, UUID]:
    """`device`; `kept`, a check that was refused (a symptom nobody knows); `dated`, one whose date is in doubt."""
    phone = enrolled_phone(user, at - timedelta(hours=9))
    wrong = phone.record("check", a_check(file, symptoms=["hiccups"]), at - timedelta(minutes=50))
    long_ago = (at - timedelta(days=40)).isoformat(timespec="milliseconds")
    dated = phone.record("check", a_check(file), at - timedelta(minutes=40), occurred_at=long_ago)
    told = hand_in(phone, at - timedelta(minutes=30))
    assert told == {wrong["id"]: "refused", dated["id"]: "done"}, told
    return {"device": UUID(phone.device), "kept": UUID(wrong["id"]), "dated": UUID(dated["id"])}
