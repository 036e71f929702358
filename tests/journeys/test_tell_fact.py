"""What a person tells is written down, and the person is classified and watched over by it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from shouwang.journeys.tell_fact import Contact, Journey, tell_contact, tell_journey
from shouwang.kernel.errors import Refused
from shouwang.observation.queries import files_of_person
from shouwang.people.queries import search_people
from shouwang.screening.queries import exposures_of, trips_of
from tests.conftest import CHINA, SAMPLES
from tests.journeys.living import CLERK, EVERYTHING, living_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 1, 28, 9, 0, tzinfo=CHINA)
FAR = "田小云,女,,13800000003,安坪村4组5号,广东省深圳市,2020-01-25,田小云\n"


@pytest.fixture(autouse=True)
def town(tmp_path: Path) -> None:
    assert SAMPLES.exists()
    living_town(tmp_path, (FAR,), AT)


def test_who_tells_of_wuhan_is_watched_over_from_the_day_of_return() -> None:
    who = search_people(EVERYTHING, "田小云")[0].id
    told = Journey("武汉汉口", date(2020, 1, 24), transport="G1023")
    watched = tell_journey(person_id=who, journey=told, scope=EVERYTHING, by=CLERK, at=AT)
    assert len(watched.opened) == 1
    opened = next(file for file in files_of_person(EVERYTHING, who) if file.protocol == "home-14")
    assert opened.day_zero == date(2020, 1, 24)


def test_a_close_contact_is_watched_from_the_last_day_of_contact() -> None:
    who = search_people(EVERYTHING, "田小云")[0].id
    told = Contact("close-contact", date(2020, 1, 26), case_ref="50-12")
    tell_contact(person_id=who, contact=told, scope=EVERYTHING, by=CLERK, at=AT)
    file = next(f for f in files_of_person(EVERYTHING, who) if f.protocol == "contact-14")
    assert (file.day_zero, file.category) == (date(2020, 1, 26), "contact")


def test_a_later_contact_told_right_moves_the_file_and_keeps_what_was_said_before() -> None:
    who = search_people(EVERYTHING, "田小云")[0].id
    first = Contact("close-contact", date(2020, 1, 24))
    tell_contact(person_id=who, contact=first, scope=EVERYTHING, by=CLERK, at=AT)
    was = exposures_of(EVERYTHING, who)[0]
    right = Contact("close-contact", date(2020, 1, 27))
    watched = tell_contact(
        person_id=who, contact=right, corrects=was.id, reason="流调核实", scope=EVERYTHING, by=CLERK, at=AT
    )
    file = next(f for f in files_of_person(EVERYTHING, who) if f.protocol == "contact-14")
    assert (watched.reanchored, file.day_zero) == (1, date(2020, 1, 27))
    assert len(exposures_of(EVERYTHING, who)) == 2


@pytest.mark.parametrize(
    ("journey", "code"),
    [
        (Journey(" ", None), "origin-missing"),
        (Journey("武汉", date(2020, 1, 29)), "returned-in-future"),
    ],
)
def test_a_journey_that_cannot_be_is_refused_and_nothing_is_written(journey: Journey, code: str) -> None:
    who = search_people(EVERYTHING, "田小云")[0].id
    with pytest.raises(Refused) as refused:
        tell_journey(person_id=who, journey=journey, scope=EVERYTHING, by=CLERK, at=AT)
    assert refused.value.code == code
    assert len(trips_of(EVERYTHING, who)) == 1


def test_a_kind_of_contact_that_the_pack_does_not_know_is_refused() -> None:
    who = search_people(EVERYTHING, "田小云")[0].id
    with pytest.raises(Refused) as refused:
        tell_contact(person_id=who, contact=Contact("sneeze", None), scope=EVERYTHING, by=CLERK, at=AT)
    assert refused.value.code == "exposure-kind-unknown"
