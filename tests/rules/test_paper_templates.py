"""A town's own wording: only fields there are, nothing dropped that must be said; and pictures that are pictures."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from datetime import date
from typing import TypeVar
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.kernel.errors import Refused
from shouwang.observation.rules import Typed as TypedLine
from shouwang.observation.rules import line_id, read_clock, read_line
from shouwang.outreach.rules import (
    CHANGEABLE,
    MUST_SAY,
    PaperKind,
    allowed_fields,
    default_wording,
    fill,
    in_chinese,
    read_picture,
    read_wording,
    sample,
)


@pytest.mark.parametrize("kind", CHANGEABLE)
def test_our_own_wording_passes_in_english_and_in_chinese_and_prints_the_same(kind: PaperKind) -> None:
    ours = default_wording(kind)
    for wording in (ours, in_chinese(ours)):
        read = read_wording(kind, wording.title, "\n".join(wording.paragraphs))
        assert fill(read, sample(kind)) == fill(ours, sample(kind))


@pytest.mark.parametrize("kind", CHANGEABLE)
def test_every_allowed_field_can_be_filled_in(kind: PaperKind) -> None:
    body = "".join(f"{{{name}}}" for name in allowed_fields(kind))
    told = fill(read_wording(kind, "标题", body), sample(kind))
    assert "{" not in told.paragraphs[0]


@pytest.mark.parametrize(
    ("kind", "dropped"), [(kind, name) for kind in CHANGEABLE for name in MUST_SAY[kind]]
)
def test_a_paper_cannot_be_made_to_keep_quiet_about_what_it_must_say(kind: PaperKind, dropped: str) -> None:
    body = "".join(f"{{{name}}}" for name in MUST_SAY[kind] if name != dropped) + "。"
    with pytest.raises(Refused, match="paper-field-dropped"):
        read_wording(kind, "标题", body)


@pytest.mark.parametrize(
    "body", ["{名字}", "{name.__class__}", "{0}", "{}", "{#eval}", "{last", "last}", "{{last}}"]
)
def test_what_is_no_field_is_refused(body: str) -> None:
    with pytest.raises(Refused, match="paper-field-unknown"):
        read_wording(PaperKind.DOOR, "温馨提示", "{止日}{联系人}" + body)


def test_a_door_never_names_anybody() -> None:
    with pytest.raises(Refused, match="paper-field-unknown"):
        read_wording(PaperKind.DOOR, "温馨提示", "{姓名}住在这里，至{止日}止，{联系人}")


@pytest.mark.parametrize(
    ("title", "body"), [("", "x"), ("x", ""), ("x" * 41, "y"), ("x", "y" * 4001), ("x", "y\n" * 25)]
)
def test_empty_and_endless_wordings_are_refused(title: str, body: str) -> None:
    with pytest.raises(Refused, match="wording-"):
        read_wording(PaperKind.CERTIFICATE, title, body)


def png(width: int = 2, height: int = 2, *, tail: bytes = b"") -> bytes:
    """A small grey picture, whole."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    rows = b"".join(b"\x00" + b"\x80" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
        + tail
    )


def test_a_png_is_read_by_its_content() -> None:
    found = read_picture(png(3, 2))
    assert (found.media, found.width, found.height) == ("png", 3, 2)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "logo-kind"),
        (b"GIF89a" + b"\x00" * 20, "logo-kind"),
        (b"%PDF-1.7", "logo-kind"),
        (b"", "logo-kind"),
        (png()[:-4], "logo-damaged"),
        (png(tail=b"<script>"), "logo-damaged"),
        (png().replace(b"IDAT", b"iDAT", 1), "logo-damaged"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "logo-damaged"),
        (b"\xff\xd8\xff\xd9", "logo-damaged"),
        (png(5000, 1), "logo-size"),
        (png() + b"\x00" * 300_000, "logo-too-large"),
    ],
)
def test_what_is_no_sane_picture_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_picture(raw)
    assert refused.value.code == code


@given(raw=st.binary(max_size=300))
def test_no_bytes_whatever_break_the_reader(raw: bytes) -> None:
    for head in (b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"):
        with pytest.raises(Refused):
            read_picture(head + raw + b"\x01")


@given(deci=st.integers(340, 430))
def test_a_temperature_is_read_however_it_is_typed(deci: int) -> None:
    whole, tenth = divmod(deci, 10)
    for text in (
        f"{deci}",
        f"{whole}.{tenth}",
        f"{whole},{tenth}",
        f" {whole}。{tenth} ",
        f"{whole}.{tenth}℃",
    ):
        assert read_line(TypedLine(text), ["fever"]).deci == deci
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in str(deci))
    assert read_line(TypedLine(full_width), []).deci == deci


def test_symptoms_are_the_numbers_of_the_boxes() -> None:
    keys = ["fever", "cough", "fatigue"]
    assert read_line(TypedLine("365", "31"), keys).symptoms == ("fatigue", "fever")
    assert read_line(TypedLine("", "2"), keys) == read_line(TypedLine(" ", "2、2"), keys)
    assert read_line(TypedLine("365", "0"), keys).symptoms == ()
    assert read_line(TypedLine("1"), keys).outcome == "not-home"
    assert read_line(TypedLine("不在家"), keys).outcome == "not-home"


UNREADABLE = {
    "temperature-unreadable",
    "temperature-impossible",
    "symptom-key-unknown",
    "nobody-measured",
}
Read = TypeVar("Read")


def _told(read: Callable[[], Read]) -> Read | str:
    """What was read, or the code of its refusal."""
    try:
        return read()
    except Refused as refused:
        return refused.code


@given(text=st.text(max_size=8), symptoms=st.text(max_size=6))
def test_whatever_is_typed_is_read_or_refused(text: str, symptoms: str) -> None:
    told = _told(lambda: read_line(TypedLine(text, symptoms), ["fever", "cough"]))
    if isinstance(told, str):
        assert told in UNREADABLE
        return
    assert told.outcome == "done" or (told.deci is None and not told.symptoms)


@given(text=st.text(max_size=6))
def test_whatever_time_is_typed_is_read_or_refused(text: str) -> None:
    told = _told(lambda: read_clock(text, date(2020, 2, 1), "Asia/Shanghai"))
    assert told == "check-unreadable" if isinstance(told, str) else told.date() == date(2020, 2, 1)


def test_the_id_of_a_line_is_always_the_same_and_never_anothers() -> None:
    sheet = UUID("01a200a2-4264-70a6-8813-f4c6718d3913")
    ids = {line_id(sheet, n) for n in range(1, 500)}
    assert len(ids) == 499
    assert line_id(sheet, 7) == line_id(sheet, 7)
    assert all(one.version == 7 and one.int >> 80 == sheet.int >> 80 for one in ids)
    assert line_id(UUID(int=sheet.int ^ 1), 7) not in ids
