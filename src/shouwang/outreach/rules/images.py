"""Pictures that a town uploads for its papers: PNG or JPEG by their content, small, whole, of sane size.

Only the frame of the file is read, by a few lines of our own: nothing is unpacked, so nothing can blow up. SVG is
a program as much as a picture, and is refused, as is everything else that is not a PNG or a JPEG.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from shouwang.kernel.errors import Refused

MOST_BYTES = 300_000
MOST_PIXELS = 2000
"""A side of it at most: 2000 dots are 17 cm in print."""
_PNG = b"\x89PNG\r\n\x1a\n"
_PARAMETERLESS = {0x01, *range(0xD0, 0xD9)}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture is: `png` or `jpeg`, and its size in dots."""

    media: str
    width: int
    height: int


def read_picture(raw: bytes) -> Picture:
    """The kind and size of an uploaded picture.

    Refuses `logo-too-large`, `logo-kind` (no PNG or JPEG by its content), `logo-damaged`, `logo-size`.
    """
    if len(raw) > MOST_BYTES:
        raise Refused("logo-too-large", most=MOST_BYTES // 1000)
    if raw.startswith(_PNG):
        found = Picture("png", *_png_size(raw))
    elif raw.startswith(b"\xff\xd8\xff"):
        found = Picture("jpeg", *_jpeg_size(raw))
    else:
        raise Refused("logo-kind")
    if not (1 <= found.width <= MOST_PIXELS and 1 <= found.height <= MOST_PIXELS):
        raise Refused("logo-size", most=MOST_PIXELS)
    return found


def _png_size(raw: bytes) -> tuple[int, int]:
    """From the header, once every chunk is whole up to the end."""
    at, size, has_data = len(_PNG), None, False
    while at + 12 <= len(raw):
        length, name = struct.unpack(">I4s", raw[at : at + 8])
        body = raw[at + 8 : at + 8 + length]
        told = raw[at + 8 + length : at + 12 + length]
        if len(told) < 4 or struct.unpack(">I", told)[0] != zlib.crc32(name + body):
            break
        at += 12 + length
        if name == b"IHDR" and length == 13:
            size = struct.unpack(">II", body[:8])
        has_data = has_data or name == b"IDAT"
        if name == b"IEND":
            if size is None or not has_data or at != len(raw):
                break
            return int(size[0]), int(size[1])
    raise Refused("logo-damaged")


def _jpeg_size(raw: bytes) -> tuple[int, int]:
    """From the first frame, in a file that has an end."""
    at = 2
    while at + 4 <= len(raw) and raw[at] == 0xFF and raw.rstrip(b"\x00").endswith(b"\xff\xd9"):
        marker = raw[at + 1]
        if marker in _PARAMETERLESS or marker == 0xFF:
            at += 1 if marker == 0xFF else 2
            continue
        length = struct.unpack(">H", raw[at + 2 : at + 4])[0]
        if marker in _FRAMES and at + 9 <= len(raw):
            height, width = struct.unpack(">HH", raw[at + 5 : at + 9])
            return int(width), int(height)
        if marker == 0xDA or length < 2:
            break
        at += 2 + length
    raise Refused("logo-damaged")
