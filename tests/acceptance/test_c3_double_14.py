"""C3 Double-14: fourteen days central with tests, hand-over to a home team, fourteen at home with tests."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from shouwang.journal.queries import broken_chains
from shouwang.journeys.bring_home import ask_home, receive_home
from shouwang.journeys.enter_results import enter_results
from shouwang.journeys.release_person import release_with_certificate
from shouwang.journeys.send_on import send_on
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.observation.actions import (
    ResultCommand,
    SampleCommand,
    answer_alert,
    correct_result,
    extend_file,
    record_result,
    record_sample,
    reject_hand_over,
    restart_file,
    send_samples,
)
from shouwang.observation.queries import (
    duties,
    file_page,
    files_of_person,
    hand_over_requests,
    laboratory_by_ids,
    laboratory_of_files,
    laboratory_tests,
    moved_on,
    open_alerts,
    release_verdict,
    verify_checks,
)
from shouwang.people.queries import person
from shouwang.policy.queries import pack_of
from tests.acceptance.conftest import EVERYTHING
from tests.acceptance.rongchang import (
    HOME_STAFF,
    SITE_STAFF,
    Rongchang,
    arrive,
    checked,
    checked_through,
    file,
    listed,
    on,
    resulted,
    sampled,
    swabbed,
)

ENTERED = on(1, 31, 10)


def brought_home(place: Rongchang, file_id: UUID, at: datetime) -> None:
    """Asked by the site, accepted by the home village."""
    request = ask_home(file_id=file_id, reason="第14天期满", scope=place.site_scope, by=SITE_STAFF, at=at)
    receive_home(request_id=request, scope=place.home_scope, by=HOME_STAFF, at=at)


def through_the_first_14(place: Rongchang, file_id: UUID) -> None:
    """31 January to 13 February in the site, both tests negative, then home on the evening of day 14."""
    checked_through(file_id, date(2020, 1, 31), date(2020, 2, 13))
    swabbed(file_id, on(1, 31, 11))
    swabbed(file_id, on(2, 13, 9))
    brought_home(place, file_id, on(2, 13, 18))


# -- the case of 14 February ----------------------------------------------------------------------------


def test_the_case_of_14_february_is_found_in_the_second_14(place: Rongchang) -> None:
    (file_id,) = arrive(place, 1, ENTERED)
    assert file(file_id).stage == "facility"
    through_the_first_14(place, file_id)
    assert [row.outcome for row in laboratory_of_files(EVERYTHING, [file_id])[file_id]][:2] == [
        "negative"
    ] * 2

    at_home = file(file_id)
    assert (at_home.area, at_home.owner_id, at_home.stage) == (place.home, place.cadre, "home")
    assert checked(file_id, on(2, 14, 9), 376, symptoms=("cough",)) == ("fever",)
    extra = sampled(file_id, on(2, 14, 10), "RC0214-01")
    receipt = resulted(extra.duty_id, "positive", on(2, 14, 16))
    assert receipt.alerts == ("positive-test",)
    alarm = next(a for a in open_alerts(EVERYTHING) if a.code == "positive-test")
    assert (alarm.severity, alarm.area, alarm.raised_at) == ("urgent", place.home, on(2, 14, 16))

    send_on(
        file_id=file_id,
        event="tested-positive",
        to="区人民医院",
        reason="核酸阳性",
        scope=place.home_scope,
        by=HOME_STAFF,
        at=on(2, 14, 17),
    )
    (left,) = moved_on(EVERYTHING, since=on(2, 14, 0), until=on(2, 15, 0))
    assert (left.stage, left.day_no, left.event, left.to) == ("home", 15, "tested-positive", "区人民医院")
    assert [(why["found"], why["day"]) for why in left.because] == [("positive", "2020-02-14")]
    assert left.household_id is not None, "whom they lived with is for the room of cases to ask"
    assert file(file_id).state == "transferred"
    assert listed("due", on(2, 14, 18)) == {}, "nothing is owed by whoever is in hospital"


@pytest.mark.parametrize(
    ("entered", "stage", "day_no"),
    [
        (on(1, 30, 23, 59), "home", 16),
        (on(1, 31, 0, 0), "home", 15),
        (on(1, 31, 0, 1), "home", 15),
        (on(1, 31, 23, 59), "home", 15),
        (on(2, 1, 0, 0), "facility", 14),
    ],
)
def test_the_second_14_begins_at_midnight_after_the_fourteenth_local_day(
    place: Rongchang, entered: datetime, stage: str, day_no: int
) -> None:
    (file_id,) = arrive(place, 1, entered)
    day = next(d for d in file_page(EVERYTHING, file_id, on(2, 14)).days if d.day == date(2020, 2, 14))
    assert (day.stage, day.day_no) == (stage, day_no)


# -- test duties ----------------------------------------------------------------------------------------


def test_the_tests_of_both_stages_are_duties_with_a_deadline_from_the_day_somebody_is_found(
    place: Rongchang,
) -> None:
    files = arrive(place, 60, ENTERED)
    for file_id, rows in laboratory_of_files(EVERYTHING, files).items():
        assert [(r.day_no, r.stage, r.due_at) for r in rows] == [
            (1, "facility", on(1, 31, 20)),
            (14, "facility", on(2, 13, 20)),
            (21, "home", on(2, 20, 20)),
            (28, "home", on(2, 27, 20)),
        ], file_id
    assert set(listed("due", on(1, 31, 12))) == set(files)
    assert listed("late", on(1, 31, 20)) == {}, "at the deadline itself it is not late"
    assert set(listed("late", on(1, 31, 20, 1))) == set(files)
    owed = duties(EVERYTHING, on(1, 31, 12), area=place.site[:6], tests=True, limit=500)
    on_the_list = [duty for duty in owed if duty.kind == "test"]
    assert {d.file_id for d in on_the_list} == set(files)
    assert {(d.channel, d.due_at, d.test_kind) for d in on_the_list} == {("test", on(1, 31, 20), "pcr")}


def test_a_missed_test_is_late_until_a_later_one_and_stays_missed(place: Rongchang) -> None:
    (file_id,) = arrive(place, 1, ENTERED)
    assert file_id in listed("late", on(2, 5, 9))
    sampled(file_id, on(2, 5, 10))
    assert listed("late", on(2, 5, 11)) == {}
    first, *_ = laboratory_of_files(EVERYTHING, [file_id])[file_id]
    assert (first.day_no, first.state) == (1, "sampled"), "a late sample meets the day that has come"

    (other,) = arrive_more(place)
    sampled(other, on(2, 13, 9))
    states = [(r.day_no, r.state) for r in laboratory_of_files(EVERYTHING, [other])[other]][:2]
    assert states == [(1, "missed"), (14, "sampled")]


def arrive_more(place: Rongchang) -> list[UUID]:
    return arrive(place, 2, ENTERED)[1:]


def test_sampled_sent_and_found_are_three_facts_that_stay(place: Rongchang) -> None:
    (file_id,) = arrive(place, 1, ENTERED)
    taken = sampled(file_id, on(1, 31, 11), "RC0131-01")
    assert listed("awaited", on(1, 31, 12)) == {file_id: "pcr"}
    send_samples(
        duty_ids=[taken.duty_id], lab="区疾控中心", sent_at=on(1, 31, 14), scope=EVERYTHING, by=SITE_STAFF,
        at=on(1, 31, 14),
    )  # fmt: skip
    resulted(taken.duty_id, "negative", on(2, 1, 9))
    row = laboratory_by_ids(EVERYTHING, [taken.duty_id])[taken.duty_id]
    assert (row.state, row.outcome, row.lab, row.label) == ("done", "negative", "区疾控中心", "RC0131-01")
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute("update observation_testfact set outcome = 'positive' where step = 'resulted'")


def test_a_result_is_corrected_by_another_and_both_stay(place: Rongchang) -> None:
    (file_id,) = arrive(place, 1, ENTERED)
    taken = sampled(file_id, on(1, 31, 11))
    wrong = ResultCommand(uuid7(), taken.duty_id, "positive", on(1, 31, 16))
    record_result(item=wrong, scope=EVERYTHING, pack_of=pack_of, by=SITE_STAFF, at=on(1, 31, 16))
    again = record_result(item=wrong, scope=EVERYTHING, pack_of=pack_of, by=SITE_STAFF, at=on(1, 31, 17))
    assert again.status == "replayed"
    right = ResultCommand(uuid7(), taken.duty_id, "negative", on(1, 31, 16))
    with pytest.raises(Refused, match="result-there-already"):
        record_result(item=right, scope=EVERYTHING, pack_of=pack_of, by=SITE_STAFF, at=on(1, 31, 17))
    correct_result(
        fact_id=wrong.id, item=right, reason="录错", scope=EVERYTHING, pack_of=pack_of, by=SITE_STAFF,
        at=on(1, 31, 18),
    )  # fmt: skip
    assert laboratory_by_ids(EVERYTHING, [taken.duty_id])[taken.duty_id].outcome == "negative"
    with pytest.raises(Refused, match="event-without-cause"):
        send_on(
            file_id=file_id, event="tested-positive", to="区人民医院", reason="阳性", scope=EVERYTHING,
            by=SITE_STAFF, at=on(1, 31, 19),
        )  # fmt: skip


def test_an_inconclusive_test_is_due_again_within_the_packs_hours(place: Rongchang) -> None:
    (file_id,) = arrive(place, 1, ENTERED)
    receipt = swabbed(file_id, on(1, 31, 11), "inconclusive")
    assert receipt.repeat_due_at == on(2, 1, 14)
    assert listed("late", on(2, 1, 14, 1)) == {file_id: "pcr"}
    swabbed(file_id, on(2, 1, 15))
    assert listed("late", on(2, 1, 20)) == {}


def test_a_list_of_the_laboratory_accounts_for_every_row(place: Rongchang, tmp_path: Path) -> None:
    files = arrive(place, 40, ENTERED)
    for n, file_id in enumerate(files):
        sampled(file_id, on(1, 31, 11), f"RC{n:04d}")
    names = [person(EVERYTHING, file(f).person_id).name for f in files]
    lines = ["区疾控中心核酸检测结果", "序号,样本编号,姓名,检测结果,检测时间"]
    lines += [f"{n},RC{n:04d},{names[n]},{'阳性' if n == 7 else '阴性'},2020-02-01 08:00" for n in range(38)]
    lines += ["39,RC0000," + names[0] + ",阴性,2020-02-01 08:00", "40,XX9999,某人,阴性,2020-02-01 08:00"]
    lines += ["41,RC0038,别人,阴性,2020-02-01 08:00", "42,RC0039," + names[39] + ",待定,2020-02-01 08:00"]
    sheet = tmp_path / "结果.csv"
    sheet.write_text("\n".join(lines), "utf-8")
    asked = {"path": sheet, "file_name": "结果.csv", "scope": EVERYTHING, "by": SITE_STAFF, "at": on(2, 1, 9)}
    assert enter_results(**asked, dry_run=True).count("accepted") == 38  # type: ignore[arg-type]
    receipt = enter_results(**asked)  # type: ignore[arg-type]
    assert receipt.accounts
    assert [receipt.count(s) for s in ("accepted", "duplicate", "rejected")] == [38, 1, 3]
    assert [row.code for row in receipt.rows if row.state == "rejected"] == [
        "label-unknown",
        "name-differs",
        "outcome-unreadable",
    ]
    assert (receipt.positives, receipt.alerts) == (1, 1)
    again = enter_results(**asked)  # type: ignore[arg-type]
    assert [again.count(s) for s in ("accepted", "duplicate", "rejected")] == [0, 39, 3]
    assert len(laboratory_tests(EVERYTHING, "found", on(2, 1, 9), limit=100)) == 38
    assert len([a for a in open_alerts(EVERYTHING) if a.code == "positive-test"]) == 1


# -- from the site to the home team ---------------------------------------------------------------------


def test_at_no_moment_of_the_hand_over_is_there_nobody_or_nothing_due(place: Rongchang) -> None:
    (file_id,) = arrive(place, 1, ENTERED)
    at_site = file(file_id)
    assert (at_site.area, at_site.owner_id) == (place.site, place.head)
    assert person(EVERYTHING, at_site.person_id).area == place.site
    checked_through(file_id, date(2020, 1, 31), date(2020, 2, 13))
    swabbed(file_id, on(1, 31, 11))
    request = ask_home(
        file_id=file_id, reason="期满", scope=place.site_scope, by=SITE_STAFF, at=on(2, 13, 17, 30)
    )
    waiting = file(file_id)
    assert (waiting.area, waiting.owner_id) == (place.site, place.head), "until accepted the site answers"
    assert waiting.next_due_at is not None
    receive_home(request_id=request, scope=place.home_scope, by=HOME_STAFF, at=on(2, 13, 18))
    at_home = file(file_id)
    assert (at_home.area, at_home.owner_id, at_home.stage) == (place.home, place.cadre, "home")
    assert at_home.next_due_at == on(2, 14, 10)
    assert person(EVERYTHING, at_home.person_id).area == place.home
    assert {row.area for row in laboratory_of_files(EVERYTHING, [file_id])[file_id]} == {place.home}
    assert [p for p in verify_checks(on(2, 13, 19)) if not p.ok] == []
    assert broken_chains() == []


def test_the_receiving_side_may_reject_with_a_reason_and_the_person_stays_watched(place: Rongchang) -> None:
    (file_id,) = arrive(place, 1, ENTERED)
    checked_through(file_id, date(2020, 1, 31), date(2020, 2, 13))
    swabbed(file_id, on(1, 31, 11))
    at = on(2, 13, 18)
    request = ask_home(file_id=file_id, reason="期满", scope=place.site_scope, by=SITE_STAFF, at=at)
    with pytest.raises(Refused, match="already-asked"):
        ask_home(file_id=file_id, reason="期满", scope=place.site_scope, by=SITE_STAFF, at=at)
    with pytest.raises(Refused, match="not-permitted"):
        receive_home(request_id=request, scope=place.site_scope, by=SITE_STAFF, at=at)
    with pytest.raises(Refused, match="reason-missing"):
        reject_hand_over(request_id=request, note=" ", scope=place.home_scope, by=HOME_STAFF, at=at)
    reject_hand_over(request_id=request, note="家中有孕妇", scope=place.home_scope, by=HOME_STAFF, at=at)
    assert (file(file_id).area, file(file_id).owner_id) == (place.site, place.head)
    with pytest.raises(Refused, match="request-closed"):
        receive_home(request_id=request, scope=place.home_scope, by=HOME_STAFF, at=at)
    brought_home(place, file_id, on(2, 14, 8))
    assert file(file_id).area == place.home


def test_the_sender_keeps_sight_of_what_became_of_the_person_and_not_of_the_file(place: Rongchang) -> None:
    (file_id,) = arrive(place, 1, ENTERED)
    through_the_first_14(place, file_id)
    checked(file_id, on(2, 14, 9), 378)
    (sent,) = hand_over_requests(place.site_scope, waiting=False)
    assert (sent.state, sent.file_state, sent.is_mine) == ("accepted", "open", False)
    assert sent.last_check_at == on(2, 14, 9)
    with pytest.raises(Refused, match="file-not-found"):
        file_page(place.site_scope, file_id, on(2, 14, 10))
    assert file_page(place.home_scope, file_id, on(2, 14, 10)).file.id == file_id


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        ("nothing", "leave-condition-not-met"),
        ("early", "stage-not-over"),
        ("positive", "tested-positive"),
        ("fever", "leave-condition-not-met"),
    ],
)
def test_nobody_goes_home_before_the_stage_is_over_and_its_condition_holds(
    place: Rongchang, spoil: str, why: str
) -> None:
    (file_id,) = arrive(place, 1, ENTERED)
    if spoil != "nothing":
        swabbed(file_id, on(1, 31, 11), "positive" if spoil == "positive" else "negative")
    last = date(2020, 2, 12) if spoil == "early" else date(2020, 2, 13)
    checked_through(file_id, date(2020, 1, 31), last)
    if spoil == "fever":
        checked(file_id, on(2, 13, 17, 30), 380)
    with pytest.raises(Refused, match="stage-refused") as refused:
        ask_home(file_id=file_id, reason="期满", scope=place.site_scope, by=SITE_STAFF, at=on(2, 13, 18))
    assert why in str(refused.value.params["reasons"])


def test_an_alarm_between_asking_and_accepting_keeps_the_person_where_they_are(place: Rongchang) -> None:
    (file_id,) = arrive(place, 1, ENTERED)
    checked_through(file_id, date(2020, 1, 31), date(2020, 2, 13))
    swabbed(file_id, on(1, 31, 11))
    request = ask_home(
        file_id=file_id, reason="期满", scope=place.site_scope, by=SITE_STAFF, at=on(2, 13, 17, 30)
    )
    checked(file_id, on(2, 13, 17, 45), 379)
    with pytest.raises(Refused, match="stage-refused"):
        receive_home(request_id=request, scope=place.home_scope, by=HOME_STAFF, at=on(2, 13, 18))
    assert (file(file_id).area, file(file_id).owner_id) == (place.site, place.head)


# -- the clock, and the end -----------------------------------------------------------------------------


def test_a_new_exposure_restarts_the_clock_and_its_tests(place: Rongchang) -> None:
    (file_id,) = arrive(place, 1, ENTERED)
    swabbed(file_id, on(1, 31, 11))
    restart_file(
        file_id=file_id, event="same-room-positive", on=date(2020, 2, 5), reason="同室阳性", scope=EVERYTHING,
        pack_of=pack_of, by=SITE_STAFF, at=on(2, 5, 21),
    )  # fmt: skip
    rows = laboratory_of_files(EVERYTHING, [file_id])[file_id]
    assert [(r.day, r.state) for r in rows] == [
        (date(2020, 1, 31), "done"),
        (date(2020, 2, 6), "due"),
        (date(2020, 2, 19), "due"),
        (date(2020, 2, 26), "due"),
        (date(2020, 3, 4), "due"),
    ]
    verdict = release_verdict(EVERYTHING, file_id, pack_of(file(file_id).revision_id), on(2, 5, 22))
    told = [r.params for r in verdict.reasons if "tests-negative-at-least" in str(r.params)]
    assert [param["verdict"] for param in told] == ["false"], "a test before the exposure clears nobody"
    assert [p for p in verify_checks(on(2, 5, 22)) if not p.ok] == []


def test_an_extension_asks_for_no_test_the_pack_does_not_name(place: Rongchang) -> None:
    (file_id,) = arrive(place, 1, ENTERED)
    extend_file(
        file_id=file_id, until=date(2020, 3, 5), reason="同户发热", scope=EVERYTHING, by=SITE_STAFF,
        at=on(2, 1, 9),
    )  # fmt: skip
    assert [row.day_no for row in laboratory_of_files(EVERYTHING, [file_id])[file_id]] == [1, 14, 21, 28]


def test_after_28_days_and_its_negatives_the_rule_releases_and_the_certificate_is_the_same(
    place: Rongchang,
) -> None:
    (file_id,) = arrive(place, 1, ENTERED)
    through_the_first_14(place, file_id)
    checked_through(file_id, date(2020, 2, 14), date(2020, 2, 27))
    waiting = sampled(file_id, on(2, 27, 9))
    end = on(2, 28, 0)
    pack = pack_of(file(file_id).revision_id)
    assert not release_verdict(EVERYTHING, file_id, pack, end - timedelta(minutes=1))
    assert [r.code for r in release_verdict(EVERYTHING, file_id, pack, end).reasons] == ["test-awaited"]
    resulted(waiting.duty_id, "negative", on(2, 27, 22))
    paper = release_with_certificate(file_id=file_id, scope=EVERYTHING, by=HOME_STAFF, at=end)
    assert paper
    assert file(file_id).state == "released"
    assert files_of_person(EVERYTHING, file(file_id).person_id)[0].actual_ended_at == end


def test_nobody_is_released_on_a_positive_or_with_too_few_negatives(place: Rongchang) -> None:
    one, two = arrive(place, 2, ENTERED)
    for file_id, outcome in ((one, "negative"), (two, "positive")):
        checked_through(file_id, date(2020, 1, 31), date(2020, 2, 27))
        swabbed(file_id, on(1, 31, 11))
        swabbed(file_id, on(1, 31, 15))
        if outcome == "positive":
            swabbed(file_id, on(2, 13, 9))
            swabbed(file_id, on(2, 20, 9), outcome)
            for alarm in open_alerts(EVERYTHING):
                answer_alert(
                    alert_id=alarm.id, answer="已报告", scope=EVERYTHING, by=SITE_STAFF, at=on(2, 20, 13)
                )
    pack = pack_of(file(one).revision_id)
    few, positive = (release_verdict(EVERYTHING, f, pack, on(2, 28, 9)) for f in (one, two))
    assert "release-condition-not-met" in {r.code for r in few.reasons}, "two samples of one day are one"
    assert "tested-positive" in {r.code for r in positive.reasons}


def test_a_sample_sent_twice_is_one_sample_and_with_other_content_is_refused(place: Rongchang) -> None:
    (file_id,) = arrive(place, 1, ENTERED)
    item = SampleCommand(uuid7(), file_id, "pcr", on(1, 31, 11), label="RC1")
    first = record_sample(item=item, scope=EVERYTHING, pack_of=pack_of, by=SITE_STAFF, at=on(1, 31, 11))
    second = record_sample(item=item, scope=EVERYTHING, pack_of=pack_of, by=SITE_STAFF, at=on(1, 31, 12))
    assert (first.duty_id, second.status) == (second.duty_id, "replayed")
    other = SampleCommand(item.id, file_id, "pcr", on(1, 31, 11), label="RC2")
    with pytest.raises(Refused, match="id-conflict"):
        record_sample(item=other, scope=EVERYTHING, pack_of=pack_of, by=SITE_STAFF, at=on(1, 31, 12))
