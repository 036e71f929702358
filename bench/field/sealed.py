"""Batches as phones seal them (docs/reference/sync.md §2), made before the clock starts and kept in one file.

A fresh key pair for every command, as on a phone: what is measured is the server that opens them. The envelope
(`device_time`, `epoch`) is put round a batch when it is sent; it is not part of what is sealed.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shouwang.kernel.ids import uuid7

CURVE = ec.SECP256R1()
ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Phone:
    """An enrolled device of the load: its token, and who holds it."""

    id: str
    token: str
    actor: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One batch to be: whose, from which sequence number on, checks of which files, when they were done."""

    phone: int
    first: int
    files: tuple[UUID, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Key:
    """The server's public key, as `enrol` hands it out."""

    id: str
    public: bytes


def payload(file: UUID, number: int) -> dict[str, object]:
    """A check at the door; one in a hundred has a fever."""
    return {
        "file": str(file),
        "channel": "visit",
        "outcome": "done",
        "deci": 381 if number % 100 == 7 else 360 + number % 10,
        "symptoms": [],
        "seen": "person",
        "roles": ["medic"],
        "note": "",
        "thermometer": "",
        "witness": "",
        "photo_seen": None,
        "corrects": None,
        "reason": "",
        "salt": text(os.urandom(16)),
    }


def seal_all(phones: Sequence[Phone], sheets: Sequence[Sheet], key: Key, revision: str, path: Path) -> None:
    """Seal every sheet into `path`, with an index beside it (`.index`: one JSON line a batch), on every core."""
    cores = os.cpu_count() or 1
    share = -(-len(sheets) // cores)
    parts = [path.with_suffix(f".{n}") for n in range(cores)]
    jobs = [
        (phones, sheets[n * share : (n + 1) * share], key, revision, part) for n, part in enumerate(parts)
    ]
    with multiprocessing.get_context("spawn").Pool(cores) as pool:
        made = pool.starmap(_seal_some, jobs)
    with path.open("wb") as whole, path.with_suffix(".index").open("w") as index:
        for part, lines in zip(parts, made, strict=True):
            before = whole.tell()
            whole.write(part.read_bytes())
            part.unlink()
            for phone, offset, length, ids in lines:
                print(json.dumps([phone, before + offset, length, ids]), file=index)


def _seal_some(
    phones: Sequence[Phone], sheets: Sequence[Sheet], key: Key, revision: str, path: Path
) -> list[tuple[int, int, int, list[str]]]:
    sealer = Sealer(key)
    lines = []
    with path.open("wb") as out:
        for sheet in sheets:
            phone = phones[sheet.phone]
            commands = [
                sealer.command(
                    phone, sheet.first + n, payload(file, sheet.first + n + sheet.phone), sheet.at, revision
                )
                for n, file in enumerate(sheet.files)
            ]
            body = json.dumps(commands, separators=(",", ":")).encode()
            lines.append((sheet.phone, out.tell(), len(body), [str(c["id"]) for c in commands]))
            out.write(body)
    return lines


class Sealer:
    """Seals commands to one server key."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.server = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, key.public)

    def command(
        self, phone: Phone, seq: int, content: dict[str, object], at: datetime, revision: str
    ) -> dict[str, object]:
        """One command as it goes over the wire."""
        head: dict[str, object] = {
            "id": str(uuid7()),
            "seq": seq,
            "kind": "check",
            "v": 1,
            "actor": phone.actor,
            "revision": revision,
            "occurred_at": at.isoformat(timespec="milliseconds"),
            "zone": ZONE,
            "recorded_at": at.isoformat(timespec="milliseconds"),
        }
        digest = sha256(plain(head | {"device": phone.id, "payload": content})).hexdigest()
        about = f"{phone.id}|{head['id']}|{seq}|check".encode()
        return head | {"hash": digest, "sealed": self.seal(plain(content), about)}

    def seal(self, content: bytes, about: bytes) -> dict[str, str]:
        """ECDH with a fresh pair, HKDF, AES-GCM."""
        own = ec.generate_private_key(CURVE)
        point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        shared = own.exchange(ec.ECDH(), self.server)
        key = HKDF(SHA256(), 32, point + self.key.public, b"shouwang-field-v1").derive(shared)
        iv = os.urandom(12)
        return {
            "key": self.key.id,
            "epk": text(point),
            "iv": text(iv),
            "ct": text(AESGCM(key).encrypt(iv, content, about)),
        }


def plain(value: object) -> bytes:
    """Canonical JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def text(raw: bytes) -> str:
    """base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def plain_all(sheets: Sequence[Sheet], path: Path) -> None:
    """The same batches in the clear, under ids of their own: for the endpoints that ours is compared with."""
    with path.open("wb") as out, path.with_suffix(".index").open("w") as index:
        for sheet in sheets:
            commands = [
                {"id": str(uuid7()), "seq": sheet.first + n, "occurred_at": sheet.at.isoformat()}
                | payload(file, sheet.first + n + sheet.phone)
                for n, file in enumerate(sheet.files)
            ]
            body = json.dumps(commands, separators=(",", ":")).encode()
            print(json.dumps([sheet.phone, out.tell(), len(body), [c["id"] for c in commands]]), file=index)
            out.write(body)
