from __future__ import annotations

from dataclasses import fields
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.outreach.rules import (
    CertificateContent,
    DoorContent,
    FileContent,
    FileDay,
    Member,
    NoticeContent,
    PaperKind,
    ReadingLine,
    Wording,
    content_digest,
    default_wording,
    fill,
    join_content,
    make_token,
    masked_holder,
    missing_field,
    pack_wording,
    paper_seal,
    read_token,
    serial_text,
    split_content,
    token_matches,
)
from shouwang.packs.load import builtin, builtin_ids

NOTICE = NoticeContent(
    office="龙沙镇",
    name="宋大超",
    legal_ground="某法第一条",
    appeal="镇办公室",
    start=date(2020, 1, 20),
    last=date(2020, 2, 2),
    reason="自武汉返回",
    evidence="登记表",
    contact="村医",
    review_on=date(2020, 1, 27),
)
FILE = FileContent(
    office="龙沙镇",
    name="宋大超",
    start=date(2020, 1, 20),
    last=date(2020, 2, 2),
    team=(Member(role="村医", name="李"),),
    days=(
        FileDay(number=1, day=date(2020, 1, 20), morning=(ReadingLine(clock="08:00", temperature="36.5"),)),
    ),
)
DOOR = DoorContent(office="龙沙镇", start=date(2020, 1, 20), last=date(2020, 2, 2), contact="023-40000000")
CERTIFICATE = CertificateContent(
    office="龙沙镇",
    name="宋大超",
    start=date(2020, 1, 20),
    last=date(2020, 2, 2),
    released_on=date(2020, 2, 3),
    legal_ground="某法第一条",
    appeal="镇办公室",
)


@pytest.mark.parametrize("content", [NOTICE, CERTIFICATE, FILE])
def test_a_paper_read_back_is_the_paper_that_was_issued(content: NoticeContent) -> None:
    shown, personal = split_content(content)
    assert join_content(content.KIND, {**shown, **personal}) == content


def test_nothing_that_tells_of_a_person_is_stored_in_the_open() -> None:
    for content in (NOTICE, CERTIFICATE, FILE):
        shown, _personal = split_content(content)
        assert not {"name", "address", "id_number", "telephone", "start", "reason", "days"} & set(shown)


def test_a_notice_without_ground_evidence_reason_or_appeal_is_not_one() -> None:
    from dataclasses import replace

    assert missing_field(NOTICE) == ""
    for name in ("legal_ground", "evidence", "reason", "appeal"):
        assert missing_field(replace(NOTICE, **{name: " "})) == name


def test_wording_says_days_in_chinese_and_counts_both_ends() -> None:
    said = "".join(fill(default_wording(PaperKind.NOTICE), NOTICE).paragraphs)
    assert "自2020年1月20日起至2020年2月2日24时止，共14天" in said
    assert "本决定将于2020年1月27日复核" in said


def test_wording_with_a_field_that_the_paper_has_not_is_refused_by_name() -> None:
    with pytest.raises(Refused, match=r"paper-field-unknown.*nobody"):
        fill(Wording("题", ("{nobody}",)), NOTICE)


@given(st.text(max_size=40))
def test_a_name_with_braces_is_never_read_as_wording(name: str) -> None:
    from dataclasses import replace

    hostile = replace(NOTICE, name="{office}" + name)
    assert fill(Wording("题", ("{name}",)), hostile).paragraphs == ("{office}" + name,)


def test_every_default_wording_fills_from_its_own_paper() -> None:
    for content in (NOTICE, CERTIFICATE, FILE):
        fill(default_wording(content.KIND), content)


@given(st.binary(min_size=32, max_size=32))
def test_a_token_gives_back_its_paper_however_it_is_typed(seal: bytes) -> None:
    paper = uuid7()
    token = make_token(paper, seal)
    for typed in (token, token.upper(), f" {token[:20]}-{token[20:]} "):
        parts = read_token(typed)
        assert parts is not None
        assert parts[0] == paper
        assert token_matches(parts[1], seal)


@given(st.text(max_size=60))
def test_any_other_text_is_no_token_and_no_error(text: str) -> None:
    parts = read_token(text)
    assert parts is None or isinstance(parts[0], UUID)


def test_a_seal_depends_on_the_key_the_paper_the_content_and_the_serial() -> None:
    paper, other = uuid7(), uuid7()
    seals = {
        paper_seal(b"k", paper_id=paper, digest="d", frame=(1,)),
        paper_seal(b"K", paper_id=paper, digest="d", frame=(1,)),
        paper_seal(b"k", paper_id=other, digest="d", frame=(1,)),
        paper_seal(b"k", paper_id=paper, digest="D", frame=(1,)),
        paper_seal(b"k", paper_id=paper, digest="d", frame=(2,)),
    }
    assert len(seals) == 5
    assert content_digest({"a": 1}, salt="x") != content_digest({"a": 1}, salt="y")


@pytest.mark.parametrize(
    ("name", "seen"),
    [("宋大超", "宋*超"), ("宋云", "宋*"), ("欧阳小云", "欧阳*云"), ("宋", "宋"), ("", "")],
)
def test_a_stranger_sees_the_surname_and_at_most_the_last_character(name: str, seen: str) -> None:
    assert masked_holder(name) == seen


def test_a_serial_reads_as_an_office_writes_it() -> None:
    assert serial_text(PaperKind.CERTIFICATE, "500101135", 2020, 12) == "500101135 医观解〔2020〕0012号"


def test_every_wording_of_every_pack_fills_from_its_paper() -> None:
    for name in builtin_ids():
        for content in (NOTICE, CERTIFICATE, FILE, DOOR):
            wording = pack_wording(content.KIND, builtin(name).papers)
            said = fill(wording, content)
            assert said.title
            assert "{" not in "".join(said.paragraphs)


def test_a_notice_on_the_door_names_nobody() -> None:
    assert "name" not in {field.name for field in fields(DOOR)}
