"""Requests of the app's releases, kept as they were sent (`tests/fixtures/field/release-N.json`; sync.md §6).

`python -m tests.field_releases` writes the file of a release that has none; a file that is there is never written
again: it is what phones out there send. The ids and the key are of the replay's own ground.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from shouwang.devices.rules import private_key, public_point
from tests.conftest import CHINA
from tests.field_phone import Answer, Phone, b64

FOLDER = Path(__file__).parent / "fixtures" / "field"
SENT_AT = datetime(2020, 2, 3, 12, 0, tzinfo=CHINA)
SECRET = "5e" * 32
"""Of the server that these requests were sealed to."""
TOKEN = "a-token-of-the-replay-and-of-nothing-else-00"
VILLAGE = "500101135200"
DEVICE, USER, FILE, SWEEP, DOOR, POST = (UUID(f"0170085a-0000-7000-8000-00000000000{n}") for n in range(1, 7))


def _check(**values: Any) -> dict[str, Any]:
    told = {
        "file": str(FILE),
        "channel": "visit",
        "outcome": "done",
        "deci": 365,
        "symptoms": [],
        "seen": "person",
    }
    return told | {"roles": [], "note": "", "corrects": None, "reason": ""} | values


def _visit(**values: Any) -> dict[str, Any]:
    told = {"sweep": str(SWEEP), "door": str(DOOR), "outcome": "met", "people": 2, "named": [], "found": []}
    return told | {"note": "", "corrects": None, "reason": ""} | values


_REMOTE = {"channel": "video", "thermometer": "mercury", "witness": "family", "photo_seen": True}
_ARRIVAL = {
    **{
        "post": str(POST),
        "area": VILLAGE,
        "name": "卢向前",
        "from": "武汉",
        "telephone": "",
        "plate": "渝A12345",
    },
    **{"address": "", "deci": 364, "symptoms": "", "corrects": None, "reason": ""},
}


def record(release: int) -> dict[str, Any]:
    """The requests of one release: a check, a fever, a correction, a visit, what is new in it; and its state."""
    server = {"id": "1", "public": b64(public_point(private_key(SECRET).public_key()))}
    phone = Phone(_nobody, release, device=str(DEVICE), token=TOKEN, server_key=server)
    phone.actor = {"id": str(USER), "name": "熊德兰"}
    at = SENT_AT - timedelta(hours=3)
    first = phone.record("check", _check(), at)
    phone.record("check", _check(deci=384, symptoms=["cough"]), at + timedelta(minutes=9))
    phone.record(
        "check", _check(deci=366, corrects=first["id"], reason="看错一位"), at + timedelta(minutes=12)
    )
    phone.record("visit", _visit(), at + timedelta(minutes=20))
    if release >= 2:
        phone.record("check", _check(**_REMOTE), at + timedelta(minutes=40))
        phone.record("arrival", _ARRIVAL, at + timedelta(minutes=50))
    body = phone.batch(phone.outbox, SENT_AT)
    requests = [
        {"method": "POST", "path": "shift", "body": {}},
        {"method": "POST", "path": "commands", "body": body},
        {"method": "GET", "path": "state", "body": None},
    ]
    return {"release": release, "headers": phone.headers(), "requests": requests}


def _nobody(*_: object) -> Answer:
    raise AssertionError("recording asks nobody")


if __name__ == "__main__":
    for number in (1, 2, 3):
        file = FOLDER / f"release-{number}.json"
        if not file.exists():
            file.write_text(json.dumps(record(number), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
