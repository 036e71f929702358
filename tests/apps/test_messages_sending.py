"""Sending against real servers on loopback: delivered, refused inside a 200, throttled, failing, silent."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from shouwang.kernel.actor import SYSTEM
from shouwang.outreach.actions import change_channel, mark_arrived, resend_messages, try_channel
from shouwang.outreach.queries import message_counts, message_page, stopped_channels
from tests.apps import sending
from tests.apps.sending import (
    ALL,
    KEYS,
    SETTINGS,
    channel_of,
    fake_of,
    message,
    outcomes,
    queue,
    send,
    send_all,
    worker,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("kind", sorted(KEYS))
def test_every_vendor_takes_a_message_as_its_document_says(kind: str, at: datetime) -> None:
    with fake_of(kind) as fake:
        channel_of(kind, fake.url, at)
        queue(worker(at), at, "a")
        assert dict(send(at).outcomes) == {"sent": 1}
        assert send(at, 5).calls == 0
        assert len(fake.delivered) == 1
        assert "3F2A" in fake.delivered[0].text
    told = message("a")
    assert (told.state, told.settled_at, told.attempts) == ("sent", at, 1)
    if kind.startswith("sms-"):
        assert fake.delivered[0].to in ("+8613800000001", "13800000001")


@pytest.mark.parametrize("kind", sorted(KEYS))
def test_a_bad_secret_is_refused_and_stops_the_channel_until_it_is_mended(kind: str, at: datetime) -> None:
    with fake_of(kind) as fake:
        wrong = dict.fromkeys(KEYS[kind], "wrong")
        right = KEYS[kind]
        key = channel_of(kind, fake.url, at)
        settings = SETTINGS.get(kind, {}) | {"base-url": fake.url}
        change_channel(channel_id=key, settings=settings, secret=wrong, scope=ALL, by=SYSTEM, at=at)
        queue(worker(at), at, "a")
        assert dict(send(at).outcomes) == {"broken": 1}
        queue(worker(at), at, "b")
        assert send(at, 60).calls == 0, "nothing is burnt on a channel that cannot work"
        assert message("a").state == "refused"
        assert message("b").state == "queued"
        assert [(c.id, c.is_broken) for c in stopped_channels(ALL)] == [(key, True)]
        change_channel(
            channel_id=key, settings=settings, secret=right, scope=ALL, by=SYSTEM, at=at + 61 * MINUTE
        )
        assert dict(send(at, 62).outcomes) == {"sent": 2}
        assert stopped_channels(ALL) == []
        assert len(fake.delivered) == 2


@pytest.mark.parametrize(
    ("kind", "reply", "outcome", "state"),
    [
        ("wecom", (200, {"errcode": 45009, "errmsg": "api freq out of limit"}), "throttled", "queued"),
        ("wecom", (200, {"errcode": -1, "errmsg": "system busy"}), "failed", "queued"),
        ("wecom", (200, {"errcode": 40058, "errmsg": "invalid Request Parameter"}), "refused", "refused"),
        ("wecom", (502, b"<html>bad gateway</html>"), "failed", "queued"),
        ("wecom", (200, b"<html>log in to the hotel's network</html>"), "broken", "refused"),
        ("wecom", (302, b""), "broken", "refused"),
        ("dingtalk", (200, {"errcode": 130101, "errmsg": "send too fast"}), "throttled", "queued"),
        ("dingtalk", (200, {"errcode": 430102, "errmsg": "text"}), "refused", "refused"),
        ("feishu", (400, {"code": 11232, "msg": "frequency limited"}), "throttled", "queued"),
        ("feishu", (429, {"code": 99991400, "msg": "too many"}), "throttled", "queued"),
        ("sms-http", (503, {}), "failed", "queued"),
        ("sms-http", (200, {"ok": False, "code": "blacklist"}), "refused", "refused"),
        ("sms-aliyun", (200, {"Code": "isv.BUSINESS_LIMIT_CONTROL"}), "throttled", "queued"),
        ("sms-aliyun", (200, {"Code": "isv.MOBILE_NUMBER_ILLEGAL"}), "refused", "refused"),
        ("sms-aliyun", (200, {"Code": "isv.AMOUNT_NOT_ENOUGH"}), "broken", "refused"),
        ("sms-aliyun", (200, {"Code": "isp.SYSTEM_ERROR"}), "failed", "queued"),
        (
            "sms-tencent",
            (200, {"Response": {"Error": {"Code": "InternalError.Timeout"}}}),
            "failed",
            "queued",
        ),
        (
            "sms-tencent",
            (200, {"Response": {"SendStatusSet": [{"Code": "InvalidParameterValue.IncorrectPhoneNumber"}]}}),
            "refused",
            "refused",
        ),
    ],
)
def test_a_refusal_inside_a_200_is_a_refusal(
    kind: str, reply: tuple[int, object], outcome: str, state: str, at: datetime
) -> None:
    with fake_of(kind) as fake:
        channel_of(kind, fake.url, at)
        queue(worker(at), at, "a")
        fake.next_replies.append(reply)
        assert dict(send(at).outcomes) == {outcome: 1}
        assert message("a").state == state
        assert fake.delivered == []
        if state == "queued":
            assert send(at, 0.4).calls == 0
            assert dict(send(at, 30).outcomes) == {"sent": 1}
            assert len(fake.delivered) == 1


def test_a_robot_is_never_called_more_than_its_vendor_allows(at: datetime) -> None:
    with fake_of("wecom") as fake:
        fake.per_minute = 20
        channel_of("wecom", fake.url, at)
        queue(worker(at), at, *[f"m{n}" for n in range(50)])
        assert send_all(at) == 20
        assert send_all(at + timedelta(seconds=59)) == 0
        fake.forget()
        assert send_all(at + MINUTE) == 20
        fake.forget()
        assert send_all(at + 2 * MINUTE) == 10
        assert len(fake.texts()) == 50
        assert len(fake.requests) == 50, "no call was thrown away on a refusal for speed"


def test_the_limit_of_a_robot_holds_over_processes_because_it_is_counted_in_the_database(
    at: datetime,
) -> None:
    with fake_of("feishu") as fake:
        channel_of("feishu", fake.url, at)
        queue(worker(at), at, *[f"m{n}" for n in range(12)])
        assert send(at).calls == 5  # five a second; another process reads the same tries
        assert send(at).calls == 0
        assert send(at + timedelta(seconds=1)).calls == 5


def test_a_throttled_robot_is_left_alone_as_long_as_the_vendor_says(at: datetime) -> None:
    with fake_of("dingtalk") as fake:
        key = channel_of("dingtalk", fake.url, at)
        queue(worker(at), at, "a", "b")
        fake.next_replies += [(200, {"errcode": 130101, "errmsg": "send too fast"})] * 2
        send(at)
        assert sending.channel(key).blocked_until == at + 10 * MINUTE
        assert send(at, 9).calls == 0
        assert dict(send(at, 13).outcomes) == {"sent": 2}
        assert stopped_channels(ALL) == [], "throttled is not stopped"


def test_an_outage_stops_the_channel_loses_nothing_and_ends_by_itself(at: datetime) -> None:
    with fake_of("wecom") as fake:
        key = channel_of("wecom", fake.url, at)
        names = [f"m{n}" for n in range(12)]
        queue(worker(at), at, *names)
        fake.always = (503, b"")
        minute = 0
        while minute < 40:
            send(at, minute)
            minute += 1
        (stopped,) = stopped_channels(ALL)
        assert (stopped.id, stopped.is_broken, stopped.failing_since) == (key, False, at)
        assert stopped.failures >= 5
        assert {message(name).state for name in names} == {"queued"}
        assert len(fake.requests) < 30, "a dead channel is tried now and then, not by every message"
        fake.always = None
        while minute < 80:
            send(at, minute)
            minute += 1
        assert {message(name).state for name in names} == {"sent"}
        assert len(fake.delivered) == 12
        assert stopped_channels(ALL) == []


def test_a_server_that_cannot_be_reached_was_surely_not_told(at: datetime) -> None:
    with fake_of("wecom") as fake:
        url = fake.url
    channel_of("wecom", url, at)
    queue(worker(at), at, "a")
    assert dict(send(at).outcomes) == {"failed": 1}
    assert (message("a").state, message("a").last_code) == ("queued", "unreachable")


def test_a_robot_that_takes_the_message_and_hangs_up_leaves_it_uncertain_and_a_person_decides(
    at: datetime,
) -> None:
    with fake_of("wecom") as fake:
        channel_of("wecom", fake.url, at)
        queue(worker(at), at, "a", "b")
        fake.hang_up = True
        assert dict(send(at).outcomes) == {"lost": 2}
        fake.hang_up = False
        assert send(at, 600).calls == 0, "it may have arrived, and is not sent again by itself"
        assert message_counts(ALL)["uncertain"] == 2
        by_person = {"scope": ALL, "by": SYSTEM, "at": at + 601 * MINUTE}
        assert mark_arrived(messages=[message("a").id], **by_person) == 1  # type: ignore[arg-type]
        assert resend_messages(messages=[message("b").id], **by_person) == 1  # type: ignore[arg-type]
        assert dict(send(at, 602).outcomes) == {"sent": 1}
        assert outcomes("a") == [("lost", "no-answer"), ("arrived", "seen")]
        assert outcomes("b") == [("lost", "no-answer"), ("sent", "0")]
        assert [text.startswith("（可能重复") for text in fake.texts()] == [False, False, True]


def test_a_gateway_that_knows_our_key_is_simply_called_again(at: datetime) -> None:
    with fake_of("sms-http") as fake:
        channel_of("sms-http", fake.url, at)
        queue(worker(at), at, "a")
        fake.hang_up = True
        assert dict(send(at).outcomes) == {"lost": 1}
        fake.hang_up = False
        assert dict(send(at, 30).outcomes) == {"sent": 1}
        assert len(fake.delivered) == 1, "called twice, told once"


def test_an_alarm_goes_by_sms_and_by_the_next_way_where_that_has_stopped(at: datetime) -> None:
    with fake_of("sms-http") as gateway, fake_of("wecom") as robot:
        channel_of("sms-http", gateway.url, at)
        channel_of("wecom", robot.url, at)
        to = worker(at)
        queue(to, at, "a")
        send(at)
        assert (len(gateway.delivered), len(robot.delivered)) == (1, 0)
        gateway.always = (401, {"ok": False, "code": "token"})
        queue(to, at, "b")
        send(at, 1)
        queue(to, at + MINUTE, "c")
        assert dict(send(at, 2).outcomes) == {"sent": 1}
        assert (len(gateway.delivered), len(robot.delivered)) == (1, 1)


def test_without_a_channel_a_message_waits_and_after_three_days_it_is_shown_as_dead(at: datetime) -> None:
    queue(worker(at, telephone=""), at, "a")
    assert send(at).calls == 0
    assert (message("a").state, message("a").last_code) == ("queued", "no-channel")
    assert send(at, 3 * 24 * 60 + 10).calls == 0
    assert message("a").state == "dead"
    assert message_counts(ALL)["dead"] == 1


def test_a_test_is_sent_at_once_and_says_what_the_vendor_answered(at: datetime) -> None:
    with fake_of("wecom") as fake:
        key = channel_of("wecom", fake.url, at)
        told = try_channel(channel_id=key, scope=ALL, place="龙沙镇", by=SYSTEM, at=at)
        assert told == ("sent", "0")
        assert fake.texts() == ["【守望】测试：龙沙镇的消息通道已接通。"]
        fake.secrets.clear()
        told = try_channel(channel_id=key, scope=ALL, place="龙沙镇", by=SYSTEM, at=at)
        assert told == ("refused", "broken:93000")


def test_the_log_shows_the_words_and_never_a_number(at: datetime) -> None:
    with fake_of("sms-http") as fake:
        channel_of("sms-http", fake.url, at)
        queue(worker(at), at, "a")
        send(at)
    (row,) = message_page(ALL)
    assert (row.to_name, row.state, row.channel_kind) == ("熊德兰", "sent", "sms-http")
    assert "13800000001" not in str(row)
