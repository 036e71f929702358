"""`GET changes`: the difference, cursors, lost answers, and that a phone always ends up with what it must hold."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.accounts.queries import scope_of
from shouwang.devices.actions import make_enrol_code, revoke_device
from shouwang.devices.models import HeldList
from shouwang.journal.models import Event
from shouwang.journeys.field_changes import documents, written_documents
from shouwang.journeys.move_household import move_household
from shouwang.kernel.actor import SYSTEM, Actor
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import CheckCommand, end_file, record_checks
from shouwang.observation.queries import files_of_household
from shouwang.people.actions import correct_person, mark_person
from shouwang.people.queries import household
from shouwang.policy.queries import pack_of
from shouwang.screening.actions import NewPost, NewVisit, open_posts, record_visits
from shouwang.workforce.actions import end_assignment
from shouwang.workforce.queries import team_of
from tests.apps.field_patch import families, serve
from tests.conftest import CHINA
from tests.town import OTHER_VILLAGE, TOWN, VILLAGE, FixedClock, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
EVERYTHING = Scope.everything()
CLERK = Actor("clerk", "冉晓梅")


@pytest.fixture
def town() -> Iterator[Town]:
    with override_settings(CLOCK=FixedClock(AT), REQUIRE_MFA=False):
        yield found_town(AT, roles=("village-doctor", "village-cadre"))


@dataclass
class Phone:
    """What a phone does with answers: applies them whole, with their cursor."""

    token: str
    device: UUID
    user: UUID
    docs: dict[str, object] = field(default_factory=dict)
    cursor: str = ""

    def ask(self, at: datetime, cursor: str | None = None, *, zipped: bool = False) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "X-Shouwang-App": "3"}
        if zipped:
            headers["Accept-Encoding"] = "gzip"
        with override_settings(CLOCK=FixedClock(at)):
            asked = self.cursor if cursor is None else cursor
            return Client().get("/api/field/v1/changes", {"cursor": asked}, headers=headers)

    def apply(self, answer: dict[str, Any]) -> None:
        if answer["full"]:
            self.docs.clear()
        for key in answer["gone"]:
            del self.docs[key]
        self.docs |= {one["key"]: one["doc"] for one in answer["docs"]}
        self.cursor = answer["cursor"]

    def pull(self, at: datetime) -> dict[str, Any]:
        response = self.ask(at)
        assert response.status_code == 200, response.content
        answer: dict[str, Any] = response.json()
        self.apply(answer)
        return answer


def enrolled(town: Town, role: str = "village-doctor", place: str = "own village") -> Phone:
    user = town.user(role, place).pk
    made = make_enrol_code(user_id=user, scope=EVERYTHING, by=CLERK, at=AT - timedelta(hours=10))
    body = {"code": made.code, "name": "熊医生的手机", "app": 3}
    told = Client().post("/api/field/v1/enrol", body, content_type="application/json").json()
    return Phone(told["token"], UUID(told["device"]), user)


@pytest.fixture
def phone(town: Town) -> Phone:
    return enrolled(town)


def must_hold(phone: Phone, at: datetime) -> dict[str, object]:
    """What the server would send in full."""
    told = documents(scope_of(phone.user, at), Actor(str(phone.user), "冉晓梅"), at)
    return {key: json.loads(content) for key, content in written_documents(told).items()}


def check(file: UUID, at: datetime, deci: int = 366) -> None:
    item = CheckCommand(uuid7(), file, at, "visit", deci=deci, roles=("medic",))
    (receipt,) = record_checks(items=[item], scope=EVERYTHING, pack_of=pack_of, by=SYSTEM, at=at)
    assert receipt.status == "recorded", receipt


def test_the_first_pull_is_whole_and_the_next_is_empty(town: Town, phone: Phone) -> None:
    first = phone.pull(AT)
    assert first["full"]
    assert phone.docs == must_hold(phone, AT)
    assert phone.docs["me"]["actor"]["id"] == str(phone.user)  # type: ignore[index]
    again = phone.pull(AT)
    assert (again["full"], again["docs"], again["gone"]) == (False, [], [])
    assert again["cursor"] == first["cursor"]
    assert (first["epoch"], first["cut"]) == (again["epoch"], {"households": 0, "doors": 0})


def test_a_check_changes_its_file_and_nothing_else(town: Town, phone: Phone) -> None:
    phone.pull(AT)
    check(town.ids["file"], AT)
    answer = phone.pull(AT)
    assert [one["key"] for one in answer["docs"]] == [f"file/{town.ids['file']}"]


def test_a_lost_answer_costs_nothing(town: Town, phone: Phone) -> None:
    phone.pull(AT)
    check(town.ids["file"], AT)
    for _ in range(3):
        assert phone.ask(AT).status_code == 200, "these answers never arrive"
    answer = phone.pull(AT)
    assert not answer["full"]
    assert phone.docs == must_hold(phone, AT)
    assert HeldList.objects.filter(device_id=phone.device).count() == 2


def test_who_is_released_is_gone(town: Town, phone: Phone) -> None:
    phone.pull(AT)
    end_file(file_id=town.ids["file"], state="transferred", reason="送医", scope=EVERYTHING, by=SYSTEM, at=AT)
    answer = phone.pull(AT)
    assert set(answer["gone"]) == {f"home/{town.households['宋云']}", f"file/{town.ids['file']}"}


@pytest.mark.parametrize("cursor", ["", "x", "01a20158-6f76-709a-8bdf-4fc82d0955a4"])
def test_an_unknown_cursor_gives_everything(town: Town, phone: Phone, cursor: str) -> None:
    phone.pull(AT)
    assert phone.ask(AT, cursor).json()["full"]


def test_the_cursor_of_another_phone_gives_everything(town: Town, phone: Phone) -> None:
    phone.pull(AT)
    other = enrolled(town)
    other.cursor = phone.cursor
    assert other.pull(AT)["full"]
    assert not phone.pull(AT)["full"]


def test_a_revoked_phone_gets_nothing_more(town: Town, phone: Phone) -> None:
    phone.pull(AT)
    revoke_device(device_id=phone.device, reason="丢失", scope=EVERYTHING, by=CLERK, at=AT)
    response = phone.ask(AT)
    assert (response.status_code, response.json()["code"]) == (403, "device-revoked")


def test_handed_out_numbers_are_one_event_with_their_count(town: Town, phone: Phone) -> None:
    families(3, AT - timedelta(days=1))
    phone.pull(AT)
    phone.pull(AT)
    events = Event.objects.unscoped("test").filter(verb="devices.numbers.handed-out")
    assert [(one.subject_id, one.payload) for one in events] == [(str(phone.device), {"numbers": 4})]


def test_the_answer_is_zipped_where_asked_for(town: Town, phone: Phone) -> None:
    response = phone.ask(AT, zipped=True)
    assert response.headers["Content-Encoding"] == "gzip"
    told = json.loads(gzip.decompress(response.content))
    assert told["full"]


class World:
    """A patch in which things happen, each at its own minute."""

    def __init__(self, town: Town, phone: Phone) -> None:
        self.town, self.at = town, AT
        self.homes = families(4, AT - timedelta(days=1))
        serve(town, AT - timedelta(hours=2), homes=[*self.homes[:3], town.households["宋云"]])
        self.phone = phone
        self.acts: dict[str, Callable[[int], None]] = {
            name: getattr(self, name)
            for name in ("check", "end", "move", "correct", "mark", "unassign", "knock", "post", "wait")
        }

    def home(self, n: int) -> UUID:
        return self.homes[n % len(self.homes)]

    def check(self, n: int) -> None:
        for file in files_of_household(EVERYTHING, self.home(n)):
            check(file.id, self.at)

    def end(self, n: int) -> None:
        for file in files_of_household(EVERYTHING, self.home(n)):
            end_file(file_id=file.id, state="died", reason="x", scope=EVERYTHING, by=SYSTEM, at=self.at)

    def move(self, n: int) -> None:
        home = self.home(n)
        if household(EVERYTHING, home).members:
            move_household(
                household_id=home,
                area=OTHER_VILLAGE,
                address="1组1号",
                since=None,
                reason="x",
                scope=EVERYTHING,
                by=SYSTEM,
                at=self.at,
            )

    def correct(self, n: int) -> None:
        for one in household(EVERYTHING, self.home(n)).members:
            correct_person(person_id=one.id, name="name", value=f"赵{n}", reason="x", by=SYSTEM, at=self.at)

    def mark(self, n: int) -> None:
        for one in household(EVERYTHING, self.home(n)).members:
            mark_person(person_id=one.id, code="pregnant", by=SYSTEM, at=self.at)

    def unassign(self, n: int) -> None:
        for member in team_of(EVERYTHING, "household", self.home(n)):
            end_assignment(assignment_id=member.assignment_id, reason="x", by=SYSTEM, at=self.at)

    def knock(self, n: int) -> None:
        visit = NewVisit(
            uuid7(), self.town.ids["door"], self.at, ("met", "not-home", "refused")[n % 3], 0, ()
        )
        record_visits(
            sweep_id=self.town.ids["sweep"], visits=[visit], scope=EVERYTHING, by=SYSTEM, at=self.at
        )

    def post(self, n: int) -> None:
        new = NewPost(VILLAGE, f"{self.at:%m%d%H%M}卡口", "road")
        open_posts(posts=[new], area=TOWN, scope=EVERYTHING, by=SYSTEM, at=self.at)

    def wait(self, n: int) -> None:
        self.at += timedelta(hours=1 + n * 3)


ACTS = ("check", "end", "move", "correct", "mark", "unassign", "knock", "post", "wait")
STEPS = st.lists(
    st.tuples(st.sampled_from([*ACTS, "pull", "pull", "lost", "late answer"]), st.integers(0, 7)), max_size=10
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_a_phone_that_pulls_holds_exactly_what_it_must(
    town: Town, phone: Phone, steps: list[tuple[str, int]]
) -> None:
    """Changes of the world, lost answers, answers that come too late, and time passing, in any order."""
    phone.docs, phone.cursor = {}, ""
    with transaction.atomic():
        world = World(town, phone)
        kept: dict[str, Any] | None = None
        for what, n in steps:
            world.at += timedelta(minutes=1)
            if what == "pull":
                phone.pull(world.at)
                assert phone.docs == must_hold(phone, world.at)
            elif what == "lost":
                kept = phone.ask(world.at).json() | {"asked": phone.cursor}
            elif what == "late answer":
                if kept is not None and kept.pop("asked") == phone.cursor:
                    phone.apply(kept)
                kept = None
            else:
                world.acts[what](n)
        phone.pull(world.at)
        assert phone.docs == must_hold(phone, world.at)
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("select 1")
