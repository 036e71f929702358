"""A6 Arrivals: a post registers who comes through, at a desk or on a phone without a signal; the destination's list has
them. That it takes under 15 seconds on a phone is seen in a real browser by `tests/browser/test_field_doors.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import override_settings

from shouwang.accounts.actions import create_user, grant_role
from shouwang.accounts.queries import scope_of
from shouwang.devices.actions import make_enrol_code
from shouwang.journeys.arrive import arrive
from shouwang.kernel.actor import Actor
from shouwang.kernel.ids import uuid7
from shouwang.screening.actions import NewArrival, NewPost, open_posts
from shouwang.screening.queries import arrivals_through, arrivals_to_meet, posts
from tests.acceptance.conftest import CLERK, EVERYTHING, TOWN, LongshaTown, when
from tests.acceptance.watching import rows
from tests.field_phone import Phone, an_arrival, client_wire
from tests.town import FixedClock

AT = when("01-30 14:00")
HERE, THERE = "500101135200", "500101135204"


@pytest.fixture
def post(town: LongshaTown) -> UUID:
    """The motorway's post, in one village of the town."""
    open_posts(posts=[NewPost(HERE, "高速路口", "road")], area=TOWN, scope=EVERYTHING, by=CLERK, at=AT)
    return posts(EVERYTHING, since=AT)[0].id


@pytest.fixture
def guard_phone(town: LongshaTown, post: UUID) -> Iterator[Phone]:
    """A guard's phone, enrolled in the morning."""
    with override_settings(CLOCK=FixedClock(AT), REQUIRE_MFA=False):
        user = create_user(username="guard", name="冉门卫", password="correct horse", by=CLERK, at=AT)
        grant_role(user_id=user.id, role="village-cadre", area=TOWN, by=CLERK, at=AT)
        phone = Phone(client_wire())
        code = make_enrol_code(user_id=user.id, scope=EVERYTHING, by=CLERK, at=AT).code
        assert phone.enrol(code).status == 200
        assert phone.shift().status == 200
        yield phone


def in_the_book(post: UUID, name: str, at: datetime) -> NewArrival:
    return NewArrival(uuid7(), post, THERE, at, name, "武汉", plate="鄂A12345", deci=365, from_book=True)


def test_a_post_has_its_phone_know_where_people_may_go(guard_phone: Phone, post: UUID) -> None:
    docs = {one["key"]: one["doc"] for one in guard_phone.ask("GET", "changes").body["docs"]}
    assert docs[f"post/{post}"]["name"] == "高速路口"
    assert f"place/{THERE}" in docs


def test_a_carload_registered_without_a_signal_is_on_the_list_of_its_village(
    guard_phone: Phone, post: UUID
) -> None:
    came = AT - timedelta(hours=3)
    for n, name in enumerate(("向春生", "向冬梅", "向小满")):
        what = an_arrival(post, THERE, name=name, plate="渝C12345", deci=365 + n)
        guard_phone.record("arrival", what, came + timedelta(seconds=20 * n))
    assert arrivals_to_meet(EVERYTHING, area=THERE) == []
    answer = guard_phone.sync(AT)
    assert [one["status"] for one in answer.body["receipts"]] == ["done"] * 3
    guard_phone.send(list(guard_phone.held.values()), AT)
    waiting = arrivals_to_meet(EVERYTHING, area=THERE)
    assert sorted(one.name for one in waiting) == ["向冬梅", "向小满", "向春生"]
    assert {one.arrived_at for one in waiting} == {came + timedelta(seconds=20 * n) for n in range(3)}
    elsewhere = create_user(username="else", name="别村", password="correct horse", by=CLERK, at=AT)
    grant_role(user_id=elsewhere.id, role="village-cadre", area="500101135201", by=CLERK, at=AT)
    assert arrivals_to_meet(scope_of(elsewhere.id, AT)) == []


def test_a_passenger_book_is_keyed_in_at_the_desk(post: UUID) -> None:
    book = [in_the_book(post, f"旅客{n:03d}", AT - timedelta(minutes=n)) for n in range(80)]
    arrive(arrivals=book, scope=EVERYTHING, by=Actor("clerk", "冉晓梅"), at=AT)
    arrive(arrivals=book, scope=EVERYTHING, by=Actor("clerk", "冉晓梅"), at=AT)
    assert len(arrivals_through(EVERYTHING, post, limit=200)) == 80
    assert rows("select count(*) from screening_arrival where from_book")[0][0] == 80
    assert len(arrivals_to_meet(EVERYTHING, area=THERE, limit=200)) == 80
