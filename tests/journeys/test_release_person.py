"""Released and certified in one moment; the notice; the paper form. Who may not, does not."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pypdf
import pytest

from shouwang.journeys.person_paper import paper_pdf, print_file
from shouwang.journeys.release_person import decide_release_early, release_with_certificate
from shouwang.journeys.serve_notice import issue_notice
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Grant, Scope
from shouwang.observation.actions import ask_early_release
from shouwang.outreach.queries import papers_of, verify_paper
from shouwang.outreach.queries import token_of as qr_of
from tests.conftest import CHINA
from tests.journeys.living import CLERK, DOCTOR, EVERYTHING, ROWS, TOWN, bring, file_of, living_town, measure

pytestmark = pytest.mark.django_db

COMMANDER = Actor("commander", "谭镇长")
LAST_DAY = datetime(2020, 2, 12, 23, 59, tzinfo=CHINA)
"""Day 21 of a return on 22 January."""


def scope(area: str, *permissions: str) -> Scope:
    return Scope("u", (Grant("role", area, frozenset(permissions)),))


CLERKS = scope(TOWN, "observation.view", "observation.release", "paper.issue")


@pytest.fixture
def song(at: datetime, tmp_path: Path) -> UUID:
    """The file of 宋大超, back from Wuhan on 22 January, found on 1 February."""
    living_town(tmp_path, ROWS[:1], at)
    return file_of("宋大超").id


def said(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_a_released_person_holds_a_certificate_that_a_stranger_can_prove(song: UUID, at: datetime) -> None:
    measure(song, at + timedelta(days=4))
    over = LAST_DAY + timedelta(minutes=1)
    paper = release_with_certificate(file_id=song, scope=CLERKS, by=CLERK, at=over)
    text = said(paper_pdf(CLERKS, paper, by=CLERK, at=over))
    for told in (
        "宋大超",
        "男",
        "500101198806112650",
        "安坪村3组127号",
        "龙沙镇疫情防控指挥部",
        "2020年1月23日",
    ):
        assert told in text
    assert "2020年2月12日" in text
    assert "自2020年2月13日起解除" in text
    assert "体温正常" in text
    assert file_of("宋大超").state == "released"
    assert verify_paper(qr_of(EVERYTHING, paper)).status == "valid"


def test_a_minute_before_the_end_there_is_neither_release_nor_paper(song: UUID, at: datetime) -> None:
    measure(song, at + timedelta(days=4))
    with pytest.raises(Refused, match="release-refused"):
        release_with_certificate(file_id=song, scope=CLERKS, by=CLERK, at=LAST_DAY)
    assert file_of("宋大超").state == "open"
    assert papers_of(EVERYTHING, "observation-file", song) == []


def test_a_certificate_after_a_fever_does_not_say_that_there_was_none(song: UUID, at: datetime) -> None:
    from shouwang.observation.actions import answer_alert
    from shouwang.observation.queries import open_alerts

    measure(song, at + timedelta(days=1), 384)
    for alert in open_alerts(EVERYTHING):
        answer_alert(alert_id=alert.id, answer="核酸阴性", scope=EVERYTHING, by=DOCTOR, at=at)
    measure(song, at + timedelta(days=4))
    over = LAST_DAY + timedelta(minutes=1)
    paper = release_with_certificate(file_id=song, scope=CLERKS, by=CLERK, at=over)
    assert "曾有异常" in said(paper_pdf(CLERKS, paper, by=CLERK, at=over))


def test_an_early_release_needs_two_persons_and_certifies_the_days_that_were(
    song: UUID, at: datetime
) -> None:
    early = scope(TOWN, "observation.view", "observation.release-early")
    measure(song, at + timedelta(days=1))
    asked_at = at + timedelta(days=2)
    asked = ask_early_release(file_id=song, reason="隔离点统一检测阴性", scope=early, by=CLERK, at=asked_at)
    with pytest.raises(Refused, match="second-person-needed"):
        decide_release_early(approval_id=asked, approve=True, scope=early, by=CLERK, at=asked_at)
    paper = decide_release_early(approval_id=asked, approve=True, scope=early, by=COMMANDER, at=asked_at)
    assert paper is not None
    text = said(paper_pdf(CLERKS, paper, by=CLERK, at=asked_at))
    assert "自2020年1月23日起至2020年2月3日止" in text
    assert "提前解除" in text
    assert file_of("宋大超").state == "released-early"


def test_a_refused_early_release_leaves_everything_as_it_was(song: UUID, at: datetime) -> None:
    asked = ask_early_release(file_id=song, reason="想回城", scope=EVERYTHING, by=CLERK, at=at)
    said_no = decide_release_early(
        approval_id=asked, approve=False, scope=EVERYTHING, by=COMMANDER, at=at, note="未满"
    )
    assert said_no is None
    assert file_of("宋大超").state == "open"


def test_the_notice_says_why_until_when_and_whom_to_turn_to(song: UUID, at: datetime) -> None:
    paper = issue_notice(file_id=song, scope=CLERKS, by=CLERK, at=at)
    text = said(paper_pdf(CLERKS, paper, by=CLERK, at=at))
    for told in ("宋大超", "传染病防治法", "武汉返乡人员", "2020年2月12日", "37.3", "12345", "体温2次"):
        assert told in text
    assert "可向可向" not in text
    with pytest.raises(Refused, match="paper-already-issued"):
        issue_notice(file_id=song, scope=CLERKS, by=CLERK, at=at)


def test_advice_without_a_restriction_gets_no_notice(song: UUID, at: datetime, tmp_path: Path) -> None:
    bring(tmp_path, (ROWS[2].replace("湖北恩施州", "成都市"),), at, "other.csv")
    with pytest.raises(Refused, match="nothing-restricted"):
        issue_notice(file_id=file_of("冉光明").id, scope=CLERKS, by=CLERK, at=at)


def test_the_paper_form_prints_readings_on_one_page(song: UUID, at: datetime) -> None:
    measure(song, at + timedelta(minutes=1), 368, symptoms=("cough",))
    measure(song, at + timedelta(days=1), 366)
    pdf = print_file(CLERKS, song, by=CLERK, at=at + timedelta(days=1))
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 1
    text = said(pdf)
    for told in ("宋大超", "36.8", "18:01", "咳嗽", "冉医生", "武汉市", "武汉返乡人员", "观察中", "36.6"):
        assert told in text


@pytest.mark.parametrize(
    ("held", "code"),
    [
        (scope("500101136", "*"), "file-not-found"),
        (scope(TOWN, "observation.view", "paper.issue"), "not-permitted"),
        (scope(TOWN, "observation.view", "observation.release"), "not-permitted"),
    ],
)
def test_who_may_not_release_here_does_not(song: UUID, at: datetime, held: Scope, code: str) -> None:
    over = LAST_DAY + timedelta(days=1)
    with pytest.raises(Refused) as refused:
        release_with_certificate(file_id=song, scope=held, by=CLERK, at=over)
    assert refused.value.code == code
    assert file_of("宋大超").state == "open"


def test_a_paper_out_of_sight_does_not_exist(song: UUID, at: datetime) -> None:
    paper = issue_notice(file_id=song, scope=CLERKS, by=CLERK, at=at)
    with pytest.raises(Refused, match="paper-not-found"):
        paper_pdf(scope("500101136", "*"), paper, by=CLERK, at=at)
    with pytest.raises(Refused, match="not-permitted"):
        paper_pdf(scope(TOWN, "observation.view"), paper, by=CLERK, at=at)


def test_reclassifying_after_the_release_opens_no_second_file(song: UUID, at: datetime) -> None:
    from shouwang.journeys.reclassify import reclassify

    measure(song, at + timedelta(days=4))
    over = LAST_DAY + timedelta(minutes=1)
    release_with_certificate(file_id=song, scope=CLERKS, by=CLERK, at=over)
    again = reclassify(area=TOWN, by=CLERK, at=over + timedelta(days=1))
    assert again.watched.opened == ()
    assert file_of("宋大超").state == "released"
