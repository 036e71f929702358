"""Longsha at its full size, built once: the register, both lists of returnees, the pack in force.

The town is built inside a transaction that is rolled back when the last acceptance test is over; each test runs
in a savepoint of it. All acceptance tests run on one worker (`xdist_group`), so that it is built once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from shouwang.journeys.found_place import found_place
from shouwang.journeys.take_in import TakenIn, take_in_file
from shouwang.kernel.actor import Actor
from shouwang.kernel.scope import Scope
from shouwang.packs.schema import Pack
from shouwang.policy.queries import pack_in_force
from tests.conftest import SAMPLES

CHINA = timezone(timedelta(hours=8))
TOWN = "500101135"
EVERYTHING = Scope.everything("acceptance")
CLERK = Actor("clerk", "冉晓梅")
DOCTOR = Actor("doctor", "向医生")
CADRE = Actor("cadre", "谭书记")


def when(text: str) -> datetime:
    """An instant of 2020 in Longsha: `01-27 18:00`."""
    return datetime.strptime(f"2020-{text} +0800", "%Y-%m-%d %H:%M %z")


REGISTERED = when("01-15 09:00")
HUBEI_CAME = when("01-27 18:00")
OTHERS_CAME = when("01-28 18:00")


@dataclass(frozen=True)
class LongshaTown:
    """What was built: the receipts of the three files, and the policy they were taken in under."""

    register: TakenIn
    hubei: TakenIn
    others: TakenIn
    revision_id: UUID
    pack: Pack

    def pack_of(self, revision: UUID) -> Pack:
        """The pack of the only revision of the town."""
        assert revision == self.revision_id
        return self.pack


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every acceptance test belongs to one group and may use the database."""
    for item in items:
        if "tests/acceptance/" in item.path.as_posix():
            item.add_marker(pytest.mark.xdist_group("town"))
            item.add_marker(pytest.mark.django_db)


@pytest.fixture(scope="package")
def longsha(django_db_setup: None, django_db_blocker: Any) -> Iterator[LongshaTown]:
    """The town, for the whole package. Ask for `town`, which lives in the test's own savepoint."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _build()
        transaction.set_rollback(True)


@pytest.fixture
def town(longsha: LongshaTown, db: None) -> LongshaTown:
    """Longsha on the evening of 28 January 2020; what a test does to it is undone."""
    return longsha


def _build() -> LongshaTown:
    found_place(place_code=TOWN, pack_id="cn-2020-longsha", by=CLERK, at=when("01-14 09:00"))
    taken = []
    for kind, name, at in (
        ("register", "longsha_register.xlsx", REGISTERED),
        ("returnees", "longsha_hubei_returnees.xlsx", HUBEI_CAME),
        ("returnees", "longsha_other_returnees_gb18030.csv", OTHERS_CAME),
    ):
        path = SAMPLES / name
        taken.append(take_in_file(kind=kind, area=TOWN, path=path, file_name=name, by=CLERK, at=at))  # type: ignore[arg-type]
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            cursor.execute(
                "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"
            )  # once, not per test
    revision, pack = pack_in_force(EVERYTHING, TOWN, OTHERS_CAME)
    return LongshaTown(taken[0], taken[1], taken[2], revision.id, pack)


@pytest.fixture(scope="module")
def founded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """Rongchang before 31 January, for a module. Ask for `place`, which lives in the test's own savepoint."""
    from tests.acceptance.rongchang import found, on

    with django_db_blocker.unblock(), transaction.atomic():
        yield found(on(1, 30, 8))
        transaction.set_rollback(True)


@pytest.fixture
def place(founded: Any, db: None) -> Any:
    """Rongchang's hotel and home village; what a test does to them is undone."""
    return founded


def day_of(at: datetime) -> date:
    """The local day in Longsha."""
    return at.astimezone(CHINA).date()
