"""C1 One person, one file 一人一档: basic facts, fourteen signed days, corrections with a reason, an A4 page."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from uuid import UUID

import pypdf
import pytest
from django.db import DatabaseError, connection, transaction

from shouwang.journal.queries import broken_chains
from shouwang.journeys.person_paper import paper_pdf, print_file
from shouwang.journeys.release_person import release_with_certificate
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Grant, Scope
from shouwang.observation.actions import answer_alert, correct_check, release_file, sign_day
from shouwang.observation.queries import FilePage, file_page, files_of_person, open_alerts
from shouwang.outreach.queries import papers_of, token_of, verify_paper
from shouwang.people.queries import person
from tests.acceptance.conftest import CADRE, CLERK, DOCTOR, EVERYTHING, TOWN, LongshaTown
from tests.acceptance.watching import check, file_of_return, on, record, rows

RETURN = date(2020, 1, 27)
"""Back on the day the list came in: the fourteen days are all ahead."""
LAST_OF_14 = RETURN + timedelta(days=14)
LAST = RETURN + timedelta(days=21)
SIGNERS = (DOCTOR, CADRE, Actor("police", "牟警官"))


@pytest.fixture
def file_id(town: LongshaTown) -> UUID:
    """The file of somebody back from Hubei on 27 January."""
    return file_of_return(RETURN)


def watch(town: LongshaTown, file_id: UUID, until: date) -> None:
    """Every check of every day up to `until` made and each day signed by the day's worker."""
    day = RETURN + timedelta(days=1)
    while day <= until:
        signer = SIGNERS[day.toordinal() % len(SIGNERS)]
        hours, channel = ((9, 19), "visit") if day <= LAST_OF_14 else ((19,), "phone")
        for hour in hours:
            taken = on(day.month, day.day, hour, 5)
            record(town, check(file_id, taken, 361 + hour % 5, channel=channel), by=signer)
        sign_day(file_id=file_id, day=day, scope=EVERYTHING, by=signer, at=on(day.month, day.day, 21))
        day += timedelta(days=1)


def midnight_after(day: date) -> datetime:
    morrow = day + timedelta(days=1)
    return on(morrow.month, morrow.day, 0)


def story(file_id: UUID, at: datetime) -> FilePage:
    return file_page(EVERYTHING, file_id, at)


def test_every_returnee_has_one_file_with_facts_start_and_end(town: LongshaTown) -> None:
    assert rows("select count(*), count(distinct person_id) from observation_file") == [(1286, 1286)]
    bare = (
        "select count(*) from observation_file f join people_person p on p.id = f.person_id"
        " where p.name = '' or f.area = '' or f.planned_last_day < f.day_zero or f.category = ''"
    )
    assert rows(bare) == [(0,)]
    restricted = rows("select count(*) from observation_file where restricts")
    assert restricted == [(1046,)], "those from elsewhere are advised, not restricted"


def test_the_file_begins_with_who_it_is_why_and_until_when(town: LongshaTown, file_id: UUID) -> None:
    file = story(file_id, on(1, 28, 9)).file
    known = person(EVERYTHING, file.person_id)
    assert known.name
    assert known.address
    assert "*" in known.phone_masked or known.phone_masked == ""
    assert (file.day_zero, file.last_day, file.anchor_known) == (RETURN, LAST, "clear")
    assert file.category in ("wuhan", "hubei")
    assert "返回" in file.evidence
    assert all((file.legal_ground, file.reason, file.appeal_channel, file.expires_at, file.review_on))


def test_the_whole_story_is_on_one_page_in_order_each_day_signed_by_name(
    town: LongshaTown, file_id: UUID
) -> None:
    watch(town, file_id, LAST_OF_14)
    page = story(file_id, on(2, 10, 22))
    fourteen = [day for day in page.days if 1 <= day.day_no <= 14]
    assert [day.day_no for day in page.days] == list(range(22))
    assert [day.day for day in page.days] == [RETURN + timedelta(days=n) for n in range(22)]
    for day in fourteen:
        assert [cell.state for cell in day.cells] == ["done", "done"], day.day
        readings = [one for cell in day.cells for one in cell.checks]
        assert [one.taken_at for one in readings] == sorted(one.taken_at for one in readings)
        assert all(one.deci and one.recorded_by_name for one in readings)
        assert day.signed_by in {signer.name for signer in SIGNERS}
        assert (day.quorum_came, day.quorum_must) == (2, 2)
    assert len({day.signed_by for day in fourteen}) == 3
    assert all(cell.state == "ahead" for day in page.days if day.day_no > 14 for cell in day.cells)


