"""钥匙 The server's key pairs for seals, beside the other keys of the installation. Older ones still open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from django.conf import settings

from shouwang.devices.rules.sealing import b64, private_key, public_point

PREFIX = "device-"


@dataclass(frozen=True, slots=True)
class ServerKey:
    """One key pair."""

    id: str
    private: EllipticCurvePrivateKey
    public: bytes

    def told(self) -> dict[str, str]:
        """As a phone is told it."""
        return {"id": self.id, "public": b64(self.public)}


def current_key() -> ServerKey:
    """The newest key: phones seal to it."""
    newest = max(int(name.removeprefix(PREFIX)) for name in settings.KEYS if name.startswith(PREFIX))
    key = key_of(str(newest))
    assert key is not None
    return key


def key_of(key_id: str) -> ServerKey | None:
    """A key by its id, also an older one; None where there is none such."""
    secret = settings.KEYS.get(PREFIX + key_id)
    return _made(key_id, secret) if secret else None


@cache
def _made(key_id: str, secret: str) -> ServerKey:
    private = private_key(secret)
    return ServerKey(key_id, private, public_point(private.public_key()))
