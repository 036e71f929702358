"""One page with the whole story in order, each day signed by a named worker."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.observation.actions import correct_check, open_files, release_file, sign_day
from shouwang.observation.queries import file_page, files_of_person
from tests.apps.observing import (
    CADRE,
    DOCTOR,
    EVERYWHERE,
    check,
    make_ground,
    new_file,
    open_some,
    pack_of,
    record,
    when,
)

pytestmark = pytest.mark.django_db

FOUND, LAST = 26, date(2020, 2, 15)


def test_one_file_tells_the_whole_story_with_a_signature_for_every_day() -> None:
    """Found on the day after the return, watched to the last day, released on the morning after."""
    ground = make_ground(1, at=when(FOUND, 9, month=1))
    [one] = open_some(ground, at=when(FOUND, 9, month=1))
    day = date(2020, 1, FOUND)
    while day <= LAST:
        moment = when(day.day, 20, 30, month=day.month)
        hours = (10, 18) if (day - date(2020, 1, 25)).days <= 14 else (18,)
        taken = [when(day.day, hour, month=day.month) for hour in hours]
        record([check(one, t, 364 + t.hour % 3, roles=("medic", "police")) for t in taken], moment)
        sign_day(file_id=one, day=day, scope=EVERYWHERE, by=CADRE, at=moment)
        day += timedelta(days=1)
    release_file(file_id=one, scope=EVERYWHERE, pack_of=pack_of, by=CADRE, at=when(16, 9))

    page = file_page(EVERYWHERE, one, when(17))
    watched = [d for d in page.days if date(2020, 1, FOUND) <= d.day <= LAST]
    assert [d.day_no for d in watched] == list(range(1, 22))
    assert {d.signed_by for d in watched} == {CADRE.name}
    assert all(cell.state == "done" for d in watched for cell in d.cells)
    assert [len(d.cells) for d in watched] == [2] * 14 + [1] * 7
    assert all(d.quorum_came >= d.quorum_must for d in watched)
    assert page.file.state == "released"
    assert page.file.actual_ended_at == when(16, 9)
    assert [event.kind for event in page.events] == ["released"]
    assert all(cell.checks[0].recorded_by_name == DOCTOR.name for d in watched for cell in d.cells)


def test_a_signed_day_is_corrected_only_with_a_reason_and_both_stand_on_the_page() -> None:
    [one] = open_some(make_ground(1))
    item = check(one, when(1, 10), 367)
    record([item], when(1, 10))
    sign_day(file_id=one, day=date(2020, 2, 1), scope=EVERYWHERE, by=CADRE, at=when(1, 21))
    assert record([check(one, when(1, 18))], when(1, 22))[0].code == "day-signed"
    instead = check(one, when(1, 10), 363)
    correction = {"check_id": item.id, "item": instead, "scope": EVERYWHERE, "pack_of": pack_of, "by": DOCTOR}
    with pytest.raises(Refused, match="reason-missing"):
        correct_check(**correction, reason="", at=when(2))  # type: ignore[arg-type]
    correct_check(**correction, reason="抄错", at=when(2))  # type: ignore[arg-type]
    [cell] = [c for d in file_page(EVERYWHERE, one, when(2)).days for c in d.cells if c.checks]
    old, new = cell.checks
    assert (old.deci, old.corrected_by) == (367, new.id)
    assert (new.deci, new.corrects, new.correct_reason) == (363, old.id, "抄错")


def test_a_person_has_one_open_file_of_a_protocol_whatever_is_imported_again() -> None:
    ground = make_ground(1)
    [one] = open_some(ground)
    again = open_files(files=[new_file(ground, ground.people[0])], by=Actor("x", "x"), at=when(2))
    assert (again.files, again.already) == ((), (ground.people[0],))
    assert [row.id for row in files_of_person(EVERYWHERE, ground.people[0])] == [one]
