"""The seal, the hash and the canonical JSON are the same on the phone and here (vectors shared with TypeScript)."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shouwang.kernel.canon import canonical, content_hash
from tests import field_vectors

VECTORS: dict[str, Any] = json.loads(field_vectors.FILE.read_text())


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_the_file_is_what_the_page_says() -> None:
    assert field_vectors.FILE.read_text() == field_vectors.text()


@pytest.mark.parametrize("vector", VECTORS["canonical"], ids=lambda vector: vector["sha256"][:8])
def test_the_house_writes_the_same_canonical_json(vector: dict[str, Any]) -> None:
    assert canonical(vector["value"]) == vector["text"]
    assert content_hash(vector["value"]) == vector["sha256"]


@pytest.mark.parametrize("command", VECTORS["commands"], ids=lambda command: command["envelope"]["kind"])
def test_a_seal_opens_with_the_servers_key_and_only_for_its_own_command(command: dict[str, Any]) -> None:
    keys, sealed, envelope = VECTORS["keys"], command["sealed"], command["envelope"]
    server = ec.derive_private_key(int.from_bytes(raw(keys["server"]["d"]), "big"), ec.SECP256R1())
    epk = raw(sealed["epk"])
    shared = server.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), epk))
    key = HKDF(SHA256(), 32, epk + raw(keys["server"]["point"]), b"shouwang-field-v1").derive(shared)
    bound = "|".join([keys["device"], envelope["id"], str(envelope["seq"]), envelope["kind"]]).encode()
    plain = AESGCM(key).decrypt(raw(sealed["iv"]), raw(sealed["ct"]), bound)
    assert json.loads(plain) == command["payload"]
    assert plain.decode() == canonical(command["payload"])
    whole = envelope | {"device": keys["device"], "payload": command["payload"]}
    assert content_hash(whole) == command["hash"]
