"""Queueing messages: once for the same thing, safe to say, bound to the caller's transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

import pytest
from django.db import transaction

from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.outreach.actions import NewMessage, queue_messages
from shouwang.outreach.models import Message

pytestmark = pytest.mark.django_db
VILLAGE = "500101135200"
TO = uuid7()


def _new(name: str, template: str = "alert-raised", **params: str) -> NewMessage:
    given = params or {"place": "海螺村", "severity": "紧急", "code": "3F2A", "link": "/alerts/"}
    return NewMessage(uuid5(TO, name), VILLAGE, template, given, "worker", TO, "alert", uuid7())


def _all() -> list[Message]:
    return list(Message.objects.unscoped("the test looks").order_by("queued_at", "id"))


def test_the_same_message_queued_twice_is_one(at: datetime) -> None:
    assert queue_messages(messages=[_new("a"), _new("b")], by=SYSTEM, at=at) == 2
    assert queue_messages(messages=[_new("b"), _new("c"), _new("c")], by=SYSTEM, at=at) == 1
    assert len(_all()) == 3
    assert all(m.state == "queued" and m.next_at == at and m.urgent for m in _all())


def test_a_message_is_queued_only_if_the_caller_commits(at: datetime) -> None:
    with transaction.atomic():
        queue_messages(messages=[_new("a")], by=SYSTEM, at=at)
        transaction.set_rollback(True)
    assert _all() == []


def test_an_unknown_template_or_placeholder_is_refused(at: datetime) -> None:
    with pytest.raises(Refused, match="message-template-unknown"):
        queue_messages(messages=[_new("a", "gossip")], by=SYSTEM, at=at)
    with pytest.raises(Refused, match="message-placeholder-unknown"):
        queue_messages(messages=[_new("a", address="3组15号")], by=SYSTEM, at=at)


def test_values_that_tell_of_a_person_are_hidden_before_they_are_written(at: datetime) -> None:
    queue_messages(
        messages=[
            _new("a", place="3组15号", household="宋云", code="500101195206112650", worker="13812345678")
        ],
        by=SYSTEM,
        at=at,
    )
    assert _all()[0].params == {"place": "＊", "household": "宋*", "code": "＊", "worker": "＊"}


def test_no_message_is_no_event_and_no_row(at: datetime) -> None:
    assert queue_messages(messages=[], by=SYSTEM, at=at) == 0
    assert UUID(int=0) not in {m.id for m in _all()}
