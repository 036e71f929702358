"""X2 Offline first: a day's work in a village without a signal, nothing lost, nothing doubled.

The day of a doctor with 34 households and 64 people, told by a phone written from docs/reference/sync.md alone, through
the site's own addresses. The same day in a real browser, its server dead meanwhile, is
`tests/browser/test_field_story.py`; every fault at random is `tests/journeys/test_field_faults.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from django.test import override_settings

from shouwang.accounts.actions import create_user, grant_role
from shouwang.devices.actions import make_enrol_code
from shouwang.devices.queries import kept_counts
from shouwang.journeys.field_commands import acknowledged_and_missing
from shouwang.workforce.actions import NewAssignment, NewWorker, assign_many, enlist_workers
from tests.acceptance.conftest import CLERK, EVERYTHING, TOWN, LongshaTown, when
from tests.acceptance.test_c5_doctors_round import AREA, PEOPLE, Patch, patch
from tests.acceptance.watching import rows
from tests.field_phone import Answer, Phone, a_check, client_wire

__all__ = ["patch"]
DAWN, NOON = when("01-30 06:30"), when("01-30 12:00")
FEVERS = {20: 378, 47: 386}


@dataclass
class HandClock:
    """The site's clock, set by hand."""

    at: datetime = DAWN

    def now(self) -> datetime:
        return self.at


@dataclass
class BadLine:
    """The way to the site: the answers to the calls numbered in `lost` never arrive; what was asked is done."""

    lost: frozenset[int] = frozenset()
    number: Iterator[int] = field(default_factory=lambda: count(1))

    def __call__(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        answer = client_wire()(method, path, headers, body)
        if path.endswith("commands") and next(self.number) in self.lost:
            return Answer(0, {}, {})
        return answer


@pytest.fixture
def clock() -> Iterator[HandClock]:
    hand = HandClock()
    with override_settings(CLOCK=hand, REQUIRE_MFA=False):
        yield hand


@pytest.fixture
def phone(patch: Patch, clock: HandClock) -> Phone:
    """The doctor's, enrolled the evening before, its list fetched at 06:30."""
    clock.at = when("01-29 19:00")
    user = create_user(username="xie", name="谢兵", password="correct horse", by=CLERK, at=clock.at)
    grant_role(user_id=user.id, role="village-doctor", area=AREA, by=CLERK, at=clock.at)
    worker = NewWorker(AREA, "谢兵", ("medic",), "13900000000", user_id=user.id)
    enlist_workers(workers=[worker], area=TOWN, by=CLERK, at=clock.at)
    homes = patch.walker.households
    slots = [NewAssignment(AREA, worker.id, "five-to-one", "medic", "household", str(one)) for one in homes]
    assign_many(assignments=slots, area=TOWN, by=CLERK, at=clock.at)
    made = Phone(BadLine())
    code = make_enrol_code(user_id=user.id, scope=EVERYTHING, by=CLERK, at=clock.at).code
    assert made.enrol(code).status == 200
    clock.at = DAWN
    assert made.shift().status == 200
    return made


def held_files(phone: Phone) -> list[str]:
    """The files of the list, household by household as they are rung."""
    docs = {one["key"]: one["doc"] for one in phone.ask("GET", "changes").body["docs"]}
    homes = sorted((d for k, d in docs.items() if k.startswith("home/")), key=lambda home: home["call"])
    return [file for home in homes for file in home["files"]]


def a_morning(phone: Phone, files: list[str]) -> dict[str, datetime]:
    """64 checks, four minutes each, two fevers; one family is out at first. Command → when it was done."""
    told: dict[str, datetime] = {}
    at = DAWN + timedelta(minutes=5)
    out = phone.record("check", a_check(files[0], outcome="not-home", deci=None, seen="nobody"), at)
    told[out["id"]] = at
    for number, file in enumerate(files, 1):
        at += timedelta(minutes=4)
        what: dict[str, Any] = {"deci": FEVERS.get(number, 363 + number % 6)}
        if number in FEVERS:
            what["symptoms"] = ["fever"]
        told[phone.record("check", a_check(file, **what), at)["id"]] = at
    return told


def stored() -> dict[str, datetime]:
    """Every check that came by this phone → when it was taken."""
    found = rows(
        "select c.id, c.taken_at from observation_dailycheck c join devices_command d on d.id = c.id"
        " where d.status = 'done'"
    )
    return {str(check): taken for check, taken in found}


def test_a_day_without_a_signal_is_there_once_with_its_own_times(
    phone: Phone, patch: Patch, clock: HandClock, town: LongshaTown
) -> None:
    before = rows("select count(*) from observation_alert")[0][0]
    files = held_files(phone)
    assert set(files) == {str(one) for one in patch.files}
    assert len(files) == PEOPLE
    told = a_morning(phone, files)
    assert rows("select count(*) from devices_command")[0][0] == 0, "nobody knows of it yet"

    clock.at = NOON
    phone.wire = BadLine(lost=frozenset({1, 3}))
    tries = 0
    while phone.outbox:
        phone.sync(NOON, most=20)
        tries += 1
        assert tries < 20
    assert tries > 1, "the line was not as bad as this test believes"

    assert stored() == told
    assert [seq for (seq,) in rows("select seq from devices_command order by seq")] == list(
        range(1, PEOPLE + 2)
    )
    assert acknowledged_and_missing() == (PEOPLE + 1, 0)
    assert not any(kept_counts(EVERYTHING, NOON).values())
    alarms = rows(
        "select c.id, c.deci from observation_alert a join observation_dailycheck c on c.id = a.check_row_id"
        " join devices_command d on d.id = c.id group by 1, 2 order by min(c.taken_at)"
    )
    assert [deci for _, deci in alarms] == [378, 386]
    assert rows("select count(*) from observation_alert")[0][0] > before


def test_sent_again_in_any_order_it_is_still_one_day(
    phone: Phone, clock: HandClock, town: LongshaTown
) -> None:
    told = a_morning(phone, held_files(phone))
    sent = list(phone.outbox)
    clock.at = NOON
    for some in (sent[40:], sent[:25], sent[20:45], list(reversed(sent))[:30], sent):
        assert phone.send(some, NOON).status == 200
    assert stored() == told
    last = rows("select last_deci, last_check_at from observation_file where id = %s", _file(sent[-1]))
    assert last == [(363 + PEOPLE % 6, told[sent[-1]["id"]])]


def test_the_list_is_gone_for_who_lost_the_patch_and_the_work_is_kept(
    phone: Phone, clock: HandClock, town: LongshaTown
) -> None:
    files = held_files(phone)
    phone.record("check", a_check(files[0]), DAWN + timedelta(minutes=9))
    clock.at = NOON
    user = UUID(phone.actor["id"])
    rows(
        "update accounts_grant set until = %s where user_id = %s returning 1", NOON - timedelta(hours=1), user
    )
    (receipt,) = phone.sync(NOON).body["receipts"]
    assert (receipt["status"], receipt["code"]) == ("quarantined", "not-permitted")
    assert sum(kept_counts(EVERYTHING, NOON).values()) == 1


def _file(command: dict[str, Any]) -> UUID:
    ((file,),) = rows("select file_id from observation_dailycheck where id = %s", UUID(command["id"]))
    return UUID(str(file))
