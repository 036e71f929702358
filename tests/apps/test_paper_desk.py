"""Papers at the desk: what is not delivered, how it was, revoked and issued anew, doors of a village, templates."""

from __future__ import annotations

import io
import re
import zlib
from datetime import datetime, timedelta
from uuid import UUID

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from shouwang.journeys.door_notices import print_village
from shouwang.journeys.serve_notice import issue_notice, reissue
from shouwang.kernel.actor import SYSTEM, Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Grant, Scope
from shouwang.observation.actions import extend_file
from shouwang.outreach.actions import add_logo, print_paper, record_served, save_template
from shouwang.outreach.queries import (
    paper,
    paper_page,
    paper_tally,
    served_records,
    template_for,
    template_versions,
    token_of,
    verify_paper,
)
from shouwang.outreach.rules import PaperKind, Style
from shouwang.policy.queries import pack_of
from tests.conftest import CHINA
from tests.rules.test_paper_templates import png
from tests.town import OTHER_VILLAGE, TOWN, VILLAGE, FixedClock, Town, found_town
from tests.walking import EVERYTHING, Village, settle

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
CLERK = Actor("clerk", "冉晓梅")
URL = "https://watch.example"


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    return found_town(AT, roles=("town-clerk", "administrator"))


@pytest.fixture
def village(town: Town) -> Village:
    return settle(town, AT - timedelta(hours=10), on_map=False)


def _client(town: Town, role: str = "town-clerk") -> Client:
    client = Client()
    client.force_login(town.user(role))
    return client


def _text(pdf: bytes) -> list[str]:
    return ["".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def test_a_paper_is_on_the_list_until_it_has_reached_somebody(town: Town) -> None:
    one = town.ids["paper"]
    assert [row.paper.id for row in paper_page(EVERYTHING)] == [one]
    client = _client(town)
    page = client.get("/papers/").content.decode()
    assert f"/papers/{one}/" in page
    record = str(uuid7())
    sent = {"id": record, "how": "family", "served_at": "2020-02-01T17:30", "received_by": "谭玉兰"}
    for _ in range(2):  # a second click is the same record
        assert client.post(f"/papers/{one}/serve/", sent).status_code == 302
    (row,) = served_records(EVERYTHING, one)
    assert (row.how, row.received_by) == ("family", "谭玉兰")
    assert paper_page(EVERYTHING) == []
    assert [line.how for line in paper_page(EVERYTHING, state="served")] == ["family"]
    shown = client.get(f"/papers/{one}/").content.decode()
    assert "谭玉兰" in shown
    right = {**sent, "id": str(uuid7()), "how": "in-person", "corrects": record, "reason": "本人签收"}
    assert client.post(f"/papers/{one}/serve/", right).status_code == 302
    assert [line.how for line in paper_page(EVERYTHING, state="served")] == ["in-person"]
    assert [bool(r.corrected_by) for r in served_records(EVERYTHING, one)] == [True, False]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"how": "refused", "note": ""}, "served-refusal-unexplained"),
        ({"how": "by-bird"}, "served-way-unknown"),
    ],
)
def test_a_refusal_must_say_what_was_done(town: Town, change: dict[str, str], code: str) -> None:
    asked = {"record_id": uuid7(), "paper_id": town.ids["paper"], "how": "posted", "served_at": AT} | change
    with pytest.raises(Refused, match=code):
        record_served(**asked, by=CLERK, at=AT)  # type: ignore[arg-type]


def test_a_paper_cannot_have_been_delivered_tomorrow(town: Town) -> None:
    one = town.ids["paper"]
    sent = {"id": str(uuid7()), "how": "posted", "served_at": "2020-02-02T08:00"}
    assert _client(town).post(f"/papers/{one}/serve/", sent).status_code == 422
    assert served_records(EVERYTHING, one) == []


