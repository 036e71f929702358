"""C7 Convalescents: 14 days central after discharge, with tests; a re-positive is its own kind, no new case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from shouwang.journal.queries import broken_chains
from shouwang.journeys.admit_convalescent import admit_convalescent
from shouwang.journeys.bring_home import ask_home, receive_home
from shouwang.journeys.release_person import release_with_certificate
from shouwang.journeys.send_on import send_on
from shouwang.journeys.take_in import classify_and_watch
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.observation.actions import DischargeCommand, record_discharge
from shouwang.observation.queries import (
    discharges_of,
    file_page,
    files_of_person,
    laboratory_of_files,
    moved_on,
    open_alerts,
    verify_checks,
)
from shouwang.observation.queries.counting import Moment, counted
from tests.acceptance.conftest import EVERYTHING
from tests.acceptance.rongchang import (
    HOME_STAFF,
    SITE_STAFF,
    Rongchang,
    admit,
    checked_through,
    file,
    listed,
    on,
    resulted,
    sampled,
    swabbed,
)

HOSPITAL = "区人民医院"


def discharged(
    place: Rongchang, person: UUID, day: date, *, site: bool = True, at: datetime | None = None
) -> UUID:
    """Discharged on `day`, entered that evening; the file of convalescence."""
    return admit_convalescent(
        item=DischargeCommand(uuid7(), person, HOSPITAL, day, "出院证2020-6"),
        scope=EVERYTHING,
        by=SITE_STAFF,
        at=at or on(day.month, day.day, 16),
        site=place.site if site else "",
    ).file_id


def came_back_positive(file_id: UUID, at: datetime) -> UUID:
    """The swab of the day is positive; the person goes back to hospital. The new file."""
    receipt = swabbed(file_id, at, "positive")
    assert receipt.alerts == ("re-positive",)
    new = send_on(
        file_id=file_id,
        event="re-positive",
        to=HOSPITAL,
        reason="复阳",
        scope=EVERYTHING,
        by=SITE_STAFF,
        at=at + timedelta(hours=5),
    )
    assert new is not None
    return new


def test_a_convalescent_is_watched_for_14_days_in_the_site_from_the_day_of_discharge(
    place: Rongchang,
) -> None:
    (person,) = admit(place, 1, on(2, 1))
    file_id = discharged(place, person, date(2020, 2, 6))
    row = file(file_id)
    assert (row.protocol, row.category, row.area, row.owner_id) == (
        "convalescent",
        "convalescent",
        place.site,
        place.head,
    )
    assert (row.day_zero, row.anchor_event, row.anchor_known) == (
        date(2020, 2, 6),
        "day-of-discharge",
        "clear",
    )
    days = {day.day_no: day for day in file_page(EVERYTHING, file_id, on(2, 6, 17)).days}
    assert {days[n].stage for n in range(1, 15)} == {"central"}
    assert {days[n].stage for n in range(15, 29)} == {"follow-up"}
    assert max(days) == 28
    tests = laboratory_of_files(EVERYTHING, [file_id])[file_id]
    assert [(row.day, row.kind) for row in tests] == [
        (date(2020, 2, 13), "pcr"),
        (date(2020, 2, 20), "pcr"),
        (date(2020, 3, 5), "pcr"),
    ]
    assert row.restricts
    assert row.evidence
    assert [(d.hospital, d.document) for d in discharges_of(EVERYTHING, [person])[person]] == [
        (HOSPITAL, "出院证2020-6")
    ]


def test_on_20_february_three_turned_positive_again_and_none_of_them_is_a_new_case(place: Rongchang) -> None:
    people = admit(place, 12, on(2, 1))
    files = [discharged(place, person, date(2020, 2, 6)) for person in people]
    for file_id in files:
        checked_through(file_id, date(2020, 2, 7), date(2020, 2, 19))
        swabbed(file_id, on(2, 13, 9))
    assert set(listed("due", on(2, 20, 8))) == set(files)
    again = [came_back_positive(file_id, on(2, 20, 9)) for file_id in files[:3]]
    for file_id in files[3:]:
        swabbed(file_id, on(2, 20, 9))

    gone = moved_on(EVERYTHING, since=on(2, 20, 0), until=on(2, 21, 0))
    assert {row.file_id: row.goes_on_as for row in gone} == dict(zip(files[:3], again, strict=True))
    assert {file(one).protocol for one in again} == {"re-positive"}
    assert {file(one).state for one in files[:3]} == {"transferred"}
    assert [row.event for row in gone] == ["re-positive"] * 3
    day = Moment("500153", date(2020, 2, 20), "Asia/Shanghai", on(2, 20, 20))
    assert counted(EVERYTHING, "new", day) == 0, "a re-positive is not counted as new"
    assert counted(EVERYTHING, "cumulative", day) == 12
    assert counted(EVERYTHING, "under-observation", day) == 12
    assert {a.code for a in open_alerts(EVERYTHING)} == {"re-positive"}
    assert [p for p in verify_checks(on(2, 20, 20)) if not p.ok] == []
    assert broken_chains() == []


def test_a_re_positive_has_an_owner_and_a_next_duty_until_discharged_again(place: Rongchang) -> None:
    (person,) = admit(place, 1, on(2, 1))
    first = discharged(place, person, date(2020, 2, 6))
    new = came_back_positive(first, on(2, 20, 9))
    row = file(new)
    assert (row.area, row.owner_id, row.stage) == (place.home, place.cadre, "hospital")
    assert row.next_due_at == on(2, 21, 18)
    second = discharged(place, person, date(2020, 3, 3))
    assert file(new).state == "transferred"
    assert second != first
    assert file(second).day_zero == date(2020, 3, 3)
    states = {f.id: f.state for f in files_of_person(EVERYTHING, person)}
    assert states == {first: "transferred", new: "transferred", second: "open"}


def test_a_convalescent_who_was_released_may_still_turn_positive_and_reopens(place: Rongchang) -> None:
    (person,) = admit(place, 1, on(2, 1))
    file_id = discharged(place, person, date(2020, 2, 6))
    checked_through(file_id, date(2020, 2, 7), date(2020, 2, 20))
    swabbed(file_id, on(2, 13, 9))
    swabbed(file_id, on(2, 20, 9))
    request = ask_home(file_id=file_id, reason="集中期满", scope=EVERYTHING, by=SITE_STAFF, at=on(2, 20, 18))
    receive_home(request_id=request, scope=place.home_scope, by=HOME_STAFF, at=on(2, 20, 19))
    assert file(file_id).stage == "follow-up"
    checked_through(file_id, date(2020, 2, 21), date(2020, 3, 5))
    swabbed(file_id, on(3, 5, 9))
    release_with_certificate(file_id=file_id, scope=EVERYTHING, by=HOME_STAFF, at=on(3, 6, 8))
    assert file(file_id).state == "released"
    new = came_back_positive(file_id, on(3, 12, 9))
    assert (file(new).protocol, file(new).state) == ("re-positive", "open")
    assert file(file_id).state == "released", "that they were released stays true"
    assert classify_and_watch(people=[person], area=place.home, by=HOME_STAFF, at=on(3, 13))[1].opened == ()


@pytest.mark.parametrize(
    ("entered", "first_due"),
    [
        (on(2, 6, 23, 59), on(2, 7, 10)),
        (on(2, 7, 0, 0), on(2, 7, 10)),
        (on(2, 7, 0, 1), on(2, 7, 10)),
        (on(2, 7, 10, 1), on(2, 7, 18)),
    ],
)
def test_the_day_of_discharge_is_day_0_whenever_it_is_entered(
    place: Rongchang, entered: datetime, first_due: datetime
) -> None:
    (person,) = admit(place, 1, on(2, 1))
    file_id = discharged(place, person, date(2020, 2, 6), at=entered)
    assert file(file_id).day_zero == date(2020, 2, 6)
    assert file(file_id).next_due_at == first_due


def test_a_discharge_entered_after_its_28_days_gets_a_file_that_says_so(place: Rongchang) -> None:
    (person,) = admit(place, 1, on(2, 1))
    file_id = discharged(place, person, date(2020, 2, 6), site=False, at=on(3, 20, 9))
    assert file(file_id).found_late
    assert file_id not in laboratory_of_files(EVERYTHING, [file_id])


def test_a_discharge_is_one_fact_corrected_by_another_and_never_in_the_future(place: Rongchang) -> None:
    (person,) = admit(place, 1, on(2, 1))
    item = DischargeCommand(uuid7(), person, HOSPITAL, date(2020, 2, 6))
    asked = {"scope": EVERYTHING, "by": SITE_STAFF, "at": on(2, 6, 16)}
    first = admit_convalescent(item=item, **asked)  # type: ignore[arg-type]
    assert admit_convalescent(item=item, **asked).file_id == first.file_id  # type: ignore[arg-type]
    with pytest.raises(Refused, match="id-conflict"):
        admit_convalescent(item=replace(item, hospital="别的医院"), **asked)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="convalescent-already"):
        admit_convalescent(item=replace(item, id=uuid7()), **asked)  # type: ignore[arg-type]
    where = {"area": place.home, "zone": "Asia/Shanghai"}
    later = replace(item, id=uuid7(), discharged_on=date(2020, 2, 7))
    with pytest.raises(Refused, match="discharge-in-future"):
        record_discharge(item=later, **where, **asked)  # type: ignore[arg-type]
    right = replace(item, id=uuid7(), discharged_on=date(2020, 2, 5))
    with pytest.raises(Refused, match="reason-missing"):
        record_discharge(item=right, corrects=item.id, **where, **asked)  # type: ignore[arg-type]
    record_discharge(item=right, corrects=item.id, reason="看错", **where, **asked)  # type: ignore[arg-type]
    assert [d.discharged_on for d in discharges_of(EVERYTHING, [person])[person]] == [date(2020, 2, 5)]


def test_a_positive_of_somebody_never_ill_before_is_no_re_positive(place: Rongchang) -> None:
    people = admit(place, 2, on(2, 1))
    convalescent = discharged(place, people[0], date(2020, 2, 6))
    first = sampled(convalescent, on(2, 13, 9))
    assert resulted(first.duty_id, "inconclusive", on(2, 13, 12)).alerts == ()
    with pytest.raises(Refused, match="event-without-cause"):
        send_on(
            file_id=convalescent,
            event="re-positive",
            to=HOSPITAL,
            reason="复阳",
            scope=EVERYTHING,
            by=SITE_STAFF,
            at=on(2, 13, 13),
        )
