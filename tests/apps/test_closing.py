"""Closing the day: what is left is found, explained, given to somebody, and frozen as it was looked at."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from shouwang.journal.queries import event_count, event_page
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Grant, Scope
from shouwang.observation.queries.counting import Moment, counted_rows
from shouwang.oversight import actions, queries
from shouwang.oversight.rules import DAILY, look_hash
from shouwang.places.actions import load_divisions
from shouwang.policy.actions import adopt_builtin
from tests.apps.observing import EVERYWHERE, VILLAGE, check, make_ground, open_some, record, when

pytestmark = pytest.mark.django_db

TOWN = "500101135"
CADRE = Actor("cadre", "向书记")
DAY = date(2020, 2, 2)
EVENING = when(2, 20, 20)
"""Before 20:30, by when a village closes."""


@pytest.fixture
def files() -> list[UUID]:
    """Five files in one village; checks due at 12:00 and 20:00."""
    load_divisions(county="500101", by=CADRE, at=when(1, 6))
    adopt_builtin(pack_id="cn-2020-longsha", area=TOWN, by=CADRE, at=when(1, 7))
    return open_some(make_ground(5, at=when(1, 8)), at=when(1, 9))


def _explain(kind: str, *, items: list[str] | None = None, area: str = VILLAGE, **more: object) -> int:
    asked = {"command": uuid7(), "reason": "time", "by": CADRE, "at": EVENING} | more
    return actions.explain_items(scope=EVERYWHERE, area=area, day=DAY, kind=kind, items=items, **asked)  # type: ignore[arg-type]


def _explain_all(area: str = VILLAGE, at: datetime = EVENING) -> None:
    look = queries.look_at_day(EVERYWHERE, area, DAY, at)
    for kind in {row.kind for row in look.unexplained}:
        _explain(kind, area=area, at=at)


def _close(area: str = VILLAGE, at: datetime = EVENING, **more: object) -> int:
    look = queries.look_at_day(EVERYWHERE, area, DAY, at)
    asked = {"looked": look_hash(look), "by": CADRE, "at": at} | more
    return actions.close_day(scope=EVERYWHERE, area=area, day=DAY, **asked)  # type: ignore[arg-type]


def test_what_was_not_done_is_found_by_kind(files: list[UUID]) -> None:
    for hour in (9, 19):
        record([check(files[0], when(2, hour))], at=when(2, hour))
    look = queries.look_at_day(EVERYWHERE, VILLAGE, DAY, EVENING)
    left = {kind.gap.code: len(kind.own) for kind in look.kinds if kind.own}
    assert left == {"check-missed": 8, "notice-not-served": 5}
    missed = next(kind for kind in look.kinds if kind.gap.code == "check-missed").own
    assert all(row.person_id and row.file_id and row.owner_id for row in missed)
    assert {UUID(row.key.split("/")[0]) for row in missed} == set(files[1:])


def test_the_list_says_the_same_as_the_daily_report(files: list[UUID]) -> None:
    record([check(files[0], when(2, 9))], at=when(2, 9))
    moment = queries.moment_of(EVERYWHERE, TOWN, DAY, EVENING)
    rows = queries.gap_rows(EVERYWHERE, "check-missed", moment, limit=None)
    told = counted_rows(EVERYWHERE, "unseen", Moment(TOWN, DAY, moment.zone, EVENING))
    assert {row.key for row in rows} == {f"{row.file_id}/{row.slot}" for row in told}
    report = queries.daily_report(EVERYWHERE, TOWN, DAY, EVENING)
    late, coming = report.value("late"), report.value("to-come")
    assert isinstance(late, int)
    assert isinstance(coming, int)
    assert len(rows) == late + coming


def test_a_place_closes_only_after_it_has_looked_and_said_why(files: list[UUID]) -> None:
    with pytest.raises(Refused, match="items-unexplained"):
        _close()
    seen = look_hash(queries.look_at_day(EVERYWHERE, VILLAGE, DAY, EVENING))
    _explain_all()
    with pytest.raises(Refused, match="close-out-changed"):
        _close(looked=seen)
    assert _close() == 1
    state = queries.day_state(EVERYWHERE, VILLAGE, DAY, EVENING)
    assert (state.state, state.revision, state.closed_by, state.is_late) == ("closed", 1, "向书记", False)
    closed = queries.closed_days(EVERYWHERE, VILLAGE, DAY)[0]
    kinds = {kind["kind"]: kind for kind in closed.content["kinds"]}
    assert kinds["check-missed"]["total"] == 10
    assert {item[2] for item in kinds["check-missed"]["own"]} == {"time"}
    assert {"done", "late", "refused", "not-home", "lost"} <= set(closed.content["figures"])


def test_a_check_done_while_the_page_was_open_is_seen_before_closing(files: list[UUID]) -> None:
    _explain_all()
    seen = look_hash(queries.look_at_day(EVERYWHERE, VILLAGE, DAY, EVENING))
    record([check(files[0], when(2, 20, 10))], at=when(2, 20, 10))
    with pytest.raises(Refused, match="close-out-changed"):
        _close(looked=seen)


def test_the_same_command_sent_twice_is_one_fact(files: list[UUID]) -> None:
    command = uuid7()
    events = event_count()
    assert _explain("check-missed", command=command) == 10
    assert _explain("check-missed", command=command) == 10
    assert len(queries.carried_of(EVERYWHERE, VILLAGE, DAY)) == 10
    assert event_count() == events + 1


def test_a_reason_is_one_of_the_pack_and_other_says_what(files: list[UUID]) -> None:
    for reason, code in (("bored", "carry-reason-unknown"), ("other", "carry-note-missing")):
        with pytest.raises(Refused, match=code):
            _explain("check-missed", reason=reason)
    assert _explain("check-missed", reason="other", note="桥断了") == 10
    with pytest.raises(Refused, match="nothing-to-explain"):
        _explain("check-missed")
    with pytest.raises(Refused, match="gap-unknown"):
        _explain("nothing")


def test_an_item_goes_to_its_owner_unless_somebody_else_is_named(files: list[UUID]) -> None:
    other = make_ground(1, at=when(1, 8)).owner
    rows = queries.gap_rows(
        EVERYWHERE, "check-missed", queries.moment_of(EVERYWHERE, VILLAGE, DAY, EVENING), limit=None
    )
    _explain("check-missed", items=[rows[0].key], to_worker=other)
    _explain("check-missed")
    told = queries.carried_of(EVERYWHERE, VILLAGE, DAY)
    assert told["check-missed", rows[0].key].to_worker == other
    assert told["check-missed", rows[1].key].to_worker == rows[1].owner_id != other
    mine = queries.tomorrow_of(EVERYWHERE, VILLAGE, DAY, worker=other)
    assert [one.item for one in mine.carried] == [rows[0].key]
    assert mine.duties == ()
    with pytest.raises(Refused, match="worker-unknown"):
        _explain("notice-not-served", to_worker=uuid7())


def test_the_last_word_on_an_item_counts(files: list[UUID]) -> None:
    _explain("check-missed")
    key = next(iter(queries.carried_of(EVERYWHERE, VILLAGE, DAY)))[1]
    _explain("check-missed", items=[key], reason="refused", at=when(2, 20, 25))
    assert queries.carried_of(EVERYWHERE, VILLAGE, DAY)["check-missed", key].reason == "refused"


def test_a_town_sees_who_has_closed_and_says_why_it_does_not_wait(files: list[UUID]) -> None:
    look = queries.look_at_day(EVERYWHERE, TOWN, DAY, EVENING)
    assert [place.area for place in look.missing] == [VILLAGE]
    assert len(look.below) > 1, "the other villages have nothing to close"
    assert look.unexplained == (), "each village answers for its own"
    assert next(kind for kind in look.kinds if kind.gap.code == "check-missed").below == {VILLAGE: 10}
    with pytest.raises(Refused, match="places-not-closed"):
        _close(TOWN)
    assert _close(TOWN, without="该村断电，电话报过") == 1
    content = queries.closed_days(EVERYWHERE, TOWN, DAY)[0].content
    assert content["without"] == "该村断电，电话报过"
    assert [below[1] for below in content["below"] if below[0] == VILLAGE] == ["not-closed"]


def test_a_town_closes_when_its_villages_have(files: list[UUID]) -> None:
    _explain_all()
    _close()
    look = queries.look_at_day(EVERYWHERE, TOWN, DAY, EVENING)
    assert look.missing == ()
    assert _close(TOWN) == 1


def test_a_closed_day_is_opened_with_a_reason_and_closed_as_a_revision(files: list[UUID]) -> None:
    _explain_all()
    _close()
    with pytest.raises(Refused, match="day-closed"):
        _close()
    asked = {"scope": EVERYWHERE, "area": VILLAGE, "day": DAY, "by": CADRE}
    with pytest.raises(Refused, match="reason-missing"):
        actions.reopen_day(reason=" ", at=when(2, 20, 40), **asked)  # type: ignore[arg-type]
    assert actions.reopen_day(reason="漏录一次", at=when(2, 20, 40), **asked) == 2  # type: ignore[arg-type]
    with pytest.raises(Refused, match="day-not-closed"):
        actions.reopen_day(reason="再开", at=when(2, 20, 41), **asked)  # type: ignore[arg-type]
    record([check(files[0], when(2, 20, 42))], at=when(2, 20, 42))
    with pytest.raises(Refused, match="reason-missing"):
        _close(at=when(2, 20, 50))
    assert _close(at=when(2, 20, 50), reason="补录一次测温") == 3
    found = queries.closed_days(EVERYWHERE, VILLAGE, DAY)
    assert [(day.revision, day.state) for day in found] == [(3, "closed"), (2, "reopened"), (1, "closed")]
    assert queries.altered_close_outs() == []
    verbs = [row.verb for row in event_page(EVERYWHERE, verbs=("oversight.day.",))]
    assert verbs == ["oversight.day.closed", "oversight.day.reopened", "oversight.day.closed"]


def test_what_was_closed_is_never_changed(files: list[UUID]) -> None:
    _explain_all()
    _close()
    for table in ("oversight_closeout", "oversight_carrieditem"):
        for statement in (f"delete from {table}", f"update {table} set by_name = 'x'"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("alter table oversight_closeout disable trigger all")
        cursor.execute('update oversight_closeout set content = content || \'{"without": "x"}\'')
    assert queries.altered_close_outs() == [(VILLAGE, DAY, 1)]


def test_the_reminder_is_there_without_any_job(files: list[UUID]) -> None:
    assert queries.day_state(EVERYWHERE, VILLAGE, DAY, when(2, 20, 30)).state == "open"
    assert queries.day_state(EVERYWHERE, VILLAGE, DAY, when(2, 20, 30, 1)).state == "late"
    assert queries.day_state(EVERYWHERE, VILLAGE, date(2020, 2, 3), EVENING).state == "ahead"
    assert queries.day_state(EVERYWHERE, TOWN, DAY, when(2, 20, 40)).state == "open"


def test_a_village_cannot_close_or_see_another(files: list[UUID]) -> None:
    village = Scope("u", (Grant("village-cadre", VILLAGE, frozenset({"observation.view", "day.close"})),))
    assert queries.look_at_day(village, VILLAGE, DAY, EVENING).total == 15
    for area in (TOWN, "500101135200", ""):
        with pytest.raises(Refused, match="place-not-found"):
            actions.close_day(scope=village, area=area, day=DAY, looked="", by=CADRE, at=EVENING)
    with pytest.raises(Refused, match="place-not-found"):
        queries.look_at_day(village, TOWN, DAY, EVENING)
    seeing = Scope("u", (Grant("doctor", VILLAGE, frozenset({"observation.view"})),))
    with pytest.raises(Refused, match="place-not-found"):
        actions.close_day(scope=seeing, area=VILLAGE, day=DAY, looked="", by=CADRE, at=EVENING)


def test_every_daily_kind_can_be_asked_of_an_empty_place(files: list[UUID]) -> None:
    moment = queries.moment_of(EVERYWHERE, "500101135200", DAY, EVENING)
    for gap in DAILY:
        assert queries.has_source(gap.code)
        assert queries.gap_count(EVERYWHERE, gap.code, moment) == 0


def test_a_task_is_written_once_and_what_became_of_it_too(files: list[UUID]) -> None:
    owner = make_ground(1, at=when(1, 8)).owner
    task = uuid7()
    asked = {"id": task, "scope": EVERYWHERE, "area": VILLAGE, "day": DAY, "owner": owner, "by": CADRE}
    told = {"due_at": when(3, 18), "at": EVENING, "text": "补送告知书"}
    for _ in range(2):
        assert actions.write_task(**asked, **told) == task  # type: ignore[arg-type]
    with pytest.raises(Refused, match="task-conflict"):
        actions.write_task(**asked, **told | {"text": "别的"})  # type: ignore[arg-type]
    with pytest.raises(Refused, match="task-due-past"):
        actions.write_task(**asked | {"id": uuid7()}, **told | {"due_at": EVENING})  # type: ignore[arg-type]
    assert [t.text for t in queries.tomorrow_of(EVERYWHERE, VILLAGE, DAY, worker=owner).tasks] == [
        "补送告知书"
    ]
    following = queries.moment_of(EVERYWHERE, VILLAGE, date(2020, 2, 3), when(3, 20))
    assert queries.gap_count(EVERYWHERE, "task-open", following) == 1
    marked = {"task_id": task, "scope": EVERYWHERE, "by": CADRE, "at": when(3, 17)}
    with pytest.raises(Refused, match="reason-missing"):
        actions.mark_task(outcome="dropped", **marked)  # type: ignore[arg-type]
    actions.mark_task(outcome="done", **marked)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="task-marked"):
        actions.mark_task(outcome="done", **marked)  # type: ignore[arg-type]
    assert queries.gap_count(EVERYWHERE, "task-open", following) == 0


def test_tomorrow_asks_for_every_open_file_until_its_last_day_and_then_its_release(files: list[UUID]) -> None:
    told = queries.tomorrow_of(EVERYWHERE, VILLAGE, DAY)
    assert {duty.file_id for duty in told.duties} == set(files)
    assert {duty.kind for duty in told.duties} == {"check"}
    assert [at.hour for at in (d.astimezone(EVENING.tzinfo) for d in told.duties[0].deadlines)] == [12, 20]
    last_day = told.duties[0].last_day_no - told.duties[0].day_no
    after = date.fromordinal(DAY.toordinal() + last_day + 1)
    assert {duty.kind for duty in queries.tomorrow_of(EVERYWHERE, VILLAGE, after).duties} == {"release"}
