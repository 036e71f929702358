"""Secrets that are made here and kept as hashes, and the place a log-in works at."""

from __future__ import annotations

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import timedelta
from os.path import commonprefix

CODE_LIVES = timedelta(hours=24)
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0 and O, no 1 and I: codes are read out over the telephone."""
CODE_LETTERS = 10
_LEVELS = (12, 9, 6, 4, 2)


def new_code() -> str:
    """A one-time code of ten characters (fifty bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS))


def code_hash(code: str) -> str:
    """The hash of a code as somebody typed it: small letters and spaces do no harm."""
    plain = "".join(code.upper().split()).replace("-", "")
    return hashlib.sha256(f"enrol {plain}".encode()).hexdigest()


def new_token() -> str:
    """What a phone shows with every request: 32 random bytes, base64url."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """The only thing the server keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_share() -> str:
    """The server's share of the key of a list: 32 random bytes, base64url."""
    return urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()


def home_area(areas: Sequence[str]) -> str:
    """The narrowest place that holds all of these: whose desk answers for somebody who works there."""
    common = commonprefix(list(areas))  # noqa: RUF071 - of codes
    return common if len(set(areas)) == 1 else next((common[:n] for n in _LEVELS if len(common) >= n), "")