def test_issued_anew_the_old_notice_says_revoked_and_the_new_one_the_new_day(town: Town) -> None:
    one, file = town.ids["paper"], town.ids["file"]
    extend_file(
        file_id=file,
        until=datetime(2020, 2, 20).date(),  # noqa: DTZ001
        reason="家人发热",
        scope=EVERYTHING,
        pack_of=pack_of,
        by=CLERK,
        at=AT,
    )
    made = reissue(paper_id=one, scope=EVERYTHING, reason="延长观察", by=CLERK, at=AT)
    old, new = (verify_paper(token_of(EVERYTHING, each)) for each in (one, made))
    assert (old.status, new.status) == ("revoked", "valid")
    assert (new.last, new.kind) == (datetime(2020, 2, 20).date(), PaperKind.NOTICE)  # noqa: DTZ001
    assert [line.paper.id for line in paper_page(EVERYTHING)] == [made]
    assert paper(EVERYTHING, one).revoked_reason == "延长观察"


def test_the_pledge_is_a_form_with_a_serial_that_verifies(town: Town) -> None:
    answer = _client(town).post(f"/files/{town.ids['file']}/pledge/")
    made = UUID(answer["Location"].split("/")[2])
    said = _text(_client(town).post(f"/papers/{made}/print/").content)
    assert len(said) == 1
    assert "居家医学观察承诺书" in said[0]
    assert "宋云" in said[0]
    assert "承诺人（签名）" in said[0]
    assert verify_paper(token_of(EVERYTHING, made)).status == "valid"
    assert Client().get(f"/p/v/{token_of(EVERYTHING, made)}").status_code == 200


def test_the_papers_of_a_person_stand_on_their_page(town: Town) -> None:
    page = _client(town).get(f"/people/{town.people['宋云']}/").content.decode()
    assert f"/papers/{town.ids['paper']}/" in page


def test_a_village_gets_its_doors_in_one_file_and_again_the_same_papers(town: Town, village: Village) -> None:
    made = print_village(EVERYTHING, VILLAGE, by=CLERK, at=AT)
    pages = _text(made.pdf)
    assert made.issued == len(made.papers) == len(pages) == 35
    for page, one in zip(pages, made.papers, strict=True):
        assert "温馨提示" in page
        assert re.search(r"至2020年\d+月\d+日止", page)
        row = paper(EVERYTHING, one)
        assert row.serial.replace(" ", "") in page
        assert row.holder_masked == ""
        assert "德明" not in page, "a notice on a door names nobody"
        assert verify_paper(token_of(EVERYTHING, one)).status == "valid"
    serials = [paper(EVERYTHING, one).serial for one in made.papers]
    assert len(set(serials)) == 35
    again = print_village(EVERYTHING, VILLAGE, by=CLERK, at=AT)
    assert (again.issued, again.papers) == (0, made.papers)
    extend_file(
        file_id=village.files[-1],
        until=datetime(2020, 3, 1).date(),  # noqa: DTZ001
        reason="家人发热",
        scope=EVERYTHING,
        pack_of=pack_of,
        by=CLERK,
        at=AT,
    )
    changed = print_village(EVERYTHING, VILLAGE, by=CLERK, at=AT)
    assert (changed.issued, changed.replaced, len(changed.papers)) == (1, 1, 35)
    (old,) = set(made.papers) - set(changed.papers)
    assert verify_paper(token_of(EVERYTHING, old)).status == "revoked"


def test_one_door_printed_alone_is_the_page_of_the_village(town: Town, village: Village) -> None:
    made = print_village(EVERYTHING, VILLAGE, by=CLERK, at=AT)
    alone = print_paper(scope=EVERYTHING, paper_id=made.papers[7], public_url=URL, by=CLERK, at=AT)
    assert _text(alone)[0] == _text(made.pdf)[7]


def test_doors_of_a_place_out_of_sight_or_without_anybody_are_refused(town: Town) -> None:
    permissions = frozenset({"paper.issue", "observation.view"})
    elsewhere = Scope("other", (Grant("town-clerk", OTHER_VILLAGE, permissions),))
    with pytest.raises(Refused, match="not-permitted"):
        print_village(elsewhere, VILLAGE, by=CLERK, at=AT)
    with pytest.raises(Refused, match="no-doors"):
        print_village(elsewhere, OTHER_VILLAGE, by=CLERK, at=AT)


