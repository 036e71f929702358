"""Batches that come at the same moment: the same one twice, one device's in two threads, two phones' of one file."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from shouwang.devices.models import Command, Device
from shouwang.journal.queries import broken_chains
from shouwang.observation.models import DailyCheck
from tests.apps.fielding import AT, a_field
from tests.field_phone import Answer, a_check, a_visit

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """All of them in the same moment, each on a connection of its own."""
    barrier = Barrier(len(calls))

    def one(call: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def test_what_comes_at_the_same_moment_is_there_once_and_in_order() -> None:
    with a_field() as field:
        phone, other = field.phone(), field.phone("village-cadre")
        ids = field.town.ids
        same = [
            phone.record("check", a_check(field.file, deci=360 + n), AT - timedelta(minutes=30 - n))
            for n in range(12)
        ]
        sent: list[Answer] = at_once([lambda: phone.send(same, AT)] * 4)
        assert [one.status for one in sent] == [200] * 4
        got = [[r["status"] for r in one.body["receipts"]] for one in sent]
        assert sorted(got) == [["again"] * 12] * 3 + [["done"] * 12]
        assert len({tuple(r["server_seq"] for r in one.body["receipts"]) for one in sent}) == 1

        halves = [
            phone.record("check", a_check(field.file, deci=365), AT - timedelta(seconds=n)) for n in range(20)
        ]
        theirs = [
            other.record(kind, payload, AT - timedelta(seconds=n))
            for n in range(10)
            for kind, payload in (
                ("visit", a_visit(ids["sweep"], ids["door"])),
                ("check", a_check(field.file, deci=366)),
            )
        ]
        mixed: list[Answer] = at_once(
            [
                lambda: phone.send(halves[10:], AT),
                lambda: phone.send(halves[:10], AT),
                lambda: other.send(theirs[:10], AT),
                lambda: other.send(theirs[10:], AT),
            ]
        )
        assert [one.status for one in mixed] == [200] * 4
        assert {r["status"] for one in mixed for r in one.body["receipts"]} == {"done"}
        rows = Device.objects.unscoped("test").values_list("contiguous", "highest")
        assert sorted(rows) == [(20, 20), (32, 32)]
        numbers = list(Command.objects.unscoped("test").values_list("server_seq", flat=True))
        assert len(set(numbers)) == len(numbers) == 52
        assert DailyCheck.objects.unscoped("test").filter(id__in=[one["id"] for one in same]).count() == 12
        assert broken_chains() == []
