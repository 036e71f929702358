"""A phone as docs/reference/sync.md describes it, in Python: enrol, shift, record, sync.

It shares no code with the server: its seal, hash and canonical JSON are written from the page. `Phone` speaks over
anything that is a `Wire`: Django's test client (`client_wire`) or real HTTP on loopback (`http_wire`).
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client

from shouwang.kernel.ids import uuid7

BASE = "/api/field/v1/"
ZONE = "Asia/Shanghai"
RELEASE = 3


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    body: dict[str, Any]
    headers: Mapping[str, str]


Wire = Callable[[str, str, Mapping[str, str], bytes], Answer]
"""(method, path under the base, headers, body) → answer"""


def client_wire(client: Client | None = None) -> Wire:
    """Django's test client, without a cookie."""
    caller = client or Client()

    def send(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        told = caller.generic(
            method, BASE + path, body, content_type="application/json", headers=dict(headers)
        )
        return Answer(told.status_code, _json(told.content), dict(told.headers))

    return send


def http_wire(address: str, timeout: float = 60) -> Wire:
    """Real HTTP; one connection, opened again where it was closed."""
    where = urlsplit(address)
    held: list[http.client.HTTPConnection] = []

    def send(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        for attempt in (0, 1):
            fresh = not held
            link = held[0] if held else http.client.HTTPConnection(where.netloc, timeout=timeout)
            held[:] = [link]
            try:
                link.request(method, BASE + path, body, {"Content-Type": "application/json", **headers})
                told = link.getresponse()
                return Answer(told.status, _json(told.read()), dict(told.getheaders()))
            except (http.client.RemoteDisconnected, ConnectionError):
                link.close()
                held.clear()
                if fresh or attempt:
                    raise
        raise AssertionError

    return send


def _json(raw: bytes) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(raw or b"{}")
    except ValueError:
        found = {"raw": raw.decode(errors="replace")}
    return found


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def canonical(value: object) -> str:
    """Keys sorted by code point, no space, non-ASCII as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def seal(plain: bytes, *, server: Mapping[str, str], bound: str) -> dict[str, str]:
    """Seal to the server's key (sync.md §2)."""
    public = unb64(server["public"])
    own = ec.generate_private_key(ec.SECP256R1())
    epk = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public))
    key = HKDF(SHA256(), 32, epk + public, b"shouwang-field-v1").derive(shared)
    iv = os.urandom(12)
    ct = AESGCM(key).encrypt(iv, plain, bound.encode())
    return {"key": server["id"], "epk": b64(epk), "iv": b64(iv), "ct": b64(ct)}


