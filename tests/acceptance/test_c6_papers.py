"""C6 Papers: every paper of the file printed in Chinese, its QR verified, its delivery recorded; 655 doors at once."""

from __future__ import annotations

import io
from datetime import date
from time import process_time
from uuid import UUID

import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shouwang.journeys.door_notices import doors_by_village, print_village
from shouwang.journeys.person_paper import paper_pdf, print_file
from shouwang.journeys.release_person import release_with_certificate
from shouwang.journeys.serve_notice import issue_notice, issue_pledge
from shouwang.kernel.ids import uuid7
from shouwang.outreach.actions import record_served, save_template
from shouwang.outreach.queries import paper, paper_page, paper_tally, token_of, verify_paper
from shouwang.outreach.rules import PaperKind, Style
from tests.acceptance.conftest import CLERK, EVERYTHING, TOWN, LongshaTown, when
from tests.acceptance.watching import check, file_of_return, on, record, rows

AT = when("01-30 15:00")


def text_of(pdf: bytes) -> list[str]:
    return ["".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def printed(paper_id: UUID) -> str:
    (said,) = text_of(paper_pdf(EVERYTHING, paper_id, by=CLERK, at=AT))
    return said


@pytest.fixture
def file_id(town: LongshaTown) -> UUID:
    return file_of_return(date(2020, 1, 27))


def test_every_paper_of_a_file_prints_in_chinese_verifies_and_is_delivered(
    town: LongshaTown, file_id: UUID
) -> None:
    notice = issue_notice(file_id=file_id, scope=EVERYTHING, by=CLERK, at=AT)
    pledge = issue_pledge(file_id=file_id, scope=EVERYTHING, by=CLERK, at=AT)
    for one, title, kind in (
        (notice, "居家医学观察告知书", PaperKind.NOTICE),
        (pledge, "居家医学观察承诺书", PaperKind.PLEDGE),
    ):
        said = printed(one)
        assert title in said
        assert "龙沙镇疫情防控指挥部" in said
        assert paper(EVERYTHING, one).serial.replace(" ", "") in said
        verdict = verify_paper(token_of(EVERYTHING, one))
        assert (verdict.status, verdict.kind) == ("valid", kind)
        assert "*" in verdict.holder_masked
    (said,) = text_of(print_file(EVERYTHING, file_id, by=CLERK, at=AT))
    assert "医学观察一人一档" in said
    assert {line.paper.id for line in paper_page(EVERYTHING)} == {notice, pledge}
    for one, how in ((notice, "in-person"), (pledge, "family")):
        asked = {"record_id": uuid7(), "paper_id": one, "how": how, "served_at": AT, "received_by": "本人"}
        record_served(**asked, by=CLERK, at=AT)  # type: ignore[arg-type]
    assert paper_tally(EVERYTHING) == (0, False)
    assert [line.how for line in paper_page(EVERYTHING, state="served")] == ["family", "in-person"]


def test_the_certificate_comes_with_the_release(town: LongshaTown) -> None:
    file_id = file_of_return(date(2020, 1, 20))
    record(town, check(file_id, on(2, 10, 19), 365, channel="phone"))
    at = on(2, 11, 9)
    released = release_with_certificate(file_id=file_id, scope=EVERYTHING, by=CLERK, at=at)
    del released
    (line,) = paper_page(EVERYTHING, kind="release-certificate")
    said = printed(line.paper.id)
    for told in ("解除医学观察证明", "特此证明", "不得因其曾接受医学观察而歧视"):
        assert told in said
    assert verify_paper(token_of(EVERYTHING, line.paper.id)).status == "valid"


def test_655_doors_are_numbered_printed_and_verify(town: LongshaTown) -> None:
    counts = doors_by_village(EVERYTHING)
    total = sum(counts.values())
    assert total >= 600, counts
    begun = process_time()
    made = print_village(EVERYTHING, TOWN, by=CLERK, at=AT)
    took = process_time() - begun
    assert took < 60, f"{took:.1f} s of computing for {total} doors"
    assert made.issued == total == len(pypdf.PdfReader(io.BytesIO(made.pdf)).pages)
    numbers = rows("select number from outreach_paper where kind = 'door-notice' order by number")
    assert [row[0] for row in numbers] == list(range(1, total + 1))
    assert rows("select last from outreach_paperseries where kind = 'door-notice'") == [(total,)]
    for one in made.papers[:: total // 20]:
        assert verify_paper(token_of(EVERYTHING, one)).status == "valid"
    assert paper_tally(EVERYTHING, kind="door-notice") == (total, False)
    after = paper_page(EVERYTHING, limit=500)[-1].cursor
    with CaptureQueriesContext(connection) as queries:
        page = paper_page(EVERYTHING, kind="door-notice", after=after)
    assert (len(page), len(queries)) == (50, 2)


def test_a_town_words_its_own_papers_and_the_issued_ones_stay(town: LongshaTown, file_id: UUID) -> None:
    before = issue_notice(file_id=file_id, scope=EVERYTHING, by=CLERK, at=AT)
    first = paper_pdf(EVERYTHING, before, by=CLERK, at=AT)
    save_template(
        kind=PaperKind.NOTICE,
        area=TOWN,
        title="龙沙镇居家观察告知书",
        body="依据{依据}，因{原因}，请自{起日}至{止日}居家。有事请打{联系人}。异议请找{申诉}。",
        style=Style("龙沙镇人民政府", "（公章）", "龙沙镇人民政府文件"),
        reason="按本镇格式",
        by=CLERK,
        at=AT,
    )
    assert paper_pdf(EVERYTHING, before, by=CLERK, at=AT) == first
    other = file_of_return(date(2020, 1, 26))
    after = printed(issue_notice(file_id=other, scope=EVERYTHING, by=CLERK, at=AT))
    for told in ("龙沙镇居家观察告知书", "龙沙镇人民政府文件", "（公章）"):
        assert told in after
