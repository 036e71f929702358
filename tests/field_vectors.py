"""Vectors that hold the phone and the server to one canonical JSON, one hash and one seal (docs/reference/sync.md §2).

Written from the page, without the server's own code. `python -m tests.field_vectors` writes the file anew;
`tests/rules/test_field_vectors.py` and `web/packages/store/test/vectors.test.ts` read it.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

FILE = Path(__file__).parent / "fixtures" / "field" / "vectors.json"
DEVICE = "0196f2b0-1d2c-7a3b-8c4d-5e6f70819202"
SALT = "AAECAwQFBgcICQoLDA0ODw"
SERVER, PHONE = 0x5EA1ED_5EA1ED_5EA1ED, 0xF1E1D_F1E1D_F1E1D
"""Private keys of this file only."""

TEXTS: list[object] = [
    None,
    True,
    0,
    -366,
    9007199254740991,
    "",
    "熊医生：体温 37.3，咳嗽",
    "龍溪村｜繁體",
    "👩‍⚕️😀🇨🇳",
    'tab\tline\nreturn\rback\bfeed\fquote"slash/\\',
    "".join(map(chr, range(0x20))) + "\x7f\x80\u2028\u2029\ufeff",
    [],
    {},
    [1, [2, [3, {}]], "三"],
    {"b": 1, "a": {"d": None, "c": [False]}, "": 0, "A": 2, "é": 3},
    {
        "\ufe4f": "before, by code point",
        "😀": "after: UTF-16 would turn them round",
        "中": 1,
        "\ue000": 2,
        "\U0010ffff": 3,
    },
]

CHECK: dict[str, Any] = {
    "file": "0196f2b0-1d2c-7a3b-8c4d-00000000f11e",
    "channel": "telephone",
    "outcome": "done",
    "deci": 381,
    "symptoms": ["fever", "cough"],
    "seen": "person",
    "roles": ["doctor", "police"],
    "note": "发热，已上报 😷\n第二行",
    "thermometer": "",
    "witness": "",
    "photo_seen": None,
    "corrects": None,
    "reason": "",
    "salt": SALT,
}
ARRIVAL: dict[str, Any] = {
    "post": "0196f2b0-1d2c-7a3b-8c4d-0000000b0572",
    "area": "500153001",
    "name": "卢向前",
    "from": "武汉\t江夏",
    "telephone": "",
    "plate": "渝A·12345",
    "address": "",
    "deci": None,
    "symptoms": "\u0001",
    "corrects": None,
    "reason": "",
    "salt": SALT,
}


def canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(value: object) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def make() -> dict[str, Any]:
    """The whole file."""
    return {
        "about": "Made by python -m tests.field_vectors; keys of this file only.",
        "canonical": [{"value": text, "text": canonical(text), "sha256": digest(text)} for text in TEXTS],
        "keys": {"device": DEVICE, "server": _jwk(SERVER), "phone": _jwk(PHONE)},
        "commands": [_command(1, "check", CHECK, "r-2020-02-05"), _command(4711, "arrival", ARRIVAL, None)],
    }


def _command(seq: int, kind: str, payload: dict[str, Any], revision: str | None) -> dict[str, Any]:
    envelope = {
        "id": f"0196f2b0-1d2c-7a3b-8c4d-{seq:012d}",
        "seq": seq,
        "kind": kind,
        "v": 1,
        "actor": "7",
        "revision": revision,
        "occurred_at": "2020-02-05T06:41:12.345+08:00",
        "zone": "Asia/Shanghai",
        "recorded_at": "2020-02-05T06:41:19.002+08:00",
    }
    iv = hashlib.sha256(f"iv {seq}".encode()).digest()[:12]
    return {
        "envelope": envelope,
        "payload": payload,
        "iv": b64(iv),
        "hash": digest(envelope | {"device": DEVICE, "payload": payload}),
        "sealed": _seal(canonical(payload).encode(), iv, f"{DEVICE}|{envelope['id']}|{seq}|{kind}"),
    }


def _seal(plain: bytes, iv: bytes, bound: str) -> dict[str, str]:
    server, phone = private(SERVER), private(PHONE)
    epk, public = point(phone), point(server)
    shared = phone.exchange(ec.ECDH(), server.public_key())
    key = HKDF(SHA256(), 32, epk + public, b"shouwang-field-v1").derive(shared)
    return {
        "key": "1",
        "epk": b64(epk),
        "iv": b64(iv),
        "ct": b64(AESGCM(key).encrypt(iv, plain, bound.encode())),
    }


def private(number: int) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(number, ec.SECP256R1())


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _jwk(number: int) -> dict[str, str]:
    raw = point(private(number))
    return {"d": b64(number.to_bytes(32, "big")), "x": b64(raw[1:33]), "y": b64(raw[33:]), "point": b64(raw)}


def text() -> str:
    """The file as it stands on the disk."""
    return json.dumps(make(), ensure_ascii=True, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(text())
