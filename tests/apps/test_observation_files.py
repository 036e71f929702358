"""The life of a file: signed days, corrections, extension, hand-over, release by rule and by two persons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from shouwang.journal.queries import broken_chains, event_count
from shouwang.journeys.escalate import escalate
from shouwang.kernel.actor import SYSTEM, Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Grant, Scope
from shouwang.observation.actions import (
    answer_alert,
    ask_early_release,
    correct_check,
    countersign_check,
    decide_early_release,
    end_file,
    extend_file,
    hand_over,
    open_files,
    release_file,
    restart_file,
    sign_day,
)
from shouwang.observation.models import Alert, HandOver
from shouwang.observation.queries import (
    duties,
    figures,
    figures_by_village,
    file_page,
    files_of_person,
    late_count,
    late_files,
    open_alerts,
    quorum_gaps,
    release_due,
    verify_checks,
)
from shouwang.observation.rules import slot_no
from shouwang.workforce.models import Worker
from tests.apps.observing import (
    CADRE,
    COMMANDER,
    DOCTOR,
    EVERYWHERE,
    OTHER_VILLAGE,
    VILLAGE,
    check,
    file,
    make_ground,
    new_file,
    open_some,
    pack_of,
    record,
    village_scope,
    when,
)

pytestmark = pytest.mark.django_db
ZONE = "Asia/Shanghai"


def _verified(at: object = None) -> None:
    assert [p for p in verify_checks(at or when(9, 13)) if not p.ok] == []  # type: ignore[arg-type]
    assert broken_chains() == []


def test_a_thousand_files_open_together_with_one_event() -> None:
    ground = make_ground(1046)
    files = [new_file(ground, person) for person in ground.people]
    events = event_count()
    opened = open_files(files=files, by=SYSTEM, at=when(1))
    assert (len(opened.files), event_count() - events) == (1046, 1)
    again = open_files(files=[replace(f, id=uuid7()) for f in files], by=SYSTEM, at=when(1, 10))
    assert (again.files, len(again.already)) == ((), 1046), "nobody gets a second open file"
    _verified()


def test_a_restriction_without_its_reason_is_refused_by_the_database() -> None:
    ground = make_ground(1)
    with pytest.raises(Refused, match="restriction-without-grounds"):
        open_files(files=[new_file(ground, ground.people[0], reason="")], by=SYSTEM, at=when(1))
    row = file(open_some(ground)[0])
    row.reason = ""
    with pytest.raises(IntegrityError, match="restriction_grounds"), transaction.atomic():
        row.save()


@pytest.mark.parametrize("lacking", [{"owner_id": None}, {"next_due_at": None}])
def test_the_database_refuses_an_open_file_without_owner_or_next_due_time(lacking: dict[str, None]) -> None:
    [one] = open_some(make_ground(1))
    row = file(one)
    for name, value in lacking.items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError, match="never_alone"), transaction.atomic():
        row.save()


def test_a_file_found_late_says_so_and_ends_after_one_check() -> None:
    [one] = open_some(make_ground(1), date(2020, 1, 5))
    row = file(one)
    assert (row.found_late, row.stage) == (True, "found-late")
    assert row.next_due_at == when(1, 20)
    with pytest.raises(Refused, match="never-checked"):
        release_file(file_id=one, scope=EVERYWHERE, pack_of=pack_of, by=CADRE, at=when(2, 9))
    assert record([check(one, when(1, 18))], when(1, 18))[0].next_due_at == when(2, 12)
    release_file(file_id=one, scope=EVERYWHERE, pack_of=pack_of, by=CADRE, at=when(2, 9))
    assert file(one).state == "released"
    _verified()


def test_a_correction_is_a_new_row_with_a_reason_and_the_old_one_stays() -> None:
    [one] = open_some(make_ground(1))
    wrong = check(one, when(1, 10), 391)
    record([wrong], when(1, 10, 1))
    right = check(one, when(1, 10), 361)
    with pytest.raises(Refused, match="reason-missing"):
        _correct(wrong.id, right, " ")
    _correct(wrong.id, right, "小数点看错")
    row = file(one)
    assert (row.last_deci, row.last_abnormal, row.last_slot) == (361, False, slot_no(date(2020, 2, 1), 0))
    page = file_page(EVERYWHERE, one, when(1, 12))
    [cell] = [c for day in page.days for c in day.cells if c.checks]
    assert [(c.deci, c.corrected_by is None, c.correct_reason) for c in cell.checks] == [
        (391, False, ""),
        (361, True, "小数点看错"),
    ]
    assert [a.code for a in page.alerts] == ["fever"], "an alert stays until somebody answers it"
    with pytest.raises(Refused, match="check-corrected-already"):
        _correct(wrong.id, check(one, when(1, 10), 362), "again")
    assert _correct(wrong.id, right, "小数点看错").status == "replayed"
    _verified()


def _correct(check_id: UUID, item: object, reason: str, at: object = None) -> object:
    return correct_check(
        check_id=check_id,
        item=item,  # type: ignore[arg-type]
        reason=reason,
        scope=EVERYWHERE,
        pack_of=pack_of,
        by=DOCTOR,
        at=at or when(1, 10, 5),  # type: ignore[arg-type]
    )


def test_a_check_corrected_to_nobody_at_home_makes_the_duty_due_again() -> None:
    [one] = open_some(make_ground(1))
    item = check(one, when(1, 10))
    record([item], when(1, 10, 1))
    assert file(one).next_due_at == when(1, 20)
    _correct(item.id, check(one, when(1, 10), None, outcome="not-home", seen="nobody"), "隔壁的人")
    row = file(one)
    assert (row.last_slot, row.next_due_at) == (None, when(1, 12))
    _verified()


def test_a_signed_day_is_never_changed_only_corrected_with_a_reason() -> None:
    [one] = open_some(make_ground(1))
    item = check(one, when(1, 10))
    with pytest.raises(Refused, match="day-without-check"):
        sign_day(file_id=one, day=date(2020, 2, 1), scope=EVERYWHERE, by=CADRE, at=when(1, 20))
    record([item], when(1, 10, 1))
    sign_day(file_id=one, day=date(2020, 2, 1), scope=EVERYWHERE, by=CADRE, at=when(1, 20))
    with pytest.raises(Refused, match="day-signed"):
        sign_day(file_id=one, day=date(2020, 2, 1), scope=EVERYWHERE, by=DOCTOR, at=when(1, 21))
    late = check(one, when(1, 18))
    assert record([late], when(2, 8))[0].code == "day-signed"
    assert record([replace(late, reason="手机没有信号")], when(2, 8))[0].status == "recorded"
    _correct(item.id, check(one, when(1, 10), 362), "看错", when(2, 8))
    page = file_page(EVERYWHERE, one, when(2, 9))
    assert next(d for d in page.days if d.day == date(2020, 2, 1)).signed_by == CADRE.name
    _verified()


def test_a_countersign_is_somebody_elses() -> None:
    [one] = open_some(make_ground(1))
    item = check(one, when(1, 10))
    record([item], when(1, 10, 1))
    with pytest.raises(Refused, match="own-check"):
        countersign_check(check_id=item.id, scope=EVERYWHERE, by=DOCTOR, at=when(1, 11))
    countersign_check(check_id=item.id, scope=EVERYWHERE, by=CADRE, at=when(1, 11))
    with pytest.raises(Refused, match="check-signed"):
        countersign_check(check_id=item.id, scope=EVERYWHERE, by=COMMANDER, at=when(1, 12))
    with pytest.raises(Refused, match="not-permitted"):
        countersign_check(check_id=item.id, scope=village_scope(), by=COMMANDER, at=when(1, 12))


def test_an_extension_stands_beside_the_planned_end_with_its_reason() -> None:
    [one] = open_some(make_ground(1))
    until = date(2020, 2, 20)
    with pytest.raises(Refused, match="reason-missing"):
        extend_file(file_id=one, until=until, reason="", scope=EVERYWHERE, by=CADRE, at=when(5))
    extend_file(file_id=one, until=until, reason="同户确诊", scope=EVERYWHERE, by=CADRE, at=when(5))
    row = file(one)
    assert (row.planned_last_day, row.ordered_last_day) == (date(2020, 2, 15), until)
    assert row.actual_ended_at is None
    assert row.expires_at == when(21, 0)
    with pytest.raises(Refused, match="not-an-extension"):
        extend_file(file_id=one, until=date(2020, 2, 18), reason="r", scope=EVERYWHERE, by=CADRE, at=when(5))
    [event] = file_page(EVERYWHERE, one, when(5)).events
    assert (event.kind, event.reason, event.by_name) == ("extended", "同户确诊", CADRE.name)
    _verified()


def test_a_new_exposure_restarts_the_count_and_keeps_what_was_done() -> None:
    [one] = open_some(make_ground(1))
    record([check(one, when(5, 10))], when(5, 10, 1))
    restart_file(
        file_id=one, event="new-exposure", on=date(2020, 2, 4), reason="同户确诊", scope=EVERYWHERE,
        pack_of=pack_of, by=CADRE, at=when(5, 11),
    )  # fmt: skip
    row = file(one)
    assert (row.day_zero, row.planned_last_day) == (date(2020, 2, 4), date(2020, 2, 25))
    assert row.next_due_at == when(5, 20)
    _verified()


def test_a_hand_over_leaves_no_moment_without_an_owner() -> None:
    ground = make_ground(3)
    files = open_some(ground)
    other = Worker.objects.create(area=VILLAGE, name="向书记", since=when(1))
    assert hand_over(
        file_ids=files[:2], to_owner=other.id, reason="换班", scope=EVERYWHERE, by=CADRE, at=when(3)
    ) == 2  # fmt: skip
    assert file(files[0]).owner_id == other.id
    assert HandOver.objects.unscoped("test").count() == 2
    mine = {d.file_id for d in duties(EVERYWHERE, when(3, 9), owner=other.id)}
    assert mine == set(files[:2])
    with pytest.raises(Refused, match="file-not-found"):
        hand_over(
            file_ids=files,
            to_owner=other.id,
            reason="r",
            scope=village_scope(OTHER_VILLAGE),
            by=CADRE,
            at=when(3),
        )
    _verified()


def _watch(file_id: UUID, until: int, *, first: int = 1) -> None:
    items = [check(file_id, when(day, hour)) for day in range(first, until + 1) for hour in (10, 18)]
    record(items, when(until, 23, 59))


def test_release_by_rule_is_refused_at_2359_of_the_last_day_and_done_at_0000() -> None:
    [one] = open_some(make_ground(1))
    _watch(one, 15)
    row = file(one)
    assert (row.stage, row.next_due_at) == ("release", when(16, 12))
    release = {"file_id": one, "scope": EVERYWHERE, "pack_of": pack_of, "by": CADRE}
    with pytest.raises(Refused, match="release-condition-not-met"):
        release_file(**release, at=when(15, 23, 59))  # type: ignore[arg-type]
    assert release_due(EVERYWHERE, when(15, 23, 59)) == []
    assert release_due(EVERYWHERE, when(16, 0)) == [one]
    release_file(**release, at=when(16, 0))  # type: ignore[arg-type]
    row = file(one)
    assert (row.state, row.actual_ended_at, row.next_due_at) == ("released", when(16, 0), None)
    [event] = file_page(EVERYWHERE, one, when(17)).events
    assert event.decision["allowed"] is True
    assert event.decision["revision"] == str(row.revision_id)
    with pytest.raises(Refused, match="file-closed"):
        release_file(**release, at=when(16, 1))  # type: ignore[arg-type]
    assert record([check(one, when(17, 9))], when(17, 9))[0].code == "file-closed"
    before = record([check(one, when(15, 19), 379)], when(17, 9))[0]
    assert (before.status, before.alerts) == ("recorded", ("fever",)), (
        "what was seen before the end still counts"
    )
    _verified(when(17))


def test_an_open_alert_holds_up_the_release_until_it_is_answered() -> None:
    [one] = open_some(make_ground(1))
    _watch(one, 14)
    record([check(one, when(15, 10), 381), check(one, when(15, 19), 365)], when(15, 19))
    release = {"file_id": one, "scope": EVERYWHERE, "pack_of": pack_of, "by": CADRE, "at": when(16, 9)}
    with pytest.raises(Refused, match="release-refused"):
        release_file(**release)  # type: ignore[arg-type]
    [alert] = open_alerts(EVERYWHERE)
    answer_alert(alert_id=alert.id, answer="送发热门诊,排除", scope=EVERYWHERE, by=DOCTOR, at=when(16, 8))
    assert open_alerts(EVERYWHERE) == []
    release_file(**release)  # type: ignore[arg-type]
    _verified(when(16, 9))


def test_early_release_takes_two_persons_and_a_payload_that_did_not_change() -> None:
    one, two = open_some(make_ground(2))
    record([check(one, when(1, 10)), check(two, when(1, 10))], when(1, 10, 1))
    asked = ask_early_release(file_id=one, reason="两次阴性", scope=EVERYWHERE, by=CADRE, at=when(2))
    decide = {"approval_id": asked, "approve": True, "scope": EVERYWHERE, "at": when(2, 10)}
    with pytest.raises(Refused, match="second-person-needed"):
        decide_early_release(**decide, by=CADRE)  # type: ignore[arg-type]
    assert file(one).state == "open"
    decide_early_release(**decide, by=COMMANDER)  # type: ignore[arg-type]
    assert (file(one).state, file(one).end_reason) == ("released-early", "两次阴性")
    changed = ask_early_release(file_id=two, reason="两次阴性", scope=EVERYWHERE, by=CADRE, at=when(2))
    extend_file(file_id=two, until=date(2020, 2, 20), reason="r", scope=EVERYWHERE, by=CADRE, at=when(2, 9))
    with pytest.raises(Refused, match="payload-outdated"):
        decide_early_release(**decide | {"approval_id": changed}, by=COMMANDER)  # type: ignore[arg-type]
    assert file(two).state == "open"
    clerk = Scope("clerk", (Grant("town-clerk", VILLAGE, frozenset({"observation.view"})),))
    with pytest.raises(Refused, match="not-permitted"):
        ask_early_release(file_id=two, reason="r", scope=clerk, by=CADRE, at=when(2))
    _verified()


def test_a_household_that_moved_ends_its_file_with_a_reason() -> None:
    ground = make_ground(1)
    [one] = open_some(ground)
    end_file(file_id=one, state="moved", reason="迁往县城", scope=EVERYWHERE, by=CADRE, at=when(3))
    [row] = files_of_person(EVERYWHERE, ground.people[0])
    assert (row.state, row.end_reason) == ("moved", "迁往县城")
    assert open_some(ground), "a new file can be opened"
    _verified()


def test_an_unanswered_alert_climbs_at_each_of_its_minutes_and_two_ticks_do_it_once() -> None:
    [one] = open_some(make_ground(1))
    record([check(one, when(1, 10), 385)], when(1, 10, 1))
    tick = {"by": SYSTEM}
    assert escalate(**tick, at=when(1, 10, 30)) == []
    [climbed] = escalate(**tick, at=when(1, 10, 31))
    assert (climbed.level, climbed.tell) == (1, ["medic", "town-cadre"])
    assert escalate(**tick, at=when(1, 10, 31)) == []
    [again] = escalate(**tick, at=when(1, 12))
    assert again.level == 2
    assert Alert.objects.unscoped("test").get().next_climb_at is None


def test_duties_come_late_first_then_calls_before_doors_and_page_without_gap() -> None:
    doors = open_some(make_ground(5))
    calls = open_some(make_ground(5), protocol="advice-14")
    record([check(f, when(1, 10)) for f in doors[:4]], when(1, 10, 1))
    at = when(1, 13)
    rows = duties(EVERYWHERE, at)
    assert [r.file_id for r in rows[:1]] == doors[4:]
    assert (rows[0].late_seconds, rows[0].kind, rows[0].channel) == (3600, "check", "visit")
    assert (rows[0].day_no, rows[0].kind) == (7, "check")
    assert {r.file_id for r in rows[1:6]} == set(calls)
    assert {r.file_id for r in rows[6:]} == set(doors[:4])
    paged, after = [], ""
    while page := duties(EVERYWHERE, at, limit=3, after=after):
        paged += page
        after = page[-1].cursor
    assert paged == rows
    assert [r.file_id for r in late_files(EVERYWHERE, at)] == doors[4:]
    assert late_count(EVERYWHERE, at).number == 1
    assert duties(village_scope(OTHER_VILLAGE), at) == []
    assert len(duties(village_scope(), at)) == 10


def test_late_begins_a_moment_after_the_deadline_without_any_job() -> None:
    open_some(make_ground(1))
    assert late_count(EVERYWHERE, when(1, 12)).number == 0
    assert late_count(EVERYWHERE, when(1, 12, 0, 1)).number == 1
    assert figures(EVERYWHERE, when(1, 12, 1), zone=ZONE).late == 1


def test_the_figures_of_a_village_are_people() -> None:
    files = open_some(make_ground(4))
    others = open_some(make_ground(2, area=OTHER_VILLAGE))
    record([check(f, when(1, h)) for f in files[:2] for h in (10, 18)], when(1, 18, 1))
    record([check(files[2], when(1, 10), 390)], when(1, 18, 2))
    end_file(file_id=others[0], state="died", reason="r", scope=EVERYWHERE, by=CADRE, at=when(1, 15))
    row = figures(EVERYWHERE, when(1, 21), zone=ZONE, area=VILLAGE)
    assert (row.under_observation, row.due, row.done, row.late, row.alerts) == (4, 2, 2, 2, 1)
    assert row.oldest_alert_at == when(1, 18, 2)
    villages = figures_by_village(EVERYWHERE, when(1, 21), zone=ZONE)
    assert [(v.area, v.under_observation, v.course[-2:]) for v in villages] == [
        (VILLAGE, 4, (0, 4)),
        (OTHER_VILLAGE, 1, (0, 1)),
    ]
    assert figures(village_scope(OTHER_VILLAGE), when(1, 21), zone=ZONE).under_observation == 1


def test_a_quorum_not_met_is_seen_on_the_day() -> None:
    one, two = open_some(make_ground(2))
    day = date(2020, 2, 1)
    record(
        [
            check(one, when(1, 10), roles=("medic", "police")),
            check(two, when(1, 10), roles=("medic",)),
            check(two, when(1, 18), roles=("police",), channel="phone"),
        ],
        when(1, 18),
    )
    [gap] = quorum_gaps(EVERYWHERE, day)
    assert (gap.file_id, gap.came, gap.must) == (two, 1, 2)
    [row] = [d for d in file_page(EVERYWHERE, two, when(1, 20)).days if d.day == day]
    assert (row.quorum_came, row.quorum_must) == (1, 2)
    assert len(quorum_gaps(EVERYWHERE, day + timedelta(days=1))) == 2
    assert quorum_gaps(village_scope(OTHER_VILLAGE), day) == []


def test_the_page_of_a_file_shows_every_slot_as_it_came() -> None:
    [one] = open_some(make_ground(1))
    record([check(one, when(2, 10)), check(one, when(2, 21)), check(one, when(3, 13))], when(3, 13))
    page = file_page(EVERYWHERE, one, when(3, 14))
    states = {day.day: [cell.state for cell in day.cells] for day in page.days}
    assert states[date(2020, 1, 31)] == ["before", "before"]
    assert states[date(2020, 2, 1)] == ["missed", "missed"]
    assert states[date(2020, 2, 2)] == ["done", "done-late"]
    assert states[date(2020, 2, 3)] == ["missed", "done"]
    assert states[date(2020, 2, 4)] == ["ahead", "ahead"]
    assert len(page.days) == 22
    with pytest.raises(Refused, match="file-not-found"):
        file_page(village_scope(OTHER_VILLAGE), one, when(3))


def test_a_note_is_sealed_in_the_table_and_read_on_the_page() -> None:
    [one] = open_some(make_ground(1))
    record([check(one, when(1, 10), note='独居, "怕"冷 \\')], when(1, 10, 1))
    [cell] = [c for day in file_page(EVERYWHERE, one, when(1, 11)).days for c in day.cells if c.checks]
    assert cell.checks[0].note == '独居, "怕"冷 \\'


def test_a_name_with_quotes_and_braces_is_kept_as_written() -> None:
    [one] = open_some(make_ground(1))
    name = 'O"Neil {\\} ,null 冉'
    record([check(one, when(1, 10), measured_by="self", measured_by_name=name)], when(1, 10, 1))
    [cell] = [c for day in file_page(EVERYWHERE, one, when(1, 11)).days for c in day.cells if c.checks]
    assert (cell.checks[0].measured_by, cell.checks[0].measured_by_name) == ("self", name)
    assert Actor("x", name).name == name