def test_a_signed_day_takes_no_further_check_without_a_reason(town: LongshaTown, file_id: UUID) -> None:
    watch(town, file_id, date(2020, 1, 29))
    with pytest.raises(AssertionError, match="day-signed"):
        record(town, check(file_id, on(1, 29, 20, 30)), at=on(1, 30, 8))
    record(town, check(file_id, on(1, 29, 20, 30), reason="晚上补测,签字在前"), at=on(1, 30, 8))
    with pytest.raises(Refused, match="day-signed"):
        sign_day(file_id=file_id, day=date(2020, 1, 29), scope=EVERYTHING, by=CADRE, at=on(1, 30, 8))


def test_a_signed_day_is_corrected_with_a_reason_and_both_readings_stay(
    town: LongshaTown, file_id: UUID
) -> None:
    watch(town, file_id, date(2020, 1, 30))
    day = next(d for d in story(file_id, on(1, 31)).days if d.day == date(2020, 1, 29))
    wrong = day.cells[0].checks[0]
    right = check(file_id, wrong.taken_at, 369)
    for reason in ("", "  "):
        with pytest.raises(Refused, match="reason-missing"):
            _correct(town, wrong.id, right, reason)
    _correct(town, wrong.id, right, "看错体温计")
    day = next(d for d in story(file_id, on(1, 31)).days if d.day == date(2020, 1, 29))
    old, new = sorted(day.cells[0].checks, key=lambda one: one.recorded_at)
    assert (old.id, old.deci, old.corrected_by) == (wrong.id, wrong.deci, new.id)
    assert (new.deci, new.corrects, new.correct_reason) == (369, wrong.id, "看错体温计")
    assert day.signed_by, "the signature stays"
    with pytest.raises(Refused, match="check-corrected-already"):
        _correct(town, wrong.id, check(file_id, wrong.taken_at, 366), "再改")


def _correct(town: LongshaTown, old: UUID, item: object, reason: str) -> None:
    correct_check(
        check_id=old,
        item=item,  # type: ignore[arg-type]
        reason=reason,
        scope=EVERYTHING,
        pack_of=town.pack_of,
        by=DOCTOR,
        at=on(1, 31, 8),
    )


@pytest.mark.parametrize(
    "statement",
    [
        "update observation_dailycheck set deci = 365 where file_id = %s",
        "delete from observation_dailycheck where file_id = %s",
        "update observation_daysignature set by_name = 'x' where file_id = %s",
        "delete from observation_daysignature where file_id = %s",
    ],
)
def test_the_database_itself_refuses_to_change_what_was_measured_and_signed(
    town: LongshaTown, file_id: UUID, statement: str
) -> None:
    watch(town, file_id, date(2020, 1, 29))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [file_id])


def test_nobody_signs_a_day_that_was_not_lived_or_not_checked(town: LongshaTown, file_id: UUID) -> None:
    watch(town, file_id, date(2020, 1, 28))
    for day, code in ((date(2020, 1, 30), "day-in-future"), (date(2020, 1, 29), "day-without-check")):
        with pytest.raises(Refused, match=code):
            sign_day(file_id=file_id, day=day, scope=EVERYTHING, by=DOCTOR, at=on(1, 29, 22))


def test_a_missed_day_stays_missed_in_the_story(town: LongshaTown, file_id: UUID) -> None:
    record(town, check(file_id, on(1, 28, 9)))
    record(town, check(file_id, on(1, 30, 9)))
    days = {d.day: [cell.state for cell in d.cells] for d in story(file_id, on(1, 30, 10)).days}
    assert days[date(2020, 1, 28)] == ["done", "missed"]
    assert days[date(2020, 1, 29)] == ["missed", "missed"]
    assert days[date(2020, 1, 30)] == ["done", "ahead"], "the evening begins when the morning is over"


