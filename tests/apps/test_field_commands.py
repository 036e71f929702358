"""The field protocol, up: what a phone sends, and what it is told (docs/reference/sync.md §2)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from shouwang.accounts.actions import end_grant
from shouwang.devices.actions import revoke_device
from shouwang.devices.queries import kept_commands
from shouwang.journal.queries import broken_chains
from shouwang.journeys.field_commands import acknowledged_and_missing
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.ids import uuid7
from shouwang.observation.queries import open_alerts
from shouwang.screening.models import Arrival, DoorVisit
from tests.apps.fielding import (
    AT,
    CLERK,
    EVERYTHING,
    Field,
    conflicts,
    device_row,
    events,
    has_check,
    statuses,
    stored,
    the_check,
)
from tests.field_phone import Phone, a_check, a_visit, an_arrival
from tests.town import VILLAGE

pytestmark = pytest.mark.django_db
EARLIER = AT - timedelta(minutes=20)


@pytest.fixture
def phone(field: Field) -> Phone:
    return field.phone()


def test_a_check_of_a_phone_is_a_check_of_its_file_by_its_user_at_its_time(
    field: Field, phone: Phone
) -> None:
    command = phone.record("check", a_check(field.file, deci=366, note="自测正常"), EARLIER)
    answer = phone.sync(AT)
    assert answer.status == 200
    assert answer.body["contiguous"] == 1
    assert answer.body["gaps"] == []
    (receipt,) = answer.body["receipts"]
    assert (receipt["status"], receipt["code"], receipt["effect"]["day_no"]) == ("done", "", 9)
    check = the_check(command)
    assert (check.deci, check.taken_at, check.recorded_at) == (366, EARLIER, AT)
    assert check.recorded_by == check.measured_by == phone.actor["id"]
    assert stored(command).sealed is None, "what is done needs no person, and no second copy"


def test_sent_again_it_is_one_fact_and_the_same_receipt(field: Field, phone: Phone) -> None:
    command = phone.record("check", a_check(field.file, deci=381), EARLIER)
    first = phone.send([command], AT).body["receipts"][0]
    again = phone.send([command], AT).body["receipts"][0]
    assert first["effect"]["alerts"] == ["fever"]
    assert again["effect"].pop("first") == "done"
    assert again == {**first, "status": "again"}
    assert events("devices.commands.taken") == 1, "a batch that brings nothing new leaves no event"


def test_a_fever_of_this_noon_is_an_alarm_with_the_true_time(field: Field, phone: Phone) -> None:
    command = phone.record("check", a_check(field.file, deci=388), AT - timedelta(hours=6))
    phone.sync(AT)
    newest = max(open_alerts(EVERYTHING), key=lambda alert: alert.raised_at)
    assert newest.raised_at == AT
    assert newest.check_id == UUID(command["id"])
    assert the_check(command).taken_at == AT - timedelta(hours=6)


def test_another_content_under_an_id_is_kept_and_the_first_stands(field: Field, phone: Phone) -> None:
    command = phone.record("check", a_check(field.file, deci=366), EARLIER)
    phone.send([command], AT)
    envelope = {key: value for key, value in command.items() if key not in ("hash", "sealed")}
    other = phone.sealed(envelope | {"seq": 2}, a_check(field.file, deci=399))
    for _ in range(2):
        answer = phone.send([other], AT)
        assert statuses(answer.body) == [("conflict", "id-conflict")]
        assert answer.body["receipts"][0]["server_seq"] is None
        assert answer.body["contiguous"] == 2, "what is kept as a conflict is no gap"
    assert the_check(command).deci == 366
    assert [kept.hash for kept in conflicts()] == [other["hash"]]


def test_one_id_twice_in_a_batch_is_once_done_and_once_again(field: Field, phone: Phone) -> None:
    command = phone.record("check", a_check(field.file), EARLIER)
    other = phone.sealed(
        {key: value for key, value in command.items() if key not in ("hash", "sealed")},
        a_check(field.file, deci=370),
    )
    answer = phone.send([command, command, other], AT)
    assert statuses(answer.body) == [("done", ""), ("again", ""), ("conflict", "id-conflict")]


def test_one_bad_command_never_holds_up_the_others(field: Field, phone: Phone) -> None:
    file = field.file
    bad = [
        phone.record("check", a_check(file, deci=999), EARLIER),
        phone.record("check", a_check(uuid7()), EARLIER),
        phone.record("check", a_check(file, symptoms=["made-up"]), EARLIER),
        phone.record("check", {"file": str(file)}, EARLIER),
        phone.record("check", a_check(file), EARLIER, zone="x" * 300),
        phone.record("visit", a_visit(uuid7(), uuid7()), EARLIER),
        phone.record("arrival", an_arrival(field.town.ids["gate"], "999999"), EARLIER),
    ]
    good = phone.record("check", a_check(file, deci=367, note='"\\ 引号，\t\n' + "😷"), EARLIER)
    answer = phone.sync(AT)
    assert statuses(answer.body) == [
        ("refused", "temperature-impossible"),
        ("quarantined", "not-permitted"),
        ("refused", "symptom-unknown"),
        ("quarantined", "unreadable"),
        ("quarantined", "unreadable"),
        ("quarantined", "not-permitted"),
        ("refused", "place-unknown"),
        ("done", ""),
    ]
    assert the_check(good).deci == 367
    assert not any(has_check(one) for one in bad)
    assert answer.body["contiguous"] == 8
    assert {row.id for row in kept_commands(EVERYTHING, AT)} == {UUID(one["id"]) for one in bad}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"actor": str(uuid7())}, "actor-differs"),
        ({"kind": "pass"}, "kind-unknown"),
        ({"v": 2}, "kind-unknown"),
        ({"hash": "0" * 64}, "hash-differs"),
        ({"recorded_at": "2020-02-01T17:00:00+08:00"}, "hash-differs"),
        ({"occurred_at": "yesterday"}, "unreadable"),
        ({"seq": 2}, "unreadable"),
    ],
)
def test_what_cannot_be_judged_is_kept_for_a_person(
    field: Field, phone: Phone, change: dict[str, object], code: str
) -> None:
    command = phone.record("check", a_check(field.file), EARLIER) | change
    if code == "actor-differs":
        command = phone.sealed(
            {k: v for k, v in command.items() if k not in ("hash", "sealed")}, a_check(field.file)
        )
    assert statuses(phone.send([command], AT).body) == [("quarantined", code)]
    assert statuses(phone.send([command], AT).body) == [("again", code)]
    assert not has_check(command)
    (kept,) = kept_commands(EVERYTHING, AT, kind="quarantined")
    assert (kept.code, kept.user_name) == (code, phone.actor["name"])


def test_a_seal_of_an_unknown_key_or_with_a_changed_byte_is_kept(field: Field, phone: Phone) -> None:
    one = phone.record("check", a_check(field.file), EARLIER)
    two = phone.record("check", a_check(field.file), EARLIER)
    one["sealed"]["key"] = "77"
    two["sealed"]["ct"] = ("A" if two["sealed"]["ct"][0] != "A" else "B") + two["sealed"]["ct"][1:]
    assert statuses(phone.sync(AT).body) == [("quarantined", "key-unknown"), ("quarantined", "unreadable")]


def test_work_of_a_revoked_phone_is_kept_whole(field: Field, phone: Phone) -> None:
    done = phone.record("check", a_check(field.file), EARLIER)
    phone.sync(AT)
    late = phone.record("check", a_check(field.file, deci=369), EARLIER)
    revoke_device(device_id=UUID(phone.device), reason="手机丢失", scope=EVERYTHING, by=CLERK, at=AT)
    assert statuses(phone.send([done, late], AT).body) == [("again", ""), ("quarantined", "device-revoked")]
    assert (phone.shift().status, phone.shift().body["code"]) == (403, "device-revoked")
    assert phone.state().body["revoked"] is True


def test_lost_permission_quarantines_the_work_and_never_deletes_it(field: Field, phone: Phone) -> None:
    visit = phone.record("visit", a_visit(field.town.ids["sweep"], field.town.ids["door"]), EARLIER)
    check = phone.record("check", a_check(field.file), EARLIER)
    come = phone.record("arrival", an_arrival(field.town.ids["gate"], VILLAGE), EARLIER)
    user = field.town.user("village-doctor", "own village")
    end_grant(user_id=user.id, role="village-doctor", area=VILLAGE, by=SYSTEM, at=AT - timedelta(minutes=1))
    assert statuses(phone.sync(AT).body) == [("quarantined", "not-permitted")] * 3
    assert all(stored(one).sealed == one["sealed"] for one in (visit, check, come))


def test_a_visit_and_an_arrival_go_to_their_rooms(field: Field, phone: Phone) -> None:
    ids = field.town.ids
    visit = phone.record("visit", a_visit(ids["sweep"], ids["door"], people=2), EARLIER)
    found = [{"name": "龚小七", "telephone": "13812345678", "relation": "亲戚"}]
    second = phone.record(
        "visit", a_visit(ids["sweep"], ids["door"], found=found), EARLIER + timedelta(minutes=1)
    )
    refused = phone.record("visit", a_visit(ids["sweep"], ids["door"], outcome="refused", people=0), AT)
    come = phone.record("arrival", an_arrival(ids["gate"], VILLAGE, telephone="13811112222"), EARLIER)
    assert statuses(phone.sync(AT).body) == [("done", "")] * 4
    visits = {str(row.id): row for row in DoorVisit.objects.unscoped("test").filter(door_id=ids["door"])}
    assert visits[visit["id"]].people == 2
    assert visits[visit["id"]].visitor_name == phone.actor["name"]
    assert visits[second["id"]].named
    assert visits[refused["id"]].outcome == "refused"
    arrival = Arrival.objects.unscoped("test").get(id=come["id"])
    assert (arrival.name, arrival.arrived_at, arrival.by_id) == ("卢向前", EARLIER, phone.actor["id"])


def test_a_correction_takes_the_place_of_the_earlier_one(field: Field, phone: Phone) -> None:
    ids = field.town.ids
    check = phone.record("check", a_check(field.file, deci=386), EARLIER)
    right = phone.record(
        "check", a_check(field.file, deci=368, corrects=check["id"], reason="看错一位"), EARLIER
    )
    visit = phone.record("visit", a_visit(ids["sweep"], ids["door"]), EARLIER)
    gone = phone.record(
        "visit",
        a_visit(
            ids["sweep"], ids["door"], outcome="withdrawn", people=0, corrects=visit["id"], reason="记错门"
        ),
        EARLIER,
    )
    come = phone.record("arrival", an_arrival(ids["gate"], VILLAGE), EARLIER)
    better = phone.record(
        "arrival",
        an_arrival(ids["gate"], VILLAGE, name="卢向前", corrects=come["id"], reason="姓名写错"),
        EARLIER,
    )
    phone.record("check", a_check(field.file, corrects=right["id"]), EARLIER)
    answer = phone.sync(AT)
    assert statuses(answer.body) == [("done", "")] * 6 + [("refused", "reason-missing")]
    assert the_check(right).corrects_id == UUID(check["id"])
    assert DoorVisit.objects.unscoped("test").get(id=gone["id"]).corrects_id == UUID(visit["id"])
    assert Arrival.objects.unscoped("test").get(id=better["id"]).corrects_id == UUID(come["id"])
    assert statuses(phone.send([right], AT).body) == [("again", "")]


def test_one_event_of_the_batch_besides_those_of_the_rooms_and_the_chain_holds(
    field: Field, phone: Phone
) -> None:
    ids = field.town.ids
    before = {verb: events(verb) for verb in ("observation.check.recorded", "screening.visits.recorded")}
    for minute in range(5):
        phone.record("check", a_check(field.file, deci=365 + minute), EARLIER + timedelta(minutes=minute))
    phone.record("visit", a_visit(ids["sweep"], ids["door"]), EARLIER)
    phone.record("check", a_check(field.file, deci=999), EARLIER)
    phone.sync(AT)
    assert {verb: events(verb) - count for verb, count in before.items()} == dict.fromkeys(before, 1)
    assert events("devices.commands.taken") == 1
    assert broken_chains() == []


def test_gaps_of_the_sequence_are_seen_by_both_sides(field: Field, phone: Phone) -> None:
    some = [phone.record("check", a_check(field.file), EARLIER + timedelta(seconds=n)) for n in range(9)]
    answer = phone.send([some[0], some[1], some[4], some[8]], AT)
    assert (answer.body["contiguous"], answer.body["gaps"]) == (2, [[3, 4], [6, 8]])
    assert phone.state().body["gaps"] == [[3, 4], [6, 8]]
    answer = phone.send(some[2:4], AT)
    assert (answer.body["contiguous"], answer.body["gaps"]) == (5, [[6, 8]])
    answer = phone.send(some[5:8], AT)
    assert (answer.body["contiguous"], answer.body["gaps"]) == (9, [])
    row = device_row(phone)
    assert (row.contiguous, row.highest) == (9, 9)


def test_an_empty_batch_says_where_the_server_stands(field: Field, phone: Phone) -> None:
    del field
    answer = phone.send([], AT)
    assert (answer.status, answer.body["receipts"], answer.body["contiguous"]) == (200, [], 0)


def test_an_alarm_of_a_phone_asks_for_a_tick_at_once(field: Field, phone: Phone) -> None:
    _forget_ticks()
    phone.record("check", a_check(field.file, deci=366), EARLIER)
    phone.sync(AT)
    before = _ticks()
    phone.record("check", a_check(field.file, deci=391), AT)
    phone.sync(AT)
    assert (before, _ticks()) == (0, 1)


def _forget_ticks() -> None:
    """What a test with a real worker left waiting in this database."""
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where task_name = 'shouwang.tick'")


def _ticks() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from procrastinate_jobs where task_name = 'shouwang.tick' and status = 'todo'"
        )
        (number,) = cursor.fetchone()
    return int(number)


def test_verify_finds_what_was_acknowledged_and_is_not_stored(field: Field, phone: Phone) -> None:
    ids = field.town.ids
    check = phone.record("check", a_check(field.file, deci=366), EARLIER)
    phone.record("visit", a_visit(ids["sweep"], ids["door"]), EARLIER)
    phone.record("arrival", an_arrival(ids["gate"], VILLAGE), EARLIER)
    phone.record("check", a_check(field.file, deci=999), EARLIER)
    phone.sync(AT)
    assert acknowledged_and_missing() == (3, 0)
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute("delete from observation_dailycheck where id = %s", [check["id"]])
        cursor.execute("set local session_replication_role = origin")
    assert acknowledged_and_missing() == (3, 1)
