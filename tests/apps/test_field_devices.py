"""A phone becomes a device, begins shifts, is revoked, tells its time, and lives through restores (sync.md)."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from shouwang.accounts.queries import scope_of
from shouwang.devices.actions import (
    begin_epoch,
    confirm_date,
    dismiss_command,
    make_enrol_code,
    mark_verified_backup,
    revoke_device,
)
from shouwang.devices.models import Device, EnrolCode
from shouwang.devices.queries import devices, kept_commands, kept_counts, server_state
from shouwang.journeys.field_commands import accept_command
from shouwang.journeys.field_entries import open_entry
from shouwang.kernel.actor import SYSTEM, Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Grant, Scope
from tests.apps.fielding import (
    AT,
    CLERK,
    EVERYTHING,
    Field,
    device_row,
    events,
    has_check,
    statuses,
    stored,
    the_check,
)
from tests.field_phone import BASE, Phone, a_check, client_wire, unb64
from tests.town import OTHER_VILLAGE, TOWN, VILLAGE

pytestmark = pytest.mark.django_db
EARLIER = AT - timedelta(minutes=20)


@pytest.fixture
def phone(field: Field) -> Phone:
    return field.phone()


def scope_at(area: str, *permissions: str) -> Scope:
    return Scope("x", (Grant("role", area, frozenset(permissions)),))


# becoming a device


def test_a_code_makes_one_phone_a_device_once(field: Field) -> None:
    code = field.code()
    phone = Phone(client_wire())
    told = phone.enrol(f" {code[:5].lower()}-{code[5:]} ")
    assert told.status == 200
    assert told.body["actor"]["id"] == str(field.town.user("village-doctor", "own village").id)
    assert len(unb64(told.body["token"])) == 32
    assert len(unb64(told.body["server_key"]["public"])) == 65
    assert told.body["epoch"] == server_state().epoch
    row = device_row(phone)
    assert row.area == VILLAGE
    assert phone.token not in json.dumps({k: str(v) for k, v in vars(row).items()})
    assert not EnrolCode.objects.unscoped("test").filter(hash=code).exists(), "the code is kept as a hash"
    for wrong in (code, "AAAAAAAAAA", ""):
        other = Phone(client_wire()).enrol(wrong)
        assert (other.status, other.body) == (403, {"code": "enrol-code-wrong"})


def test_a_code_lapses_after_a_day_and_when_another_is_made(field: Field) -> None:
    first, second = field.code(), field.code()
    assert Phone(client_wire()).enrol(first).status == 403
    field.clock.later(hours=24)
    assert Phone(client_wire()).enrol(second).status == 403


def test_ten_wrong_codes_of_an_address_close_the_door_for_a_quarter_of_an_hour(field: Field) -> None:
    good = field.code()
    phone = Phone(client_wire())
    assert {phone.enrol(f"WRONG{n:05d}").status for n in range(10)} == {403}
    assert (phone.enrol(good).status, phone.enrol(good).body["code"]) == (429, "enrol-too-often")
    elsewhere = Phone(client_wire(Client(REMOTE_ADDR="10.1.2.3")))
    assert elsewhere.enrol(good).status == 200


def test_a_code_is_made_for_whoever_works_in_ones_own_places_alone(field: Field) -> None:
    doctor = field.town.user("village-doctor", "own village").id
    for scope in (scope_at(OTHER_VILLAGE, "device.manage"), scope_at(VILLAGE, "observation.record")):
        with pytest.raises(Refused, match="not-permitted"):
            make_enrol_code(user_id=doctor, scope=scope, by=CLERK, at=AT)
    with pytest.raises(Refused, match="user-not-found"):
        make_enrol_code(user_id=uuid7(), scope=EVERYTHING, by=CLERK, at=AT)
    assert (
        len(make_enrol_code(user_id=doctor, scope=scope_at(TOWN, "device.manage"), by=CLERK, at=AT).code)
        == 10
    )


def test_a_shift_gives_a_fresh_share_that_the_server_forgets(field: Field, phone: Phone) -> None:
    first, second = phone.shift(), phone.shift()
    assert first.status == 200
    assert first.body["share"] != second.body["share"]
    assert len(unb64(first.body["share"])) == 32
    assert device_row(phone).shift_until == field.clock.at + timedelta(hours=12)
    with connection.cursor() as cursor:
        cursor.execute("select to_jsonb(d)::text from devices_device d where id = %s", [phone.device])
        assert first.body["share"] not in cursor.fetchone()[0]


# who is let in


def test_without_token_release_or_a_readable_body_nobody_is_let_in(field: Field, phone: Phone) -> None:
    del field
    stranger = Phone(client_wire())
    assert (stranger.state().status, stranger.state().body) == (401, {"code": "device-unknown"})
    old = Phone(client_wire(), release=0, token=phone.token)
    assert (old.state().status, old.state().body["code"]) == (426, "app-too-old")
    assert phone.ask("GET", "commands").status == 405
    timed = {"device_time": AT.isoformat()}
    bodies = ([], {}, {"commands": []}, {"device_time": "never", "commands": []}, timed | {"commands": [{}]})
    for body in bodies:
        told = phone.ask("POST", "commands", body)
        assert (told.status, told.body["code"]) == (400, "batch-unreadable"), body
    assert client_wire()("POST", "commands", phone.headers(), b"\xff\xfe{").status == 400
    many = [{"id": str(uuid7()), "seq": n + 1} for n in range(101)]
    told = phone.send(many, AT)
    assert (told.status, told.body["code"]) == (413, "batch-too-large")
    assert client_wire()("POST", "commands", phone.headers(), b" " * 1_000_001).status == 413


def test_a_request_of_a_phone_pays_for_no_session_and_sets_no_cookie(phone: Phone) -> None:
    client = Client()
    client.cookies["sessionid"] = "somebody"
    with CaptureQueriesContext(
        connection,
    ) as asked:
        told = client.get(BASE + "state", headers=phone.headers())
    assert told.status_code == 200
    assert not told.cookies
    assert told["Cache-Control"] == "no-store"
    assert len(asked) == 2, [query["sql"] for query in asked]


# clocks


def test_a_clock_four_minutes_off_is_taken_at_its_word(field: Field, phone: Phone) -> None:
    phone.clock_off = timedelta(minutes=-4)
    command = phone.record("check", a_check(field.file), EARLIER)
    answer = phone.sync(AT)
    assert answer.body["skew_seconds"] == 240
    assert "flags" not in answer.body["receipts"][0]["effect"]
    assert the_check(command).taken_at == EARLIER - timedelta(minutes=4)


@pytest.mark.parametrize(
    "off", [timedelta(minutes=6), timedelta(hours=-7), timedelta(days=400), timedelta(days=-18_293)]
)
def test_beyond_five_minutes_the_told_time_is_corrected_and_flagged(
    field: Field, phone: Phone, off: timedelta
) -> None:
    phone.clock_off = off
    command = phone.record("check", a_check(field.file), EARLIER)
    answer = phone.sync(AT)
    assert answer.body["receipts"][0]["effect"]["flags"] == ["clock-off"]
    assert the_check(command).taken_at == EARLIER
    assert stored(command).occurred_at == EARLIER + off, "kept as told"
    assert (kept_commands(EVERYTHING, AT), device_row(phone).skew_seconds) == ([], -off.total_seconds())


def test_an_impossible_date_is_quarantined_and_not_the_record(field: Field, phone: Phone) -> None:
    phone.clock_off = timedelta(days=3)
    command = phone.record("check", a_check(field.file), EARLIER)
    phone.clock_off = timedelta(0)  # somebody set the clock right before it was sent
    answer = phone.sync(AT)
    assert statuses(answer.body) == [("done", "")]
    assert answer.body["receipts"][0]["effect"]["flags"] == ["clock-off", "date-quarantined"]
    assert the_check(command).taken_at == AT
    (kept,) = kept_commands(EVERYTHING, AT, kind="date")
    assert kept.id == UUID(command["id"])
    confirm_date(command_id=kept.id, scope=EVERYTHING, by=CLERK, at=AT)
    assert kept_commands(EVERYTHING, AT) == []
    with pytest.raises(Refused, match="command-settled"):
        confirm_date(command_id=kept.id, scope=EVERYTHING, by=CLERK, at=AT)


def test_work_of_days_without_a_signal_keeps_its_dates(field: Field, phone: Phone) -> None:
    field.clock.at = AT - timedelta(hours=20)
    phone.shift()
    command = phone.record("check", a_check(field.file), field.clock.at + timedelta(hours=1))
    field.clock.at = AT + timedelta(days=3)
    phone.shift()
    answer = phone.sync(field.clock.at)
    assert "flags" not in answer.body["receipts"][0]["effect"]
    assert the_check(command).taken_at == AT - timedelta(hours=19)


# restores


def test_what_is_inside_a_proved_backup_is_told(field: Field, phone: Phone) -> None:
    phone.record("check", a_check(field.file), EARLIER)
    number = phone.sync(AT).body["receipts"][0]["server_seq"]
    assert phone.held
    mark_verified_backup(
        server_seq=number, file="x.dump", size=1, rows=1, events=1, taken_at=AT, by=SYSTEM, at=AT
    )
    assert phone.state().body["backed_up_to"] == number
    phone.record("check", a_check(field.file), EARLIER)
    assert phone.sync(AT).body["backed_up_to"] == number
    assert len(phone.held) == 1, "the phone forgets what is inside"


def test_after_a_restore_the_phone_offers_again_and_each_is_one_fact(field: Field, phone: Phone) -> None:
    command = phone.record("check", a_check(field.file), EARLIER)
    phone.sync(AT)
    epoch = begin_epoch(reason="restore", by=SYSTEM, at=AT)
    assert phone.state().body["epoch"] == epoch
    answer = phone.sync(AT)
    assert (phone.epoch, answer.body["restored"]) == (epoch, False)
    assert phone.receipts[command["id"]]["status"] == "again"


def test_a_phone_that_knows_more_than_the_server_tells_it_of_the_restore(field: Field, phone: Phone) -> None:
    other = field.phone("village-cadre")
    before = phone.epoch
    phone.last_server_seq = other.last_server_seq = server_state().last_server_seq + 500
    phone.record("check", a_check(field.file), EARLIER)
    answer = phone.ask("POST", "commands", phone.batch(phone.outbox, AT))
    assert answer.body["restored"] is True
    assert answer.body["epoch"] != before
    assert answer.body["receipts"][0]["server_seq"] > phone.last_server_seq, "no number is given twice"
    again = other.ask("POST", "commands", other.batch([], AT))
    assert again.body["epoch"] == answer.body["epoch"], "one restore is one epoch, whoever notices it"
    assert events("devices.epoch.begun") == 1


# at the desk


def test_the_desk_takes_on_what_was_kept_and_the_worker_stands_as_who_measured(
    field: Field, phone: Phone
) -> None:
    command = phone.record("check", a_check(field.file, deci=385), EARLIER)
    revoke_device(device_id=UUID(phone.device), reason="丢失", scope=EVERYTHING, by=CLERK, at=AT)
    phone.sync(AT)
    clerk = field.town.user("town-clerk")
    scope = scope_of(clerk.id, AT)
    said = open_entry(entry_id=UUID(command["id"]), sight=scope, scope=scope, by=clerk.as_actor(), at=AT)
    assert said is not None
    assert said["deci"] == 385
    accept_command(
        command_id=UUID(command["id"]), scope=scope, by=clerk.as_actor(), at=AT + timedelta(minutes=5)
    )
    check = the_check(command)
    assert (check.recorded_by, check.measured_by) == (str(clerk.id), phone.actor["id"])
    assert (check.deci, check.taken_at, check.abnormal) == (385, EARLIER, True)
    assert kept_commands(scope, AT + timedelta(hours=1)) == []
    with pytest.raises(Refused, match="command-settled"):
        accept_command(command_id=UUID(command["id"]), scope=scope, by=clerk.as_actor(), at=AT)
    assert statuses(phone.send([command], AT).body) == [("again", "device-revoked")]


def test_who_may_not_write_it_may_not_take_it_on_nor_read_it(field: Field, phone: Phone) -> None:
    command = phone.record("check", a_check(field.file), EARLIER)
    revoke_device(device_id=UUID(phone.device), reason="丢失", scope=EVERYTHING, by=CLERK, at=AT)
    phone.sync(AT)
    administrator = field.town.user("administrator")
    scope = scope_of(administrator.id, AT)
    by = administrator.as_actor()
    with pytest.raises(Refused, match="not-permitted"):
        open_entry(entry_id=UUID(command["id"]), sight=scope, scope=scope, by=by, at=AT)
    with pytest.raises(Refused, match="not-permitted"):
        accept_command(command_id=UUID(command["id"]), scope=scope, by=by, at=AT)
    assert not has_check(command)
    assert len(kept_commands(scope, AT)) == 1, "it waits for somebody who may"
    elsewhere = scope_at(OTHER_VILLAGE, "device.manage", "observation.record")
    for call in (accept_command, confirm_date):
        with pytest.raises(Refused, match="command-not-found"):
            call(command_id=UUID(command["id"]), scope=elsewhere, by=CLERK, at=AT)


def test_what_was_kept_is_dismissed_with_a_reason_and_stays(field: Field, phone: Phone) -> None:
    command = phone.record("check", a_check(field.file, deci=999), EARLIER)
    phone.record("check", a_check(field.file), EARLIER)
    envelope = {k: v for k, v in phone.outbox[1].items() if k not in ("hash", "sealed")}
    phone.sync(AT)
    phone.send([phone.sealed(envelope, a_check(field.file, deci=371))], AT)
    assert kept_counts(EVERYTHING, AT) == {"refused": 1, "quarantined": 0, "conflict": 1, "date": 0}
    with pytest.raises(Refused, match="reason-missing"):
        dismiss_command(command_id=UUID(command["id"]), reason=" ", scope=EVERYTHING, by=CLERK, at=AT)
    for row in kept_commands(EVERYTHING, AT):
        dismiss_command(command_id=row.id, reason="重复", scope=EVERYTHING, by=CLERK, at=AT)
    assert kept_commands(EVERYTHING, AT) == []
    assert stored(command).sealed is not None


def test_kept_things_are_paged_newest_first_and_cut_by_place(field: Field, phone: Phone) -> None:
    for n in range(7):
        phone.record("check", a_check(field.file, deci=900 + n), EARLIER)
    phone.sync(AT)
    seen, after = [], None
    while page := kept_commands(scope_at(TOWN, "device.manage"), AT, after=after, limit=3):
        seen += [row.seq for row in page]
        after = page[-1].cursor
    assert sorted(seen) == list(range(1, 8))
    assert len(seen) == 7
    assert kept_commands(scope_at(OTHER_VILLAGE, "device.manage"), AT) == []
    assert kept_commands(scope_at(VILLAGE, "observation.view"), AT) == []


def test_the_desk_sees_gaps_skew_and_who_was_not_heard_of(field: Field, phone: Phone) -> None:
    quiet = field.phone("village-cadre")
    phone.clock_off = timedelta(hours=-1)
    some = [phone.record("check", a_check(field.file), EARLIER) for _ in range(4)]
    phone.send([some[0], some[3]], AT)
    mine = scope_at(TOWN, "device.manage")
    (gapped,) = devices(mine, with_gaps=True)
    assert (str(gapped.id), gapped.gaps) == (phone.device, ((2, 3),))
    assert [str(row.id) for row in devices(mine, skewed_by=300)] == [phone.device]
    assert [str(row.id) for row in devices(mine, unseen_since=AT)] == [quiet.device]
    assert len(devices(mine)) == 2
    assert devices(scope_at(OTHER_VILLAGE, "device.manage")) == []


def test_revoking_needs_a_reason_and_the_place(field: Field, phone: Phone) -> None:
    del field
    device = UUID(phone.device)
    with pytest.raises(Refused, match="reason-missing"):
        revoke_device(device_id=device, reason="", scope=EVERYTHING, by=CLERK, at=AT)
    with pytest.raises(Refused, match="device-not-found"):
        revoke_device(
            device_id=device, reason="丢失", scope=scope_at(OTHER_VILLAGE, "device.manage"), by=CLERK, at=AT
        )
    for _ in range(2):
        revoke_device(device_id=device, reason="丢失", scope=scope_at(TOWN, "device.manage"), by=CLERK, at=AT)
    assert events("devices.device.revoked") == 1


def test_what_came_is_never_changed(field: Field, phone: Phone) -> None:
    phone.record("check", a_check(field.file), EARLIER)
    phone.sync(AT)
    for statement in ("update devices_command set status = 'done'", "delete from devices_command"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_an_older_key_of_the_server_still_opens(field: Field, phone: Phone) -> None:
    command = phone.record("check", a_check(field.file), EARLIER)
    with override_settings(KEYS=settings.KEYS | {"device-2": "11" * 32}):
        assert statuses(phone.send([command], AT).body) == [("done", "")]
        newer = field.phone()
        assert newer.server_key["id"] == "2"
        newer.record("check", a_check(field.file), EARLIER)
        assert statuses(newer.sync(AT).body) == [("done", "")]


def test_somebody_whose_log_in_was_closed_is_as_revoked(field: Field, phone: Phone) -> None:
    user = field.town.user("village-doctor", "own village")
    type(user).objects.filter(id=user.id).update(is_active=False)
    phone.record("check", a_check(field.file), EARLIER)
    assert phone.shift().status == 403
    assert statuses(phone.sync(AT).body) == [("quarantined", "device-revoked")]
    assert Device.objects.unscoped("test").get(id=phone.device).revoked_at is None
    assert Actor(**phone.actor).name == "冉晓梅"