def test_a_fever_and_what_was_done_about_it_are_part_of_the_story(town: LongshaTown, file_id: UUID) -> None:
    record(town, check(file_id, on(1, 28, 9), 382, symptoms=("fever", "fatigue"), note="头痛一天"))
    alert = next(a for a in open_alerts(EVERYTHING, area=TOWN) if a.file_id == file_id)
    answer_alert(alert_id=alert.id, answer="转发热门诊,排除", scope=EVERYTHING, by=CADRE, at=on(1, 28, 10))
    page = story(file_id, on(1, 28, 12))
    told = page.alerts[0]
    assert (told.code, told.answer, told.answered_by_name) == ("fever", "转发热门诊,排除", "谭书记")
    reading = next(one for d in page.days for cell in d.cells for one in cell.checks)
    assert (reading.deci, reading.note, reading.abnormal) == (382, "头痛一天", True)
    kept = rows("select note_sealed from observation_dailycheck where id = %s", reading.id)[0][0]
    assert "头痛".encode() not in bytes(kept)


def test_the_story_ends_with_the_release_and_stays_to_be_read(town: LongshaTown, file_id: UUID) -> None:
    watch(town, file_id, LAST)
    end = midnight_after(LAST)
    release_file(file_id=file_id, scope=EVERYTHING, pack_of=town.pack_of, by=CLERK, at=end)
    page = story(file_id, end + timedelta(days=30))
    assert (page.file.state, page.file.actual_ended_at) == ("released", end)
    assert page.events[-1].kind == "released"
    assert page.events[-1].decision["revision"] == str(town.revision_id)
    assert len([d for d in page.days if d.signed_by]) == 21
    assert [row.id for row in files_of_person(EVERYTHING, page.file.person_id)] == [file_id]
    assert not broken_chains()


def test_the_file_prints_to_a4_as_the_paper_form_did(town: LongshaTown, file_id: UUID) -> None:
    """Fourteen days, morning and evening, readings and signatures; a corrected reading stays, struck."""
    watch(town, file_id, LAST_OF_14)
    day = next(d for d in story(file_id, on(1, 31)).days if d.day == date(2020, 1, 29))
    wrong = day.cells[0].checks[0]
    _correct(town, wrong.id, check(file_id, wrong.taken_at, 369), "看错体温计")
    made = print_file(EVERYTHING, file_id, by=CLERK, at=on(2, 11, 9))
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    for page in pages:
        width, height = sorted(float(side) for side in (page.mediabox.width, page.mediabox.height))
        assert (round(width), round(height)) == (595, 842), "A4"
    text = "".join("".join(page.extract_text().split()) for page in pages)
    assert person(EVERYTHING, story(file_id, on(2, 11)).file.person_id).name in text
    for said in ("36.9", "看错体温计", *(signer.name for signer in SIGNERS)):
        assert said in text, said
    for number in range(1, 15):
        assert f"{(RETURN + timedelta(days=number)).day}日" in text


def test_the_released_hold_a_certificate_from_the_same_moment(town: LongshaTown, file_id: UUID) -> None:
    watch(town, file_id, LAST)
    end = midnight_after(LAST)
    with pytest.raises(Refused, match="release-refused"):
        release_with_certificate(file_id=file_id, scope=EVERYTHING, by=CLERK, at=end - timedelta(minutes=1))
    assert papers_of(EVERYTHING, "observation-file", file_id) == []
    paper_id = release_with_certificate(file_id=file_id, scope=EVERYTHING, by=CLERK, at=end)
    assert verify_paper(token_of(EVERYTHING, paper_id)).status == "valid"
    made = paper_pdf(EVERYTHING, paper_id, by=CLERK, at=end)
    text = "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(made)).pages)
    assert "解除" in text


def test_the_file_of_another_village_does_not_exist(town: LongshaTown, file_id: UUID) -> None:
    area = story(file_id, on(1, 28)).file.area
    other = next(row[0] for row in rows("select distinct area from people_person") if row[0] != area)
    stranger = Scope("u", (Grant("village-doctor", other, frozenset({"observation.view"})),))
    with pytest.raises(Refused, match="file-not-found"):
        file_page(stranger, file_id, on(1, 28))
