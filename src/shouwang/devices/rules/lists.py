"""名单: how what a phone holds differs from what it must hold. Pure."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b

DIGEST_BYTES = 9
"""Two states of one document look alike once in 2**72."""

Digests = Mapping[str, str]
"""Key of a document → digest of its content."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What must be sent so that a phone which holds `before` comes to hold `now`. `full`: it must drop all first."""

    full: bool
    changed: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.full or self.changed or self.gone)


def digest_of(content: bytes) -> str:
    """The short digest of a document as it is sent."""
    return urlsafe_b64encode(blake2b(content, digest_size=DIGEST_BYTES).digest()).decode()


def difference(before: Digests | None, now: Digests) -> Difference:
    """`before` None: nobody knows what the phone holds."""
    if before is None:
        return Difference(True, tuple(sorted(now)), ())
    return Difference(
        False,
        tuple(sorted(key for key, digest in now.items() if before.get(key) != digest)),
        tuple(sorted(before.keys() - now.keys())),
    )
