"""The seal of a paper and the token its QR carries.

The token is the id of the paper (16 bytes, 62 bits of them random) and the first 9 bytes of its seal, in
lower-case base32 without padding: 40 letters and digits that can be read out over a telephone. Knowing the
id is not enough to make one, and guessing one is hopeless (LESSONS 7).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from uuid import UUID

from shouwang.kernel.canon import canonical
from shouwang.kernel.masking import mask_name
from shouwang.kernel.names import surname_length
from shouwang.outreach.rules.content import PaperKind

SEAL_BYTES = 32
TOKEN_SEAL_BYTES = 9
TOKEN_LENGTH = 40

DOCUMENT_WORD = {
    PaperKind.NOTICE: "医观告",
    PaperKind.CERTIFICATE: "医观解",
    PaperKind.FILE: "医观档",
    PaperKind.DOOR: "医观示",
    PaperKind.PLEDGE: "医观诺",
}
"""The word of a serial (文号)."""


def content_digest(plain: dict[str, object], *, salt: str) -> str:
    """SHA-256 of the canonical content, 64 hex digits.

    The salt lives sealed with the personal part, so that nobody who reads only the digest can try out
    all national ids until one fits.
    """
    return hashlib.sha256(f"{salt}\x00{canonical(plain)}".encode()).hexdigest()


def paper_seal(key: bytes, *, paper_id: UUID, digest: str, frame: tuple[object, ...]) -> bytes:
    """HMAC-SHA-256 over the id, the content's digest and the frame (kind, serial, area, issued at, …)."""
    message = canonical([str(paper_id), digest, list(frame)]).encode()
    return hmac.new(key, message, hashlib.sha256).digest()


def make_token(paper_id: UUID, seal: bytes) -> str:
    """What the QR carries for this paper."""
    return base64.b32encode(paper_id.bytes + seal[:TOKEN_SEAL_BYTES]).decode().lower()


def read_token(token: str) -> tuple[UUID, bytes] | None:
    """The id and the piece of seal in a token; None where it cannot be one. Case and spaces do not matter."""
    tidy = "".join(token.split()).replace("-", "").upper()
    if len(tidy) != TOKEN_LENGTH or not tidy.isascii():
        return None
    try:
        raw = base64.b32decode(tidy)
    except binascii.Error:
        return None
    return UUID(bytes=raw[:16]), raw[16:]


def token_matches(piece: bytes, seal: bytes) -> bool:
    """Whether the piece of seal in a token belongs to `seal`, compared in constant time."""
    return hmac.compare_digest(piece, seal[:TOKEN_SEAL_BYTES])


def serial_text(kind: PaperKind, town: str, year: int, number: int) -> str:
    """The serial as printed: "500101135 医观解〔2020〕0012号"."""
    return f"{town} {DOCUMENT_WORD[kind]}〔{year}〕{number:04d}号"


def masked_holder(name: str) -> str:
    """The name as a stranger sees it on the verifying page: "宋大超" → "宋*超", "宋云" → "宋*".

    Enough to compare with a paper in the hand, too little to learn a name from.
    """
    kept = surname_length(name)
    if not name.isascii() and " " not in name and len(name) - kept > 1:
        return name[:kept] + "*" * (len(name) - kept - 1) + name[-1]
    return mask_name(name)
