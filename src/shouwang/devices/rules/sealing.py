"""封 Seals: a payload that only the server opens (sync.md §2), and the hash that makes a command one fact."""

from __future__ import annotations

import hashlib
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import Struct

from shouwang.kernel.canon import canonical

INFO = b"shouwang-field-v1"
_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_POINT_BYTES = 65
_IV_BYTES = 12


class Seal(Struct, frozen=True):
    """A sealed payload: the server's key id, the phone's fresh point, the nonce and the ciphertext."""

    key: str
    epk: str
    iv: str
    ct: str


class SealBroken(Exception):
    """It does not open: not sealed for this key, this device, this id, or changed on its way."""


def private_key(secret: str) -> ec.EllipticCurvePrivateKey:
    """The key pair that follows from 32 secret bytes (hex) of the installation."""
    return ec.derive_private_key(int(secret, 16) % (_ORDER - 1) + 1, _CURVE)


def public_point(key: ec.EllipticCurvePublicKey) -> bytes:
    """The point, uncompressed."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def open_seal(
    seal: Seal, *, key: ec.EllipticCurvePrivateKey, public: bytes, device: UUID, id: UUID, seq: int, kind: str
) -> bytes:
    """The plaintext. Raises `SealBroken`."""
    try:
        epk, iv, ct = unb64(seal.epk), unb64(seal.iv), unb64(seal.ct)
        if len(epk) != _POINT_BYTES or len(iv) != _IV_BYTES:
            raise SealBroken
        shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, epk))
        return AESGCM(_derived(shared, epk, public)).decrypt(iv, ct, _bound(device, id, seq, kind))
    except (ValueError, InvalidTag) as broken:
        raise SealBroken from broken


def seal_payload(
    plain: bytes, *, key_id: str, public: bytes, device: UUID, id: UUID, seq: int, kind: str
) -> Seal:
    """Seal as a phone does: for tests, and as the page's own words in code."""
    own = ec.generate_private_key(_CURVE)
    epk, iv = public_point(own.public_key()), os.urandom(_IV_BYTES)
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, public))
    ct = AESGCM(_derived(shared, epk, public)).encrypt(iv, plain, _bound(device, id, seq, kind))
    return Seal(key_id, b64(epk), b64(iv), b64(ct))


def command_hash(fields: dict[str, object], payload: str) -> str:
    """SHA-256 (hex) of the canonical JSON of a command, `payload` being canonical JSON already.

    `fields`: actor, device, id, kind, occurred_at, recorded_at, revision, seq, v, zone, as the phone wrote them.
    """
    before = {name: value for name, value in fields.items() if name < "payload"}
    after = {name: value for name, value in fields.items() if name > "payload"}
    text = f'{canonical(before)[:-1]},"payload":{payload},{canonical(after)[1:]}'
    return hashlib.sha256(text.encode()).hexdigest()


def recanonised(plain: bytes) -> str:
    """The payload's canonical JSON, however it was written."""
    return canonical(json.loads(plain))


def b64(raw: bytes) -> str:
    """base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """Of base64url without padding. Raises `ValueError`."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _derived(shared: bytes, epk: bytes, public: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=epk + public, info=INFO).derive(shared)


def _bound(device: UUID, id: UUID, seq: int, kind: str) -> bytes:
    return f"{device}|{id}|{seq}|{kind}".encode()
