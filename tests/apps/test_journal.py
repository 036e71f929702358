from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from shouwang.journal.actions import append_event, events_last
from shouwang.journal.models import Event
from shouwang.journal.queries import broken_chains, event_count, events_about
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.errors import Unscoped
from shouwang.kernel.scope import Grant, Scope

pytestmark = pytest.mark.django_db


def _append(at: datetime, area: str = "500101135003", subject: str = "1") -> None:
    append_event(
        verb="test.thing.done", subject=("thing", subject), area=area, by=SYSTEM, at=at, payload={"n": 1}
    )


def test_a_journal_that_nobody_touched_verifies(at: datetime) -> None:
    for _ in range(3):
        _append(at)
    assert broken_chains() == []


def test_an_event_changed_behind_the_back_of_the_product_breaks_its_chain(at: datetime) -> None:
    for _ in range(3):
        _append(at)
    with connection.cursor() as cursor:
        cursor.execute("alter table journal_event disable trigger all")
        cursor.execute("update journal_event set actor_name = 'someone else' where seq = 2")
        cursor.execute("alter table journal_event enable trigger all")
    assert broken_chains() == [("500101135", 2)]


def test_an_event_cut_from_the_end_is_noticed(at: datetime) -> None:
    for _ in range(3):
        _append(at)
    with connection.cursor() as cursor:
        cursor.execute("alter table journal_event disable trigger all")
        cursor.execute("delete from journal_event where seq = 3")
        cursor.execute("alter table journal_event enable trigger all")
    assert broken_chains() == [("500101135", 3)]


@pytest.mark.parametrize("statement", ["update journal_event set verb = 'x'", "delete from journal_event"])
def test_the_database_refuses_to_change_an_event(at: datetime, statement: str) -> None:
    _append(at)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_reading_events_without_a_scope_raises(at: datetime) -> None:
    _append(at)
    with pytest.raises(Unscoped):
        list(Event.objects.all())
    with pytest.raises(Unscoped):
        Event.objects.filter(seq=1).count()


def test_an_event_of_another_village_does_not_exist(at: datetime) -> None:
    _append(at)
    other = Scope("u", (Grant("village-cadre", "500101135200", frozenset({"journal.view"})),))
    assert events_about(other, "thing", ["1"]) == []
    assert len(events_about(Scope.everything(), "thing", ["1"])) == 1


def test_events_of_long_work_wait_for_its_end_and_leave_the_chain_free_meanwhile(at: datetime) -> None:
    before = event_count()

    def tell(number: int) -> None:
        append_event(verb="test.told", subject=("x", number), area="500101135", by=SYSTEM, at=at)

    with transaction.atomic(), events_last():
        tell(1)
        tell(2)
        assert event_count() == before
    assert event_count() == before + 2
    with suppress(ZeroDivisionError), transaction.atomic(), events_last():
        tell(3)
        raise ZeroDivisionError
    tell(4)
    assert event_count() == before + 3
    assert broken_chains() == []
