"""Recording checks: idempotent, in order, one bad check never holding up the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from shouwang.journal.queries import broken_chains, event_count
from shouwang.kernel.errors import Refused
from shouwang.observation.actions import record_check
from shouwang.observation.models import Alert, CheckConflict, DailyCheck
from shouwang.observation.queries import verify_checks
from shouwang.observation.rules import slot_no
from tests.apps.observing import (
    DOCTOR,
    OTHER_VILLAGE,
    check,
    file,
    make_ground,
    open_some,
    pack_of,
    record,
    village_scope,
    when,
)

pytestmark = pytest.mark.django_db


def _checks() -> int:
    return DailyCheck.objects.unscoped("test").count()


def test_a_file_has_an_owner_and_a_next_due_time_from_its_first_moment() -> None:
    [one] = open_some(make_ground(1))
    row = file(one)
    assert row.owner_id is not None
    assert row.next_due_at == when(1, 12)
    assert (row.day_zero, row.planned_last_day) == (date(2020, 1, 25), date(2020, 2, 15))
    assert row.next_slot == slot_no(date(2020, 2, 1), 0)


def test_a_check_moves_the_next_duty_on_and_its_replay_adds_no_row() -> None:
    [one] = open_some(make_ground(1))
    item = check(one, when(1, 10), 364)
    first = record([item], when(1, 10, 5))[0]
    assert (first.status, first.day_no, first.next_due_at) == ("recorded", 7, when(1, 20))
    events = event_count()
    again = record([item], when(1, 11))[0]
    assert again == replace(first, status="replayed")
    assert (_checks(), event_count()) == (1, events)


def test_the_same_id_with_other_content_is_refused_and_kept_for_a_person_to_look_at() -> None:
    [one] = open_some(make_ground(1))
    item = check(one, when(1, 10), 364)
    record([item], when(1, 10, 5))
    other = replace(item, deci=391)
    for _ in range(2):
        receipt = record([other], when(1, 10, 6))[0]
        assert (receipt.status, receipt.code) == ("conflict", "id-conflict")
    assert _checks() == 1
    kept = list(CheckConflict.objects.unscoped("test").values_list("check_id", "payload__deci"))
    assert kept == [(item.id, 391)]
    assert Alert.objects.unscoped("test").count() == 0


def test_an_id_twice_in_one_call_counts_once() -> None:
    [one] = open_some(make_ground(1))
    item = check(one, when(1, 10), 364)
    statuses = [r.status for r in record([item, item, replace(item, deci=380)], when(1, 11))]
    assert statuses == ["recorded", "replayed", "conflict"]
    assert _checks() == 1


def test_one_bad_check_never_holds_up_the_others() -> None:
    one, two = open_some(make_ground(2))
    items = [
        check(one, when(1, 10), 36),
        check(two, when(1, 10), 366),
        check(one, when(1, 10), 366, symptoms=("hiccups",)),
        check(one, when(1, 23), 366),
        check(one, when(1, 10), 366, channel="pigeon"),
        check(NOWHERE, when(1, 10), 366),
        check(one, when(24, month=1), 366),
        check(one, when(1, 10), None, outcome="not-home", seen="nobody"),
    ]
    codes = [receipt.code or receipt.status for receipt in record(items, when(1, 11))]
    assert codes == [
        "temperature-impossible",
        "recorded",
        "symptom-unknown",
        "taken-in-future",
        "channel-unknown",
        "file-not-found",
        "before-day-zero",
        "recorded",
    ]
    assert file(one).next_due_at == when(1, 12), "nobody was seen, so the check is still due"
    assert file(two).next_due_at == when(1, 20)


NOWHERE = UUID(int=7)


def test_a_check_older_than_the_latest_never_moves_the_next_duty_back() -> None:
    [one] = open_some(make_ground(1))
    record([check(one, when(2, 18), 365)], when(2, 18, 1))
    late = record([check(one, when(2, 9), 366)], when(2, 18, 2))[0]
    assert late.next_due_at == when(3, 12)
    assert (file(one).next_due_at, file(one).last_deci) == (when(3, 12), 365)
    both = [check(one, when(4, 18), 361), check(one, when(4, 10), 362)]
    record(both, when(4, 19))
    assert (file(one).next_due_at, file(one).last_deci) == (when(5, 12), 361)


def test_an_abnormal_check_raises_its_alert_in_the_same_transaction() -> None:
    [one] = open_some(make_ground(1))
    receipts = record(
        [check(one, when(1, 10), 373), check(one, when(1, 11), 365, symptoms=("cough",))], when(1, 12)
    )
    assert [r.alerts for r in receipts] == [("fever",), ("fever",)]
    alerts = list(Alert.objects.unscoped("test").order_by("id"))
    assert [a.next_climb_at for a in alerts] == [when(1, 12, 30)] * 2
    assert alerts[0].tell == ["medic", "town-cadre"]
    assert record([check(one, when(1, 12), 372)], when(1, 12))[0].alerts == ()


def test_out_of_scope_looks_like_not_existing() -> None:
    [one] = open_some(make_ground(1))
    receipt = record([check(one, when(1, 10))], when(1, 11), village_scope(OTHER_VILLAGE))[0]
    assert receipt.code == "file-not-found"
    assert record([check(one, when(1, 10))], when(1, 11), village_scope())[0].status == "recorded"
    with pytest.raises(Refused, match="file-not-found"):
        record_check(
            item=check(one, when(1, 10)),
            scope=village_scope(permissions=frozenset({"observation.view"})),
            pack_of=pack_of,
            by=DOCTOR,
            at=when(1, 11),
        )


def test_recording_one_check_takes_at_most_fifteen_queries_and_a_hundred_no_more() -> None:
    files = open_some(make_ground(100))
    record([check(files[0], when(1, 9, 1))], when(1, 9, 2))
    for batch in (files[:1], files):
        with CaptureQueriesContext(connection) as seen:
            record([check(f, when(1, 10), 374) for f in batch], when(1, 11))
        assert len(seen) <= 15, [q["sql"][:80] for q in seen]
    assert broken_chains() == []
    assert [p for p in verify_checks(when(1, 12)) if not p.ok] == []


@pytest.mark.parametrize(
    "statement", ["update observation_dailycheck set deci = 1", "delete from observation_dailycheck"]
)
def test_the_database_refuses_to_change_a_check(statement: str) -> None:
    [one] = open_some(make_ground(1))
    record([check(one, when(1, 10))], when(1, 11))
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