def _save(kind: PaperKind = PaperKind.DOOR, area: str = TOWN, **more: object) -> None:
    style = more.pop("style", Style(office="龙沙镇人民政府", seal_line="（公章）"))
    asked = {"title": "居家提示", "body": "请至{止日}。有事打{联系人}。", "reason": "本镇格式"} | more
    save_template(kind=kind, area=area, style=style, by=CLERK, at=AT, **asked)  # type: ignore[arg-type]


def test_a_new_wording_holds_from_now_on_and_issued_papers_keep_theirs(town: Town, village: Village) -> None:
    before = town.ids["paper"]
    first = print_paper(scope=EVERYTHING, paper_id=before, public_url=URL, by=CLERK, at=AT)
    body = "依据{依据}，因{原因}，自{起日}至{止日}。联系{联系人}，申诉{申诉}。"
    _save(
        PaperKind.NOTICE,
        title="本镇告知书",
        body=body,
        style=Style("龙沙镇人民政府", "（公章）", "龙沙镇人民政府文件"),
    )
    assert print_paper(scope=EVERYTHING, paper_id=before, public_url=URL, by=CLERK, at=AT) == first
    made = issue_notice(file_id=village.files[0], scope=EVERYTHING, by=CLERK, at=AT)
    pdf = print_paper(scope=EVERYTHING, paper_id=made, public_url=URL, by=CLERK, at=AT)
    (said,) = _text(pdf)
    for told in ("本镇告知书", "龙沙镇人民政府文件", "龙沙镇人民政府", "（公章）"):
        assert told in said
    assert "疫情防控指挥部文件" not in said
    _save(PaperKind.NOTICE, title="又改的告知书", body=body)
    assert print_paper(scope=EVERYTHING, paper_id=made, public_url=URL, by=CLERK, at=AT) == pdf
    assert [row.version for row in template_versions(EVERYTHING, TOWN, PaperKind.NOTICE)] == [2, 1]
    assert verify_paper(token_of(EVERYTHING, made)).status == "valid"


def test_the_nearest_place_decides_how_its_papers_look(town: Town) -> None:
    _save(area=TOWN, title="镇里的提示")
    _save(area=VILLAGE, title="村里的提示")
    near, far = template_for(VILLAGE, PaperKind.DOOR), template_for(OTHER_VILLAGE, PaperKind.DOOR)
    titles = [found.wording.title if found and found.wording else "" for found in (near, far)]
    assert titles == ["村里的提示", "镇里的提示"]
    assert template_for("500101134", PaperKind.DOOR) is None


def test_a_version_of_a_template_is_never_changed(town: Town) -> None:
    _save()
    for change in ("update outreach_papertemplate set title = 'x'", "delete from outreach_papertemplate"):
        with (
            pytest.raises(DatabaseError, match="never changed"),
            transaction.atomic(),
            connection.cursor() as c,
        ):
            c.execute(change)


def test_a_logo_is_uploaded_chosen_and_printed(town: Town, village: Village) -> None:
    client = _client(town)
    raw = png(60, 60)
    for _ in range(2):
        upload = SimpleUploadedFile("标志.png", raw, "image/png")
        assert client.post("/papers/templates/logo/", {"area": TOWN, "logo": upload}).status_code == 302
    digest = add_logo(area=TOWN, raw=raw, by=CLERK, at=AT)
    sent = {"area": TOWN, "title": "居家提示", "body": "请至{止日}。有事打{联系人}。", "reason": "加标志"}
    sent |= {"seal_line": "（公章）", "office": "龙沙镇人民政府", "logo": digest}
    assert client.post("/papers/templates/door-notice/", sent).status_code == 302
    bare = print_village(EVERYTHING, VILLAGE, by=CLERK, at=AT)
    pages = pypdf.PdfReader(io.BytesIO(bare.pdf)).pages
    assert all(len(page.images) == 1 for page in pages)
    assert all("龙沙镇人民政府" in page for page in _text(bare.pdf))