@dataclass
class Phone:
    """One phone: its outbox, its receipts, its clock (`clock_off` is how far it goes ahead)."""

    wire: Wire
    release: int = RELEASE
    clock_off: timedelta = timedelta(0)
    device: str = ""
    token: str = ""
    actor: dict[str, str] = field(default_factory=dict)
    server_key: dict[str, str] = field(default_factory=dict)
    epoch: str = ""
    seq: int = 0
    outbox: list[dict[str, Any]] = field(default_factory=list)
    """Sealed commands that wait to be sent, by `seq`."""
    held: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Sealed commands the server has, until they are inside a proved backup; by id."""
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The newest receipt of each command, by id."""
    last_server_seq: int = 0

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "X-Shouwang-App": str(self.release)}

    def ask(self, method: str, path: str, body: object | None = None) -> Answer:
        """One request as this device."""
        raw = b"" if body is None else canonical(body).encode()
        return self.wire(method, path, self.headers(), raw)

    def enrol(self, code: str, name: str = "熊医生的手机") -> Answer:
        """Become a device; the one it was, if it was one and the server agrees."""
        asked = {"code": code, "name": name, "app": self.release}
        was = {"device": self.device} if self.device else {}
        told = self.wire("POST", "enrol", {}, canonical(asked | was).encode())
        if told.status == 200:
            body = told.body
            if body["device"] != self.device:
                self.device, self.epoch = body["device"], body["epoch"]
            self.token = body["token"]
            self.actor, self.server_key = body["actor"], body["server_key"]
        return told

    def shift(self) -> Answer:
        """Begin a shift."""
        return self.ask("POST", "shift", {})

    def state(self) -> Answer:
        """Where the server stands."""
        return self.ask("GET", "state")

    def record(self, kind: str, payload: Mapping[str, Any], at: datetime, **fields: Any) -> dict[str, Any]:
        """Do something at `at` (true time) and put it in the outbox; `fields` overrides the envelope's own."""
        self.seq += 1
        told = (at + self.clock_off).isoformat(timespec="milliseconds")
        envelope: dict[str, Any] = {
            "id": str(uuid7()),
            "seq": self.seq,
            "kind": kind,
            "v": 1,
            "actor": self.actor.get("id", ""),
            "revision": None,
            "occurred_at": told,
            "zone": ZONE,
            "recorded_at": told,
        } | fields
        command = self.sealed(envelope, payload)
        self.outbox.append(command)
        return command

    def sealed(self, envelope: Mapping[str, Any], payload: Mapping[str, Any]) -> dict[str, Any]:
        """The command as it is sent: hashed and sealed."""
        salted = {"salt": b64(os.urandom(16))} | dict(payload)
        whole = dict(envelope) | {"device": self.device, "payload": salted}
        digest = hashlib.sha256(canonical(whole).encode()).hexdigest()
        bound = f"{self.device}|{envelope['id']}|{envelope['seq']}|{envelope['kind']}"
        closed = seal(canonical(salted).encode(), server=self.server_key, bound=bound)
        return dict(envelope) | {"hash": digest, "sealed": closed}

    def batch(self, commands: list[dict[str, Any]], at: datetime) -> dict[str, Any]:
        """The body of `POST commands`, sent at `at` (true time)."""
        told: dict[str, Any] = {
            "epoch": self.epoch,
            "device_time": (at + self.clock_off).isoformat(timespec="milliseconds"),
            "commands": commands,
        }
        return told | ({"last_server_seq": self.last_server_seq} if self.release >= 3 else {})

    def send(self, commands: list[dict[str, Any]], at: datetime) -> Answer:
        """Send these, whatever the outbox holds, and keep nothing of the answer."""
        return self.ask("POST", "commands", self.batch(commands, at))

    def sync(self, at: datetime, most: int = 100) -> Answer:
        """Send what waits, by the page: keep it sealed until it is inside a proved backup, offer it again after a
        restore."""
        while True:
            some = sorted(self.outbox, key=lambda one: one["seq"])[:most]
            answer = self.send(some, at)
            if answer.status != 200:
                return answer
            self._take(some, answer.body)
            if not self.outbox:
                return answer

    def _take(self, sent: list[dict[str, Any]], body: dict[str, Any]) -> None:
        by_id = {one["id"]: one for one in sent}
        for receipt in body["receipts"]:
            self.receipts[receipt["id"]] = receipt
            self.held[receipt["id"]] = by_id[receipt["id"]]
            self.last_server_seq = max(self.last_server_seq, receipt["server_seq"] or 0)
        gone = set(by_id)
        self.outbox = [one for one in self.outbox if one["id"] not in gone]
        safe = body["backed_up_to"]
        number = {key: self.receipts[key]["server_seq"] or 0 for key in self.held}
        self.held = {key: one for key, one in self.held.items() if number[key] > safe}
        if body["epoch"] != self.epoch:
            self.epoch, self.last_server_seq = body["epoch"], 0
            self.outbox += list(self.held.values())
            self.held = {}


def a_check(file: object, **values: Any) -> dict[str, Any]:
    """The payload of a check; 36.5 at the door unless told otherwise."""
    blank = {
        *("note", "thermometer", "witness", "reason"),
    }
    told: dict[str, Any] = dict.fromkeys(blank, "") | {
        "file": str(file),
        "channel": "visit",
        "outcome": "done",
        "deci": 365,
        "symptoms": [],
        "seen": "person",
        "roles": [],
        "photo_seen": None,
        "corrects": None,
    }
    return told | values


def a_visit(sweep: object, door: object, **values: Any) -> dict[str, Any]:
    """The payload of a visit to a door."""
    told: dict[str, Any] = {
        "sweep": str(sweep),
        "door": str(door),
        "outcome": "met",
        "people": 1,
        "named": [],
        "found": [],
        "note": "",
        "corrects": None,
        "reason": "",
    }
    return told | values


def an_arrival(post: object, area: str, **values: Any) -> dict[str, Any]:
    """The payload of an arrival at a post."""
    told: dict[str, Any] = {
        "post": str(post),
        "area": area,
        "name": "卢向前",
        "from": "武汉",
        "telephone": "",
        "plate": "渝A12345",
        "address": "",
        "deci": 364,
        "symptoms": "",
        "corrects": None,
        "reason": "",
    }
    return told | values
