"""The round on real tables: who is rung, who is walked to, the sheet, and the paper that comes back."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pypdf
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from shouwang.journal.queries import events_about
from shouwang.journeys.day_round import (
    Walker,
    day_round,
    promised_today,
    put_on_paper,
    tonight,
    walker_of,
)
from shouwang.journeys.enter_sheet import enter_sheet
from shouwang.journeys.round_paper import sheet_pdf
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Grant, Scope
from shouwang.observation.actions import CheckCommand, record_check
from shouwang.observation.models import DailyCheck
from shouwang.observation.queries import keyed_lines, round_sheet
from shouwang.observation.rules import Typed
from shouwang.policy.queries import pack_of
from shouwang.screening.actions import Attempt, NewAppointment, make_appointment, note_attempts
from shouwang.screening.queries import reaches
from tests.conftest import CHINA
from tests.town import OTHER_VILLAGE, VILLAGE, FixedClock, Town, found_town
from tests.walking import EVERYTHING, Village, settle

pytestmark = pytest.mark.django_db
MORNING = datetime(2020, 2, 1, 6, 20, tzinfo=CHINA)
EVENING = datetime(2020, 2, 1, 20, 0, tzinfo=CHINA)
DOCTOR = Actor("doctor", "谢兵")
ROLES = ("village-doctor", "town-clerk")


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(MORNING), False
    return found_town(MORNING, roles=ROLES)


@pytest.fixture
def village(town: Town) -> Village:
    return settle(town, MORNING - timedelta(hours=10))


def _walker(town: Town) -> Walker:
    return walker_of(EVERYTHING, town.user("village-doctor", "own village").id, "x")


def _sheet(town: Town, at: datetime = MORNING, **more: object) -> UUID:
    walker = _walker(town)
    told = day_round(EVERYTHING, at, walker=walker, households=walker.households, **more)  # type: ignore[arg-type]
    return put_on_paper(EVERYTHING, told, walker=walker, by=DOCTOR, at=at)


def _enter(sheet: UUID, typed: dict[int, Typed], at: datetime = EVENING):  # type: ignore[no-untyped-def]
    return enter_sheet(sheet_id=sheet, typed=typed, scope=EVERYTHING, by=DOCTOR, at=at)


def test_the_round_rings_all_34_households_and_walks_to_those_that_must_be_seen(
    town: Town, village: Village
) -> None:
    walker = _walker(town)
    told = day_round(EVERYTHING, MORNING, walker=walker, households=walker.households)
    assert (len(told.calls), told.people) == (34, 64)
    assert [home.ring_at for home in told.calls][:2] == [6 * 3600 + 1800, 6 * 3600 + 1860]
    assert len(told.doors) == 28
    assert all(home.by_wire for home in told.calls[:6])
    assert all(duty.channel == "visit" for home in told.doors for duty, _ in home.people)
    begun = [home.leg.begin for home in told.doors if home.leg]
    assert begun == sorted(begun)
    assert begun[0] >= (6 * 60 + 30 + 34) * 60
    assert told.has_map
    assert told.walk.gap_percent < 5


def test_a_round_without_any_coordinates_follows_groups_and_doors(town: Town) -> None:
    settle(town, MORNING - timedelta(hours=10), on_map=False)
    walker = _walker(town)
    told = day_round(EVERYTHING, MORNING, walker=walker, households=walker.households)
    groups = [int(home.address.split("组")[0]) for home in told.doors]
    assert groups in (sorted(groups), sorted(groups, reverse=True))
    assert not told.has_map


def test_a_promised_hour_is_kept_and_not_forgotten_on_the_next_sheet(town: Town, village: Village) -> None:
    home = village.households[20]
    hours = (10 * 3600, 10 * 3600 + 1800)
    _sheet(town, promised={home: hours})
    remembered = promised_today(EVERYTHING, MORNING, walker=_walker(town))
    assert remembered[home] == hours
    told = day_round(
        EVERYTHING, MORNING, walker=_walker(town), households=_walker(town).households, promised=remembered
    )
    (leg,) = [door.leg for door in told.doors if door.id == home and door.leg]
    assert hours[0] <= leg.begin <= hours[1]
    assert promised_today(EVERYTHING, MORNING + timedelta(days=1), walker=_walker(town)) == {}


def test_a_sheet_is_never_changed(town: Town, village: Village) -> None:
    sheet = _sheet(town)
    for change in ("update observation_roundsheet set number = 9", "delete from observation_roundsheet"):
        with (
            pytest.raises(DatabaseError, match="never changed"),
            transaction.atomic(),
            connection.cursor() as c,
        ):
            c.execute(change)
    assert round_sheet(EVERYTHING, sheet).code == "0201-1"
    assert round_sheet(EVERYTHING, _sheet(town)).code == "0201-2"


def test_the_whole_paper_is_keyed_in_once_and_sent_twice_is_one_fact(town: Town, village: Village) -> None:
    sheet = _sheet(town)
    lines = round_sheet(EVERYTHING, sheet).lines
    assert len(lines) == 64
    typed = {line.number: Typed("365", "", "0900") for line in lines}
    first = _enter(sheet, typed)
    assert (first.recorded, first.replayed, dict(first.wrong)) == (64, 0, {})
    again = _enter(sheet, typed)
    assert (again.recorded, again.replayed) == (0, 64)
    assert DailyCheck.objects.within(EVERYTHING).filter(file_id__in=village.files).count() == 64
    check = DailyCheck.objects.within(EVERYTHING).get(id=lines[-1].check_id)
    assert (check.deci, check.channel, check.roles, check.measured_by_name) == (
        365,
        "visit",
        ["medic"],
        "谢兵",
    )
    assert check.taken_at == datetime(2020, 2, 1, 9, 0, tzinfo=CHINA)
    assert len(keyed_lines(EVERYTHING, [line.check_id for line in lines])) == 64


def test_a_line_that_says_something_else_the_second_time_is_refused_and_the_others_stand(
    town: Town, village: Village
) -> None:
    sheet = _sheet(town)
    _enter(sheet, {1: Typed("365", "", "0800"), 2: Typed("1", "", "0800")})
    told = _enter(
        sheet,
        {
            1: Typed("366", "", "0800"),
            2: Typed("1", "", "0800"),
            3: Typed("36x", "", "0800"),
            4: Typed("999", "", "0800"),
            5: Typed("365", "9", "0800"),
            6: Typed("365", "", "2359"),
            7: Typed("2", "1", "0800"),
            8: Typed("", "", "0800"),
            9: Typed("36.6", "", "8:05", "要降压药"),
            99: Typed("365", "", "0800"),
        },
    )
    assert {number: refused.code for number, refused in told.wrong.items()} == {
        1: "id-conflict",
        3: "temperature-unreadable",
        4: "temperature-impossible",
        5: "symptom-key-unknown",
        6: "taken-in-future",
        7: "nobody-measured",
        99: "line-unknown",
    }
    assert {n: r.status for n, r in told.receipts.items()} == {2: "replayed", 9: "recorded"}


def test_a_fever_on_paper_raises_its_alarm_when_it_is_keyed_in(town: Town, village: Village) -> None:
    told = _enter(_sheet(town), {40: Typed("382", "2", "0900")})
    assert told.alarms.keys() == {40}


def test_tonight_knows_who_asked_for_medicine_and_who_was_unwell(town: Town, village: Village) -> None:
    sheet = _sheet(town)
    _enter(sheet, {50: Typed("365", "", "0900", "降压药没了"), 55: Typed("379", "", "0900")})
    mine = village.households
    homes = tonight(EVERYTHING, EVENING, households=mine)
    assert [bool(home.unwell) for home in homes] == [True, False]
    assert [remark.note for home in homes for remark in home.remarks] == ["降压药没了"]
    assert tonight(EVERYTHING, EVENING + timedelta(days=1), households=mine)[0].remarks == ()


def _text(pdf: bytes) -> tuple[int, str]:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return len(pages), "".join("".join(page.extract_text().split()) for page in pages)


def test_the_sheet_of_64_people_is_one_a4_with_masked_numbers(town: Town, village: Village) -> None:
    sheet = _sheet(town)
    made = sheet_pdf(EVERYTHING, sheet, rights=EVERYTHING, by=DOCTOR, at=MORNING)
    pages, said = _text(made)
    assert pages == 1
    assert "巡诊单" in said
    assert "0201-1" in said
    assert "139****" in said
    assert "1391234" not in said
    for name in ("王德明", "李玉兰", "田德明"):
        assert name in said
    full = sheet_pdf(EVERYTHING, sheet, rights=EVERYTHING, purpose="上门前打电话", by=DOCTOR, at=MORNING)
    assert "13912340000" in _text(full)[1]
    printed = [e for e in events_about(EVERYTHING, "round-sheet", [str(sheet)]) if e.verb.endswith("printed")]
    assert sorted(str(event.payload["numbers"]) for event in printed) == ["0", "64"]


def test_full_numbers_need_a_purpose_and_the_right(town: Town, village: Village) -> None:
    sheet = _sheet(town)
    with pytest.raises(Refused, match="purpose-missing"):
        sheet_pdf(EVERYTHING, sheet, rights=EVERYTHING, purpose=" ", by=DOCTOR, at=MORNING)
    permissions = frozenset({"observation.view", "observation.record"})
    cadre = Scope("cadre", (Grant("village-cadre", VILLAGE, permissions),))
    with pytest.raises(Refused, match="not-permitted"):
        sheet_pdf(cadre, sheet, rights=cadre, purpose="x", by=DOCTOR, at=MORNING)
    elsewhere = Scope("other", (Grant("village-cadre", OTHER_VILLAGE, permissions),))
    with pytest.raises(Refused, match="sheet-not-found"):
        round_sheet(elsewhere, sheet)


def test_somebody_seen_since_is_not_on_the_next_round(town: Town, village: Village) -> None:
    item = CheckCommand(UUID(int=7), village.files[-1], MORNING, "visit", deci=365, roles=("medic",))
    record_check(item=item, scope=EVERYTHING, pack_of=pack_of, by=DOCTOR, at=MORNING)
    walker = _walker(town)
    told = day_round(EVERYTHING, MORNING, walker=walker, households=walker.households)
    seen = [duty for home in told.calls for duty, _ in home.people if duty.file_id == village.files[-1]]
    assert all(duty.last_check_at for duty in seen)


PAGES = {"/round/": 17, "/round/tonight/": 14}


def _signed_in(town: Town) -> Client:
    client = Client()
    client.force_login(town.user("village-doctor", "own village"))
    return client


def test_the_pages_take_no_more_queries_with_64_people_than_they_may(town: Town, village: Village) -> None:
    client = _signed_in(town)
    sheet = _sheet(town)
    for address, most in (PAGES | {f"/round/sheets/{sheet}/": 15}).items():
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        assert len(queries) <= most, (address, [q["sql"][:110] for q in queries])


def test_the_page_puts_the_round_on_paper_and_opens_it_by_its_number(
    town: Town, village: Village, settings: Settings
) -> None:
    client = _signed_in(town)
    home = village.households[12]
    page = client.get("/round/", {f"from-{home}": "10:00", "leave": "07:30"}).content.decode()
    assert "10:00" in page
    assert 'class="walk"' in page
    made = client.post("/round/make/", {f"from-{home}": "10:00", "leave": "07:30", "speed": "5"})
    assert made.status_code == 302
    sheet = round_sheet(EVERYTHING, UUID(made["Location"].split("/")[3]))
    assert {line.promised for line in sheet.lines if line.household_id == home} == {(36000, 37800)}
    assert client.get("/round/find/", {"code": "0201-1"})["Location"] == f"/round/sheets/{sheet.id}/"
    assert client.get("/round/find/", {"code": "0201-7"}).status_code == 404
    settings.CLOCK = FixedClock(EVENING)
    sent = {"t1": "365", "s1": "", "c1": "0700", "t2": "abc", "c2": "0700", "t3": "", "c3": "0700"}
    answer = client.post(f"/round/sheets/{sheet.id}/", sent)
    assert answer.status_code == 422
    assert "abc" in answer.content.decode()
    assert len(keyed_lines(EVERYTHING, [line.check_id for line in sheet.lines])) == 1
    printed = client.post(f"/round/sheets/{sheet.id}/print/")
    assert printed.content.startswith(b"%PDF")


def test_ordering_again_leaves_only_what_was_said_in_the_address(town: Town, village: Village) -> None:
    client = _signed_in(town)
    fields = re.findall(r'name="((?:from|to)-[^"]+)" value="([^"]*)"', client.get("/round/").content.decode())
    assert len(fields) == 56
    home, wish = village.households[12], {"leave": "07:30", "speed": "5", "csrfmiddlewaretoken": "secret"}
    answer = client.post("/round/order/", dict(fields) | wish | {f"from-{home}": "10:00"})
    address = urlsplit(answer["Location"])
    assert address.path == "/round/"
    said = {"leave": "07:30", "speed": "5", f"from-{home}": "10:00", f"to-{home}": ""}
    assert dict(parse_qsl(address.query, keep_blank_values=True)) == said
    page = client.get(answer["Location"]).content.decode()
    assert f'name="from-{home}" value="10:00"' in page
    for nonsense in ({"leave": "abc"}, {"speed": "0"}, {f"from-{home}": "25:00"}):
        assert client.post("/round/order/", nonsense).status_code == 422


@pytest.mark.parametrize("asked", [{"leave": "abc"}, {"speed": "0"}, {"speed": "²"}, {"leave": "25:00"}])
def test_nonsense_hours_and_speeds_are_refused_in_words(town: Town, asked: dict[str, str]) -> None:
    assert _signed_in(town).get("/round/", asked).status_code == 422


def test_a_door_put_on_the_map_at_its_household_page_is_in_the_round(town: Town) -> None:
    village = settle(town, MORNING - timedelta(hours=10), on_map=False)
    client = _signed_in(town)
    home = village.households[20]
    for wrong in ("", "abc", "95, 105", "nan, 105", "29.6"):
        assert client.post(f"/households/{home}/locate/", {"position": wrong}).status_code == 422
    assert client.post(f"/households/{home}/locate/", {"position": "29.6012，105.7034"}).status_code == 302
    walker = _walker(town)
    told = day_round(EVERYTHING, MORNING, walker=walker, households=walker.households)
    assert told.has_map
    assert [door.point for door in told.doors if door.id == home] == [(29.6012, 105.7034)]


def test_an_hour_agreed_on_the_telephone_is_kept_on_the_round(town: Town, village: Village) -> None:
    home, agreed = village.households[20], MORNING.replace(hour=10, minute=0)
    with transaction.atomic():
        tried = Attempt(uuid7(), VILLAGE, "household", home, "check", "phone", "no-answer", MORNING, home)
        note_attempts([tried], pack=pack_of(town.ids["revision"]), area=VILLAGE, by=DOCTOR, at=MORNING)
    (waiting,) = reaches(EVERYTHING, subjects=[home])
    new = NewAppointment(uuid7(), waiting.id, agreed, agreed + timedelta(minutes=30), goods="降压药")
    make_appointment(appointment=new, scope=EVERYTHING, by=DOCTOR, at=MORNING)
    promised = promised_today(EVERYTHING, MORNING, walker=_walker(town))
    assert promised[home] == (36000, 37800)
    evening = tonight(EVERYTHING, EVENING, households=village.households)
    assert ("10:00–10:30 降压药",) in [told.goods for told in evening]