@pytest.mark.parametrize(
    ("name", "raw"),
    [("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), ("a.svg", b"<svg/>"), ("b.png", png()[:-6])],
)
def test_what_only_claims_to_be_a_picture_is_refused(town: Town, name: str, raw: bytes) -> None:
    upload = SimpleUploadedFile(name, raw, "image/png")
    answer = _client(town).post("/papers/templates/logo/", {"area": TOWN, "logo": upload})
    assert answer.status_code == 422


def test_a_png_whose_pixels_are_rubbish_is_refused_by_the_printer(town: Town) -> None:
    whole = png(40, 40)
    at = whole.index(b"IDAT") - 4
    length = int.from_bytes(whole[at : at + 4], "big")
    body = b"IDAT" + b"\x00" * length
    bad = (
        whole[:at]
        + length.to_bytes(4, "big")
        + body
        + zlib.crc32(body).to_bytes(4, "big")
        + whole[at + 12 + length :]
    )
    with pytest.raises(Refused, match="logo-damaged"):
        add_logo(area=TOWN, raw=bad, by=CLERK, at=AT)


def test_the_preview_is_a_picture_or_a_pdf_and_saves_nothing(town: Town) -> None:
    client = _client(town, "administrator")
    asked = {
        "area": TOWN,
        "title": "试试看",
        "body": "请至{止日}。有事打{联系人}。",
        "red_head": "某某镇文件",
    }
    picture = client.post("/papers/templates/door-notice/preview/", asked | {"form": "picture"})
    assert picture.content.startswith(b"\x89PNG")
    pdf = client.post("/papers/templates/door-notice/preview/", asked)
    assert "试试看" in _text(pdf.content)[0]
    wrong = client.post("/papers/templates/door-notice/preview/", asked | {"body": "{姓名}"})
    assert wrong.status_code == 422
    assert template_for(TOWN, PaperKind.DOOR) is None
    assert client.get("/papers/templates/door-notice/picture.png").content.startswith(b"\x89PNG")


def test_a_wrong_wording_comes_back_with_what_was_typed(town: Town) -> None:
    asked = {"area": TOWN, "title": "提示", "body": "只到{止日}", "reason": "试", "seal_line": ""}
    answer = _client(town).post("/papers/templates/door-notice/", asked)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "只到{止日}" in page
    assert "联系人" in page


def test_nobody_changes_the_papers_of_another_place(town: Town) -> None:
    client = Client()
    client.force_login(town.user("town-clerk", "other town"))
    asked = {"area": TOWN, "title": "提示", "body": "至{止日}，{联系人}", "reason": "试"}
    assert client.post("/papers/templates/door-notice/", asked).status_code == 404
    assert template_for(TOWN, PaperKind.DOOR) is None


PAGES = {"/papers/": 11, "/papers/doors/": 9, "/papers/templates/": 9, "/papers/templates/door-notice/": 11}


def test_the_pages_of_papers_take_no_more_queries_than_they_may(town: Town, village: Village) -> None:
    print_village(EVERYTHING, VILLAGE, by=CLERK, at=AT)
    client = _client(town)
    for address, most in PAGES.items():
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        assert len(queries) <= most, (address, [q["sql"][:110] for q in queries])


def test_the_list_turns_its_pages_without_losing_or_doubling_a_paper(town: Town, village: Village) -> None:
    made = print_village(EVERYTHING, VILLAGE, by=SYSTEM, at=AT)
    for state in ("unserved", "all"):
        seen: list[UUID] = []
        after = ""
        while rows := paper_page(EVERYTHING, state=state, after=after, limit=7):
            seen += [row.paper.id for row in rows]
            after = rows[-1].cursor
        assert len(seen) == len(set(seen)) == len(made.papers) + 1
    assert paper_tally(EVERYTHING) == (len(made.papers) + 1, False)
    assert paper_tally(EVERYTHING, kind="door-notice") == (len(made.papers), False)
