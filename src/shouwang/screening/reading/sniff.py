"""What a file is, by its content and never by its name; what is refused before anything parses it."""

from __future__ import annotations

import re
import struct
import zipfile
from pathlib import Path
from typing import Literal

from msgspec import Struct

from shouwang.kernel.errors import Refused

Format = Literal["xlsx", "xls", "ods", "csv"]

MAX_FILE_BYTES = 60 * 1024 * 1024
MAX_PART_BYTES = 600 * 1024 * 1024
"""Sum of the unpacked parts. The register of 42,000 people unpacks to 30 MB."""
MAX_RATIO = 250
"""Unpacked : packed, for parts above 20 MB. Real worksheets stay below 40."""
MAX_PARTS = 3000

_OTHER = (
    (b"%PDF", "pdf"), (b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpeg"), (b"Rar!", "rar"), (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"), (b"MZ", "program"), (b"\x7fELF", "program"), (b"GIF8", "gif"), (b"BZh", "bzip2"),
    (b"SQLite format", "sqlite"),
)  # fmt: skip
_EXTENSIONS = {"xlsx": {"xlsx", "xlsm"}, "xls": {"xls", "et"}, "ods": {"ods"}, "csv": {"csv", "txt", "tsv"}}


class Sniffed(Struct, frozen=True):
    """The format found, whether the extension says otherwise, and whether macros lie in the file (unread)."""

    format: Format
    extension_lies: bool = False
    has_macros: bool = False


def formulas_in(path: Path) -> tuple[int, int]:
    """How many cells of an xlsx are formulas, and how many of those hold no value: values only are read."""
    found = hollow = 0
    with zipfile.ZipFile(path) as archive:
        for part in archive.infolist():
            if part.filename.startswith("xl/worksheets/") and part.file_size < 200 * 1024 * 1024:
                xml = archive.read(part)
                if b"<f" in xml:
                    found += len(_FORMULA.findall(xml))
                    hollow += len(_HOLLOW.findall(xml))
    return found, hollow


def sniff(path: Path, name: str | None = None) -> Sniffed:
    """Say what the file is. `name` is the name it was sent under.

    Refuses: file-empty, file-too-large, file-password, file-damaged, file-bomb, file-xml-entities,
    file-not-a-spreadsheet (with `found`).
    """
    size = path.stat().st_size
    if size == 0:
        raise Refused("file-empty")
    if size > MAX_FILE_BYTES:
        raise Refused("file-too-large", bytes=size, limit=MAX_FILE_BYTES)
    with path.open("rb") as file:
        head = file.read(4096)
    extension = (name or path.name).rpartition(".")[2].lower()
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"):
        form, macros = _look_into_zip(path)
    elif head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        form, macros = _look_into_ole(path)
    else:
        form, macros = _text(head), False
    return Sniffed(form, extension not in _EXTENSIONS[form], macros)


def _text(head: bytes) -> Format:
    for magic, found in _OTHER:
        if head.startswith(magic):
            raise Refused("file-not-a-spreadsheet", found=found)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "csv"
    start = head[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<head", b"<meta")):
        raise Refused("file-not-a-spreadsheet", found="html" if b"<html" in start else "xml")
    if start.startswith(b"{\\rtf"):
        raise Refused("file-not-a-spreadsheet", found="rtf")
    nul = head.count(0)
    if nul and nul < len(head) * 0.05:
        raise Refused("file-not-a-spreadsheet", found="binary")
    control = sum(head.count(byte) for byte in range(1, 32) if byte not in (9, 10, 13, 27))
    if not nul and control > len(head) * 0.02:
        raise Refused("file-not-a-spreadsheet", found="binary")
    return "csv"


def _look_into_zip(path: Path) -> tuple[Format, bool]:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _weigh(parts)
            names = {part.filename for part in parts}
            form = _zip_format(names, archive)
            _refuse_entities(archive, parts)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, struct.error) as error:
        raise Refused("file-damaged") from error
    return form, any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names)


def _weigh(parts: list[zipfile.ZipInfo]) -> None:
    total = sum(part.file_size for part in parts)
    if total > MAX_PART_BYTES or len(parts) > MAX_PARTS:
        raise Refused("file-bomb", bytes=total, parts=len(parts))
    for part in parts:
        if part.file_size > 20 * 1024 * 1024 and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise Refused("file-bomb", bytes=total, parts=len(parts))
        if part.flag_bits & 0x1:
            raise Refused("file-password")


def _zip_format(names: set[str], archive: zipfile.ZipFile) -> Format:
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "mimetype" in names:
        kind = archive.read("mimetype")[:80]
        if b"opendocument.spreadsheet" in kind:
            manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
            if b"encryption-data" in manifest:
                raise Refused("file-password")
            return "ods"
    if "xl/workbook.bin" in names:
        raise Refused("file-not-a-spreadsheet", found="xlsb")
    found = "docx" if "word/document.xml" in names else "pptx" if "ppt/presentation.xml" in names else "zip"
    raise Refused("file-not-a-spreadsheet", found=found)


def _refuse_entities(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """No honest workbook declares entities; an XML bomb must."""
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as file:
                head = file.read(2048)
            plain = head.replace(b"\x00", b"").upper()
            if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
                raise Refused("file-xml-entities", part=part.filename)


_FORMULA = re.compile(rb"<f[ />]")
_HOLLOW = re.compile(rb"(?:</f>|<f[^>]*/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_STREAM = re.compile(rb"(?:W\0o\0r\0k\0b\0o\0o\0k\0|B\0o\0o\0k\0)\0\0")


def _look_into_ole(path: Path) -> tuple[Format, bool]:
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data or "EncryptionInfo".encode("utf-16-le") in data:
        raise Refused("file-password")
    if not _STREAM.search(data):
        found = "doc" if "WordDocument".encode("utf-16-le") in data else "ole"
        raise Refused("file-not-a-spreadsheet", found=found)
    if _has_filepass(data):
        raise Refused("file-password")
    return "xls", "_VBA_PROJECT".encode("utf-16-le") in data


def _has_filepass(data: bytes) -> bool:
    """Whether a BIFF FILEPASS record (0x002F) follows the first BOF (0x0809)."""
    at = data.find(b"\x09\x08\x10\x00", 512)
    for _ in range(12):
        if at < 0 or at + 4 > len(data):
            return False
        record, length = struct.unpack_from("<HH", data, at)
        if record == 0x002F:
            return True
        at += 4 + length
    return False
