from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pypdf
import pytest
from django.db import DatabaseError, connection, transaction

from shouwang.journal.queries import events_about
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused, Unscoped
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Grant, Scope
from shouwang.outreach import actions, queries, typeset
from shouwang.outreach.models import Paper
from shouwang.outreach.rules import (
    CertificateContent,
    Content,
    FileContent,
    FileDay,
    NoticeContent,
    PaperKind,
    ReadingLine,
    Wording,
    make_token,
)

pytestmark = pytest.mark.django_db

CLERK = Actor("clerk", "周敏")
VILLAGE, OTHER_VILLAGE = "500101135003", "500101135200"
URL = "https://watch.example"
ZONE = "Asia/Shanghai"
CERTIFICATE = CertificateContent(
    office="龙沙镇疫情防控领导小组",
    name="宋大超",
    sex="男",
    id_kind="身份证",
    id_number="500101198806112650",
    address="安坪村3组127号",
    start=date(2020, 1, 20),
    last=date(2020, 2, 2),
    released_on=date(2020, 2, 3),
    legal_ground="《传染病防治法》",
    appeal="镇办公室（023-40000000）",
)
NOTICE = NoticeContent(
    office="龙沙镇疫情防控领导小组",
    name="宋大超",
    legal_ground="《传染病防治法》",
    appeal="镇办公室",
    start=date(2020, 1, 20),
    last=date(2020, 2, 2),
    reason="自武汉返回",
    evidence="登记表",
    contact="村医李某",
)


def _file(days: int) -> FileContent:
    line = ReadingLine(clock="08:05", temperature="36.5", measured_by="李医生", seen_by="王干部")
    return FileContent(
        office="龙沙镇疫情防控领导小组",
        name="宋大超",
        start=date(2020, 1, 20),
        last=date(2020, 1, 19) + timedelta(days=days),
        days=tuple(
            FileDay(
                number=n + 1,
                day=date(2020, 1, 20) + timedelta(days=n),
                morning=(replace(line, struck=True, temperature="39.9"), line) if n == 3 else (line,),
                evening=(replace(line, clock="18:30", temperature="37.4", is_alarm=True, symptoms="咳嗽"),),
            )
            for n in range(days)
        ),
    )


def _issue(at: datetime, content: Content = CERTIFICATE, subject: UUID | None = None) -> UUID:
    return actions.issue_paper(
        content=content,
        subject=("observation-file", subject or uuid7()),
        area=VILLAGE,
        zone=ZONE,
        by=CLERK,
        at=at,
    )


def _print(paper_id: UUID, at: datetime) -> tuple[bytes, str]:
    made = actions.print_paper(scope=Scope.everything(), paper_id=paper_id, public_url=URL, by=CLERK, at=at)
    return made, _text(made)


