"""People: admitted in one go, found by whatever is known, moved and corrected without losing the past."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from shouwang.journal.queries import events_about
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.names import initials, sort_key
from shouwang.kernel.scope import Grant, Scope
from shouwang.people.actions import (
    NewHousehold,
    NewIdentifier,
    NewPerson,
    NewTelephone,
    admit_people,
    correct_person,
    move_person,
)
from shouwang.people.models import Identifier, Person
from shouwang.people.queries import (
    corrections_of,
    household,
    people_by_ids,
    person,
    residences_of,
    revealed,
    search_people,
)
from shouwang.people.sealed import blind, seal, unseal

pytestmark = pytest.mark.django_db

TOWN, VILLAGE, NEXT_VILLAGE = "500101135", "500101135003", "500101135200"
CLERK = Actor("clerk", "冉小琴")
EVERYTHING = Scope.everything()
ID, PHONE = "500101195206112650", "+8613812345678"


def _new(name: str, home: NewHousehold, *, number: str = "", phone: str = "") -> NewPerson:
    papers = [NewIdentifier("id-18", number, f"500***********{number[-4:]}")] if number else []
    phones = [NewTelephone(phone, "138****5678")] if phone else []
    return NewPerson(
        area=home.area,
        name=name,
        sort_key=sort_key(name),
        initials=initials(name),
        household_id=home.id,
        identifiers=papers,
        telephones=phones,
        tags=["old-alone", "old-alone"] if number else [],
    )


@pytest.fixture
def shan(at: datetime) -> UUID:
    """单田芳, whose surname reads shan, with wife and a neighbour of another village."""
    home = NewHousehold(area=VILLAGE, address="小湾村3组12号", head_name="单田芳")
    away = NewHousehold(area=NEXT_VILLAGE, address="岩口村1组5号", head_name="曾仇")
    shan = _new("单田芳", home, number=ID, phone=PHONE)
    shan.relation = "户主"
    admit_people(
        households=[home, away],
        people=[_new("王桂兰", home), shan, _new("曾仇", away)],
        area=TOWN,
        source="test",
        by=CLERK,
        at=at,
    )
    return shan.id


def test_a_lot_is_admitted_with_one_event(shan: UUID) -> None:
    (event,) = events_about(EVERYTHING, "source", ["test"])
    assert (event.verb, event.payload) == ("people.admitted", {"households": 2, "people": 3})


def test_a_lot_with_one_bad_row_leaves_nothing_behind(at: datetime) -> None:
    home = NewHousehold(area=VILLAGE)
    stray = _new("无户", NewHousehold(area=VILLAGE))
    with pytest.raises(IntegrityError, match="foreign key"), transaction.atomic():
        _admit_then_check(home, stray, at)
    assert not Person.objects.within(EVERYTHING).exists()


def _admit_then_check(home: NewHousehold, stray: NewPerson, at: datetime) -> None:
    people = [_new("甲", home), stray]
    admit_people(households=[home], people=people, area=TOWN, source="x", by=CLERK, at=at)
    connection.check_constraints()


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param("单田芳", id="name"),
        pytest.param("单", id="surname"),
        pytest.param("stf", id="pinyin-initials"),
        pytest.param("ST", id="capital-initials"),
        pytest.param(ID, id="whole-id"),
        pytest.param("500101 19520611 2650", id="id-with-blanks"),
        pytest.param("2650", id="last-four"),
        pytest.param("13812345678", id="telephone"),
        pytest.param("138-1234-5678", id="telephone-with-dashes"),
        pytest.param("5678", id="last-four-of-the-telephone"),
        pytest.param("3组12号", id="door"),
    ],
)
def test_a_person_is_found_by_whatever_is_known(shan: UUID, wanted: str) -> None:
    assert shan in [row.id for row in search_people(EVERYTHING, wanted)]


@pytest.mark.parametrize("wanted", ["", "  ", "dtf", "500101195206112651", "0000", "李"])
def test_nobody_else_is_found(shan: UUID, wanted: str) -> None:
    assert search_people(EVERYTHING, wanted) == []


def test_whoever_is_out_of_scope_does_not_exist(shan: UUID) -> None:
    other = Scope("u", (Grant("village-doctor", NEXT_VILLAGE, frozenset({"*"})),))
    for wanted in ("单田芳", "stf", ID, "2650", "13812345678", "3组12号"):
        assert search_people(other, wanted) == []
    with pytest.raises(Refused, match=r"^person-not-found$"):
        person(other, shan)
    with pytest.raises(Refused, match=r"^person-not-found$"):
        revealed(other, shan)
    assert people_by_ids(other, [shan]) == []


def test_a_list_shows_masked_identifiers_only(shan: UUID) -> None:
    row = person(EVERYTHING, shan)
    assert (row.id_masked, row.phone_masked) == ("500***********2650", "138****5678")
    assert row.tags == ("old-alone",)


def test_a_full_identifier_needs_the_permission_at_that_place(shan: UUID) -> None:
    assert dict(revealed(EVERYTHING, shan)) == {"id-18": ID, "telephone": PHONE}
    looker = Scope("u", (Grant("village-cadre", VILLAGE, frozenset({"person.view"})),))
    with pytest.raises(Refused, match=r"^not-permitted$"):
        revealed(looker, shan)


def test_a_household_opens_with_its_head_first(shan: UUID) -> None:
    home = person(EVERYTHING, shan).household_id
    assert home is not None
    assert [m.name for m in household(EVERYTHING, home).members] == ["单田芳", "王桂兰"]


def test_people_come_in_the_order_they_were_asked_for_with_few_queries(
    shan: UUID, django_assert_max_num_queries: object
) -> None:
    ids = list(Person.objects.within(EVERYTHING).order_by("-id").values_list("id", flat=True))
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        assert [p.id for p in people_by_ids(EVERYTHING, ids)] == ids


def test_a_move_keeps_where_the_person_lived_before(shan: UUID, at: datetime) -> None:
    moved = at + timedelta(days=2)
    move_person(
        person_id=shan,
        household_id=None,
        area=NEXT_VILLAGE,
        since=date(2020, 2, 3),
        reason="投靠女儿",
        by=CLERK,
        at=moved,
    )
    now, before = residences_of(EVERYTHING, shan)
    assert (now.area, now.superseded_at, now.reason) == (NEXT_VILLAGE, None, "投靠女儿")
    assert (before.area, before.superseded_at) == (VILLAGE, moved)
    here = Scope("u", (Grant("village-doctor", VILLAGE, frozenset({"person.view"})),))
    assert search_people(here, "单田芳") == []


def test_a_move_without_a_reason_is_refused_and_changes_nothing(shan: UUID, at: datetime) -> None:
    with pytest.raises(Refused, match=r"^reason-missing$"):
        move_person(
            person_id=shan, household_id=None, area=NEXT_VILLAGE, since=None, reason=" ", by=CLERK, at=at
        )
    assert person(EVERYTHING, shan).area == VILLAGE


def test_a_correction_keeps_what_was_written_before(shan: UUID, at: datetime) -> None:
    correct_person(
        person_id=shan,
        name="name",
        value="单天芳",
        sort_key="shan tian fang",
        initials="stf",
        reason="身份证核对",
        by=CLERK,
        at=at,
    )
    assert person(EVERYTHING, shan).name == "单天芳"
    (correction,) = corrections_of(EVERYTHING, shan)
    assert (correction.old, correction.new, correction.by_name) == ("单田芳", "单天芳", "冉小琴")


def test_a_correction_tells_the_journal_which_field_and_why_but_not_the_value(
    shan: UUID, at: datetime
) -> None:
    correct_person(person_id=shan, name="birth_date", value="1952-06-11", reason="核对", by=CLERK, at=at)
    (event,) = events_about(EVERYTHING, "person", [str(shan)])
    assert event.payload == {"field": "birth_date", "reason": "核对"}
    assert person(EVERYTHING, shan).birth_date == date(1952, 6, 11)


@pytest.mark.parametrize(("field", "code"), [("area", "field-unknown"), ("id", "field-unknown")])
def test_only_what_is_known_of_a_person_is_corrected(shan: UUID, at: datetime, field: str, code: str) -> None:
    with pytest.raises(Refused, match=f"^{code}"):
        correct_person(person_id=shan, name=field, value="x", reason="r", by=CLERK, at=at)


def test_no_identifier_or_telephone_is_readable_in_the_database(shan: UUID) -> None:
    with connection.cursor() as cursor:
        for table in ("people_identifier", "people_telephone"):
            cursor.execute(f"select string_agg(t::text, '|') from {table} t")
            text = cursor.fetchone()[0]
            assert ID not in text
            assert "13812345678" not in text
            assert ID.encode().hex() not in text


def test_sealed_bytes_moved_to_another_row_do_not_open(shan: UUID) -> None:
    paper = Identifier.objects.get(person_id=shan)
    where = {"table": "people_identifier", "row": paper.id, "field": "sealed"}
    assert unseal(paper.sealed, **where) == ID
    for elsewhere in ({"row": uuid7()}, {"table": "people_telephone"}, {"field": "digest"}):
        with pytest.raises(Refused, match=r"^seal-broken"):
            unseal(paper.sealed, **(where | elsewhere))


@pytest.mark.parametrize("place", [0, 1, 13, -1])
def test_a_changed_byte_does_not_open(place: int) -> None:
    row = uuid7()
    raw = bytearray(seal(ID, table="t", row=row, field="f"))
    raw[place] ^= 1
    with pytest.raises(Refused, match=r"^seal-broken"):
        unseal(bytes(raw), table="t", row=row, field="f")


def test_equal_values_look_different_sealed_and_alike_blind_for_one_purpose_only() -> None:
    row = uuid7()
    assert seal(ID, table="t", row=row, field="f") != seal(ID, table="t", row=row, field="f")
    assert blind(ID, "national-id") == blind(ID, "national-id")
    assert blind(ID, "national-id") != blind(ID, "telephone")
