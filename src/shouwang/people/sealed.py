"""Sealed personal fields: AES-256-GCM bound to table, row and field; found again by a separate HMAC.

A sealed value is `key id (1 byte) | nonce (12) | ciphertext and tag`. The key id makes room for other
ciphers (SM4) and for turning keys over. The blind index is HMAC-SHA-256 cut to 16 bytes, one purpose a
field, so that equal values of different fields do not look equal (ARCHITECTURE, Personal data).
"""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import cache
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from shouwang.kernel.errors import Refused

CURRENT_KEY = 1
NONCE_BYTES = 12
DIGEST_BYTES = 16


def seal(text: str, *, table: str, row: UUID, field: str) -> bytes:
    """Encrypt `text` for one field of one row; moved to another row or field it does not open."""
    nonce = os.urandom(NONCE_BYTES)
    cipher = _cipher(CURRENT_KEY).encrypt(nonce, text.encode(), _bound(table, row, field))
    return bytes([CURRENT_KEY]) + nonce + cipher


def unseal(sealed: bytes | memoryview, *, table: str, row: UUID, field: str) -> str:
    """Decrypt. Refuses `seal-broken` where the bytes do not belong to this table, row and field."""
    raw = bytes(sealed)
    try:
        nonce, cipher = raw[1 : 1 + NONCE_BYTES], raw[1 + NONCE_BYTES :]
        return _cipher(raw[0]).decrypt(nonce, cipher, _bound(table, row, field)).decode()
    except Exception as broken:
        raise Refused("seal-broken", table=table, field=field) from broken


def blind(text: str, purpose: str) -> bytes:
    """The blind index of a normalised value for one purpose (`national-id`, `national-id-tail`, …)."""
    message = f"{purpose}\x00{text}".encode()
    return hmac.new(_index_key(), message, hashlib.sha256).digest()[:DIGEST_BYTES]


def _bound(table: str, row: UUID, field: str) -> bytes:
    return f"{table}\x00{row}\x00{field}".encode()


@cache
def _cipher(key_id: int) -> AESGCM:
    return AESGCM(bytes.fromhex(settings.KEYS[f"field-{key_id}"]))


@cache
def _index_key() -> bytes:
    return bytes.fromhex(settings.KEYS["index"])