def _text(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def _token(paper_id: UUID) -> str:
    return queries.token_of(Scope.everything(), paper_id)


def test_a_certificate_prints_in_chinese_with_its_own_fonts_and_serial(at: datetime) -> None:
    made, said = _print(_issue(at), at)
    assert "解除医学观察证明" in said
    assert "兹证明宋大超" in said
    assert "自2020年1月20日起至2020年2月2日止" in said
    assert "500101135医观解〔2020〕0001号" in said
    assert "《传染病防治法》" in said
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in pypdf.PdfReader(io.BytesIO(made)).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts
    assert all("Noto" in font and "SC" in font for font in fonts)


def test_a_notice_names_ground_reason_evidence_review_and_appeal(at: datetime) -> None:
    _made, said = _print(_issue(at, replace(NOTICE, review_on=date(2020, 1, 27))), at)
    for told in (
        "医学观察告知书",
        "传染病防治法",
        "自武汉返回",
        "登记表",
        "2020年1月27日复核",
        "镇办公室",
        "送达回执",
    ):
        assert told in said


@pytest.mark.parametrize("days", [14, 21])
def test_a_person_file_of_14_and_of_21_days_fits_one_page(at: datetime, days: int) -> None:
    made, said = _print(_issue(at, _file(days)), at)
    assert len(pypdf.PdfReader(io.BytesIO(made)).pages) == 1
    assert said.count("李医生") == 2 * days + 1
    assert "39.9" in said


def test_a_paper_printed_again_is_byte_for_byte_the_same(at: datetime) -> None:
    paper = _issue(at)
    first, _ = _print(paper, at)
    again, _ = _print(paper, at + timedelta(days=300))
    assert first == again


def test_every_printing_is_in_the_journal_and_holds_no_name(at: datetime) -> None:
    paper = _issue(at)
    _print(paper, at)
    events = events_about(Scope.everything(), "paper", [str(paper)])
    assert [e.verb for e in events] == ["outreach.paper.printed", "outreach.paper.issued"]
    assert "宋" not in str([e.payload for e in events])
    assert "500101198806112650" not in str([e.payload for e in events])


@pytest.mark.parametrize(
    "name",
    [
        '#eval("1+1")',
        "*宋_大$超",
        '#import "@preview/x:1.0.0"',
        "$x$ <a> `b` \\ // /* @c",
        '"]}; #panic()',
        "{office}",
    ],
)
def test_a_name_is_set_as_text_and_never_run(at: datetime, name: str) -> None:
    _made, said = _print(_issue(at, replace(CERTIFICATE, name=name)), at)
    assert "兹证明" + "".join(name.split()) in said


def test_a_template_that_asks_for_a_package_finds_none(at: datetime, tmp_path: Path) -> None:
    (tmp_path / "x.typ").write_text('#import "@preview/cetz:0.3.0"\nhello')
    with pytest.raises(Exception, match=r"package|download|network"):
        typeset.compile_pdf(tmp_path, "x.typ", {}, at=at)
    for template in typeset.TEMPLATES.glob("*.typ"):
        assert "@preview" not in template.read_text()


def test_without_the_chinese_font_the_refusal_names_what_is_missing(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = _issue(at)
    monkeypatch.setattr(typeset, "FONT_PACKAGE", "no_such_fonts")
    typeset.font_folder.cache_clear()
    with pytest.raises(Refused, match=r"font-missing.*no-such-fonts"):
        _print(paper, at)
    typeset.font_folder.cache_clear()


def test_the_wording_of_the_pack_is_printed_and_frozen(at: datetime) -> None:
    paper = actions.issue_paper(
        content=CERTIFICATE,
        subject=("observation-file", uuid7()),
        area=VILLAGE,
        zone=ZONE,
        wording=Wording("解除告知单", ("{name}同志，自{released-on}起解除。",)),
        by=CLERK,
        at=at,
    )
    _made, said = _print(paper, at)
    assert "解除告知单" in said
    assert "宋大超同志，自2020年2月3日起解除。" in said


def test_serials_run_by_town_kind_and_local_year(at: datetime) -> None:
    new_year = datetime.fromisoformat("2020-12-31T16:00:00+00:00")
    papers = [
        _issue(at),
        _issue(at),
        _issue(at, NOTICE),
        _issue(new_year - timedelta(seconds=1)),
        _issue(new_year),
    ]
    serials = [queries.paper(Scope.everything(), paper).serial for paper in papers]
    assert serials == [
        "500101135 医观解〔2020〕0001号",
        "500101135 医观解〔2020〕0002号",
        "500101135 医观告〔2020〕0001号",
        "500101135 医观解〔2020〕0003号",
        "500101135 医观解〔2021〕0001号",
    ]


def test_pressing_twice_issues_one_certificate(at: datetime) -> None:
    file = uuid7()
    first = _issue(at, subject=file)
    with pytest.raises(Refused, match="paper-already-issued"):
        _issue(at, subject=file)
    actions.revoke_paper(paper_id=first, reason="姓名有误", by=CLERK, at=at)
    second = _issue(at, subject=file)
    rows = queries.papers_of(Scope.everything(), "observation-file", file)
    assert [row.id for row in rows] == [second, first]
    assert queries.paper(Scope.everything(), second).serial.endswith("0002号")


@pytest.mark.parametrize("field", ["legal_ground", "evidence", "reason", "appeal"])
def test_a_notice_without_its_ground_is_refused(at: datetime, field: str) -> None:
    with pytest.raises(Refused, match="paper-field-missing"):
        _issue(at, replace(NOTICE, **{field: ""}))


def test_a_genuine_paper_verifies_with_a_masked_name(at: datetime) -> None:
    verdict = queries.verify_paper(_token(_issue(at)))
    assert (verdict.status, verdict.kind) == ("valid", PaperKind.CERTIFICATE)
    assert verdict.holder_masked == "宋*超"
    assert (verdict.serial, verdict.issued_on) == ("500101135 医观解〔2020〕0001号", date(2020, 2, 1))
    assert verdict.office == "龙沙镇疫情防控领导小组"
    assert (verdict.start, verdict.last) == (date(2020, 1, 20), date(2020, 2, 2))


def test_a_revoked_paper_says_so_and_prints_with_a_stamp(at: datetime) -> None:
    paper = _issue(at)
    actions.revoke_paper(paper_id=paper, reason="提前解除有误", by=CLERK, at=at)
    assert queries.verify_paper(_token(paper)).status == "revoked"
    _made, said = _print(paper, at)
    assert "已作废" in said
    with pytest.raises(Refused, match="paper-already-revoked"):
        actions.revoke_paper(paper_id=paper, reason="again", by=CLERK, at=at)


def test_unknown_malformed_and_forged_tokens_say_the_same(at: datetime) -> None:
    paper = _issue(at)
    forged = make_token(paper, b"\x00" * 32)
    nobody = make_token(uuid7(), b"\x00" * 32)
    verdicts = {queries.verify_paper(token) for token in (forged, nobody, "", "x", "a" * 40, "é" * 40)}
    assert verdicts == {queries.UNKNOWN}


@pytest.mark.parametrize(
    "change",
    [
        "holder_masked = '李*'",
        "number = 99",
        "issued_on = '2020-03-01'",
        "content = jsonb_set(content, '{title}', '\"别的\"')",
        "content_hash = repeat('0', 64)",
        "sealed = 'x'",
    ],
)
def test_a_paper_changed_behind_the_back_of_the_product_is_altered(at: datetime, change: str) -> None:
    paper = _issue(at)
    token = _token(paper)
    with connection.cursor() as cursor:
        cursor.execute("alter table outreach_paper disable trigger all")
        cursor.execute(f"update outreach_paper set {change}")
        cursor.execute("alter table outreach_paper enable trigger all")
    assert queries.verify_paper(token).status == "altered"
    assert queries.altered_papers() == [paper]
    with pytest.raises(Refused, match="paper-altered"):
        _print(paper, at)


@pytest.mark.parametrize(
    "statement", ["update outreach_paper set office = 'x'", "delete from outreach_paper"]
)
def test_the_database_refuses_to_change_an_issued_paper(at: datetime, statement: str) -> None:
    _issue(at)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_personal_values_are_not_readable_in_the_table(at: datetime) -> None:
    _issue(at)
    with connection.cursor() as cursor:
        cursor.execute("select to_jsonb(p)::text from outreach_paper p")
        (row,) = cursor.fetchone()
    for value in ("宋大超", "500101198806112650", "安坪村"):
        assert value not in row
        assert value.encode().hex() not in row


def test_served_twice_from_the_same_phone_is_one_record_and_other_content_a_conflict(at: datetime) -> None:
    paper, record = _issue(at, NOTICE), uuid7()
    asked = {
        **{"record_id": record, "paper_id": paper, "how": "posted", "served_at": at, "note": "贴于大门"},
        **{"by": CLERK, "at": at},
    }
    actions.record_served(**asked)
    actions.record_served(**asked)
    assert len(queries.served_records(Scope.everything(), paper)) == 1
    with pytest.raises(Refused, match="served-conflict"):
        actions.record_served(**{**asked, "how": "family"})
    assert [e.verb for e in events_about(Scope.everything(), "paper", [str(paper)])].count(
        "outreach.paper.served"
    ) == 1


def test_a_record_of_service_is_corrected_by_a_new_one_that_says_why(at: datetime) -> None:
    paper, first, second = _issue(at, NOTICE), uuid7(), uuid7()
    asked = {"paper_id": paper, "served_at": at, "by": CLERK, "at": at}
    actions.record_served(record_id=first, how="in-person", received_by="宋大超", **asked)
    with pytest.raises(Refused, match="reason-missing"):
        actions.record_served(record_id=second, how="family", corrects=first, **asked)
    actions.record_served(
        record_id=second, how="family", received_by="宋云", corrects=first, reason="是妻子签收", **asked
    )
    rows = queries.served_records(Scope.everything(), paper)
    assert [(row.received_by, row.corrected_by) for row in rows] == [("宋大超", second), ("宋云", None)]
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update outreach_servedrecord set how = 'sent'")


def test_a_paper_of_another_village_does_not_exist(at: datetime) -> None:
    paper = _issue(at)
    other = Scope("u", (Grant("village-cadre", OTHER_VILLAGE, frozenset({"observation.view"})),))
    for read in (queries.paper, queries.token_of):
        with pytest.raises(Refused, match="paper-not-found"):
            read(other, paper)
    with pytest.raises(Refused, match="paper-not-found"):
        actions.print_paper(scope=other, paper_id=paper, public_url=URL, by=CLERK, at=at)
    with pytest.raises(Unscoped):
        list(Paper.objects.all())
