"""Rounds on real PostgreSQL: lists of doors, visits as facts, corrections, whoever is found, counters."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from shouwang.desk.refusals import sentence
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.people.actions import NewHousehold, NewPerson, admit_people
from shouwang.people.queries import people_by_ids
from shouwang.screening.actions import (
    NewFound,
    NewVisit,
    add_door,
    begin_sweep,
    close_sweep,
    correct_visit,
    rebuild_sweep,
    record_visits,
)
from shouwang.screening.queries import (
    Coverage,
    SweepMoment,
    coverage_by,
    door,
    found_at,
    households_behind,
    missed_doors,
    open_sweep,
    sheet_doors,
    sweep_coverage,
    sweep_days,
    sweep_differences,
    sweep_figure,
    sweep_figure_rows,
    sweeps,
    verify_items,
    verify_sweeps,
    visits_of,
)
from shouwang.screening.queries import sweep as sweep_row
from shouwang.screening.rules import Meeting, people_behind
from tests.apps.sweeping import (
    CADRE,
    CLERK,
    DUE,
    EVERYWHERE,
    OPENED,
    OTHER,
    TOWN,
    VILLAGE,
    Doors,
    found_doors,
    found_round,
    record,
    scope_of,
    when,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def doors() -> Doors:
    return found_round()


def _coverage(area: str = TOWN, day: int = 2) -> Coverage:
    found = sweep_coverage(EVERYWHERE, area, when(day, 20))
    assert found is not None
    return found


def _holds() -> None:
    assert [proof.name for proof in verify_sweeps() if not proof.ok] == []
    assert sweep_differences() == []


def test_the_list_of_a_round_holds_every_door_in_the_order_of_the_walk(doors: Doors) -> None:
    rows = sheet_doors(EVERYWHERE, doors.sweep, area=TOWN)
    told = [(row.area, row.number, row.address, row.head_name, row.known) for row in rows]
    assert told == [
        (VILLAGE, 1, "1组2号", "宋云", 2),
        (VILLAGE, 2, "1组9号", "向阳", 3),
        (VILLAGE, 3, "1组10号", "单德明", 1),
        (OTHER, 1, "2组1号", "程静", 1),
        (OTHER, 2, "2组3号", "", 0),
    ]
    assert _coverage() == Coverage(doors=5, leaves=2)


def test_a_household_without_a_readable_door_is_a_door_too_and_once() -> None:
    doors = found_doors()
    lost = [NewHousehold(area=VILLAGE, address="河边", head_name="冉小河"), NewHousehold(area=VILLAGE)]
    one = NewPerson(VILLAGE, "冉小河", "ran xiao he", "rxh", lost[0].id)
    admit_people(households=lost, people=[one], area=VILLAGE, source="test", by=CLERK, at=when(1, 7))
    doors.sweep = begin_sweep(area=TOWN, due_on=DUE, scope=EVERYWHERE, by=CLERK, at=OPENED)
    rows = sheet_doors(EVERYWHERE, doors.sweep, area=VILLAGE)
    assert [row.address for row in rows].count("河边") == 1
    assert len(rows) == 4  # the household where nobody lives is no door
    (at_river,) = [row for row in rows if row.address == "河边"]
    assert households_behind(EVERYWHERE, at_river.id) == [lost[0].id]


def test_visits_and_doors_and_people_are_three_figures(doors: Doors) -> None:
    a, b, c = doors.people["1组9号"]
    record(doors, doors.visit("1组9号", people=2, named=(a, b)), doors.visit("1组2号", "not-home"))
    record(doors, doors.visit("1组9号", people=2, named=(a, c), at=when(3)))
    record(doors, doors.visit("2组3号", "vacant", at=when(3)), doors.visit("1组10号", "refused", at=when(3)))
    found = _coverage(day=3)
    assert (found.doors, found.done, found.missed) == (5, 2, 3)
    assert (found.met, found.vacant, found.not_home, found.refused, found.unvisited) == (1, 1, 1, 1, 1)
    assert (found.people, found.visits, found.person_visits) == (3, 5, 4)
    assert (found.visits_today, found.person_visits_today, found.doors_today) == (3, 2, 2)
    days = [
        (row.day.day, row.visits, row.person_visits, row.doors) for row in sweep_days(EVERYWHERE, doors.sweep)
    ]
    assert days == [(2, 2, 2, 2), (3, 3, 2, 2)]
    _holds()


def test_people_without_a_name_are_never_more_than_there_can_have_been(doors: Doors) -> None:
    first, *_ = doors.people["1组9号"]
    record(doors, doors.visit("1组9号", people=3), doors.visit("1组9号", people=3, at=when(3)))
    record(doors, doors.visit("1组9号", people=1, named=(first,), at=when(4)))
    assert (_coverage(day=4).people, _coverage(day=4).person_visits) == (3, 7)
    _holds()


def test_somebody_met_at_two_doors_is_one_person(doors: Doors) -> None:
    guest = doors.people["2组1号"][0]
    record(doors, doors.visit("2组1号", people=1, named=(guest,)))
    record(doors, doors.visit("1组10号", people=2, named=(guest,), at=when(3)))
    assert _coverage(day=3).people == 2  # the guest, and whoever was with them
    assert (_coverage(OTHER).people, _coverage(VILLAGE).people) == (1, 1)
    _holds()


def test_the_same_visit_sent_twice_is_one_and_another_under_its_id_is_kept_apart(doors: Doors) -> None:
    visit = doors.visit("1组2号", people=2)
    other = NewVisit(visit.id, visit.door_id, visit.visited_at, "met", 1)
    told = [
        (receipt.status, receipt.code)
        for receipt in (
            *record(doors, visit),
            *record(doors, visit),
            *record(doors, visit, visit),
            *record(doors, other),
            *record(doors, other),
        )
    ]
    assert told == [
        ("recorded", ""),
        ("replayed", ""),
        ("replayed", ""),
        ("replayed", ""),
        ("conflict", "visit-differs"),
        ("conflict", "visit-differs"),
    ]
    assert _coverage().visits == 1
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from screening_visitconflict")
        assert cursor.fetchone() == (1,)


def test_one_bad_visit_never_holds_up_the_others(doors: Doors) -> None:
    tomorrow = doors.visit("1组2号", at=when(3))
    bad = [
        (tomorrow, "visit-in-future"),
        (doors.visit("1组2号", at=OPENED - timedelta(hours=1)), "visit-before-round"),
        (doors.visit("1组2号", "seen"), "visit-outcome-unknown"),
        (doors.visit("1组2号", "not-home", 2), "visit-people-not-met"),
        (doors.visit("1组2号", people=-1), "visit-people-impossible"),
        (doors.visit("1组2号", people=1, named=tuple(doors.people["1组9号"])), "visit-people-impossible"),
        (doors.visit("1组2号", people=1, named=(uuid7(),)), "person-not-found"),
        (NewVisit(uuid7(), uuid7(), when(2), "met"), "door-not-found"),
        (doors.visit("1组2号", "withdrawn"), "visit-outcome-unknown"),
    ]
    good = doors.visit("1组10号", people=1)
    receipts = record(doors, *[visit for visit, _ in bad], good, at=when(2, 20))
    assert [receipt.code for receipt in receipts] == [*(code for _, code in bad), ""]
    assert _coverage().visits == 1


def test_a_correction_stands_beside_the_earlier_visit_which_stays(doors: Doors) -> None:
    a, b, _ = doors.people["1组9号"]
    wrong = doors.visit("1组9号", people=2, named=(a, b))
    record(doors, wrong)
    right = doors.visit("1组9号", "not-home")
    for _ in range(2):
        told = correct_visit(
            visit_id=wrong.id, item=right, reason="记到了隔壁", scope=EVERYWHERE, by=CADRE, at=when(2, 20)
        )
    assert told.status == "replayed"
    told_visits = [(v.id, v.corrects, v.corrected_by, v.reason) for v in visits_of(EVERYWHERE, wrong.door_id)]
    assert told_visits == [(right.id, wrong.id, None, "记到了隔壁"), (wrong.id, None, right.id, "")]
    found = _coverage()
    assert (found.met, found.not_home, found.people, found.visits, found.person_visits) == (0, 1, 0, 1, 0)
    _holds()
    again = doors.visit("1组9号", people=1)
    with pytest.raises(Refused, match="visit-corrected-already"):
        correct_visit(
            visit_id=wrong.id, item=again, reason="又改", scope=EVERYWHERE, by=CADRE, at=when(2, 21)
        )
    with pytest.raises(Refused, match="reason-missing"):
        correct_visit(visit_id=right.id, item=again, reason=" ", scope=EVERYWHERE, by=CADRE, at=when(2, 21))


def test_a_visit_written_at_the_wrong_door_is_withdrawn_and_a_guest_counts_where_they_still_were(
    doors: Doors,
) -> None:
    guest = doors.people["2组1号"][0]
    wrong = doors.visit("2组1号", people=1, named=(guest,))
    record(doors, wrong)
    record(doors, doors.visit("1组10号", people=1, named=(guest,), at=when(3)))
    assert (_coverage(OTHER).people, _coverage(VILLAGE).people) == (1, 0)
    gone = doors.visit("2组1号", "withdrawn")
    correct_visit(visit_id=wrong.id, item=gone, reason="写错门", scope=EVERYWHERE, by=CADRE, at=when(3, 20))
    assert (_coverage(OTHER).people, _coverage(VILLAGE, 3).people) == (0, 1)
    assert _coverage(OTHER).unvisited == 2
    _holds()


def test_the_database_refuses_to_change_or_delete_a_visit(doors: Doors) -> None:
    record(doors, doors.visit("1组2号", people=1))
    for statement in ("update screening_doorvisit set people = 9", "delete from screening_doorvisit"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_whoever_is_on_no_register_comes_into_the_books_and_is_verified(doors: Doors) -> None:
    found = (
        NewFound(name="牟远", id_no="500101198002301234", telephone="138", relation="亲戚"),
        NewFound(note="男,约四十岁,不肯说姓名"),
        NewFound(),
    )
    visit = doors.visit("1组10号", people=3, named=tuple(doors.people["1组10号"]), found=found)
    record(doors, visit)
    record(doors, visit)
    told = found_at(EVERYWHERE, visit.door_id)
    assert [row.is_new for row in told] == [True, True]
    people = people_by_ids(EVERYWHERE, [row.person_id for row in told])
    assert [person.name for person in people] == ["牟远", "男,约四十岁,不肯说姓名"]
    assert {person.head_name for person in people} == {"单德明"}
    codes = {(item.person_id, item.field, item.code) for item in verify_items(EVERYWHERE)}
    assert codes >= {
        (people[0].id, "id_no", "id-birth-date"),
        (people[0].id, "phone", "phone-unclear"),
        (people[1].id, "name", "name-missing"),
        (people[1].id, "id_no", "id-missing"),
    }
    assert (_coverage().people, _coverage().person_visits) == (3, 3)
    _holds()


def test_somebody_found_who_is_known_elsewhere_is_not_admitted_twice(doors: Doors) -> None:
    guest = doors.people["2组1号"][0]
    home = people_by_ids(EVERYWHERE, [guest])[0]
    from shouwang.people.actions import NewIdentifier, add_identifiers

    add_identifiers([(guest, NewIdentifier("id-18", "500101195206112651", "500***2651"))], at=when(1))
    told = NewFound(name=home.name, id_no="500101195206112651")
    empty = doors.visit("2组3号", people=1, found=(told,))
    record(doors, empty)
    (row,) = found_at(EVERYWHERE, empty.door_id)
    assert (row.person_id, row.is_new) == (guest, False)
    elsewhere = doors.visit("1组10号", people=1, found=(told,), at=when(3))
    record(doors, elsewhere)
    assert [item.code for item in verify_items(EVERYWHERE, person_id=guest)] == ["met-elsewhere"]
    assert _coverage(day=3).people == 1
    _holds()


def test_someone_found_behind_an_empty_door_gets_a_household_there(doors: Doors) -> None:
    visit = doors.visit("2组3号", people=2, found=(NewFound(name="牟远"), NewFound(name="牟小远")))
    record(doors, visit)
    (home,) = households_behind(EVERYWHERE, visit.door_id)
    people = people_by_ids(EVERYWHERE, [row.person_id for row in found_at(EVERYWHERE, visit.door_id)])
    assert {person.household_id for person in people} == {home}
    assert door(EVERYWHERE, visit.door_id).known == 2


def test_the_second_round_carries_over_what_the_first_left(doors: Doors) -> None:
    record(doors, doors.visit("1组2号", people=2), doors.visit("1组9号", "not-home"))
    record(doors, doors.visit("2组3号", "vacant"), doors.visit("1组10号", "refused"))
    with pytest.raises(Refused, match="sweep-open-already") as refused:
        begin_sweep(area=VILLAGE, due_on=DUE, scope=EVERYWHERE, by=CLERK, at=when(5))
    assert "龙沙镇" in sentence(refused.value), "the place by its name, not by its code"
    close_sweep(sweep_id=doors.sweep, scope=EVERYWHERE, by=CLERK, at=when(5))
    second = begin_sweep(area=TOWN, due_on=DUE, scope=EVERYWHERE, by=CLERK, at=when(5, 10))
    rows = {row.address: row.carried for row in sheet_doors(EVERYWHERE, second, area=TOWN)}
    assert rows == {
        "1组2号": "",
        "1组9号": "not-home",
        "1组10号": "refused",
        "2组1号": "unvisited",
        "2组3号": "",
    }
    found = sweep_coverage(EVERYWHERE, TOWN, when(6), second)
    assert found is not None
    assert (found.doors, found.carried, found.carried_done) == (5, 3, 0)
    assert len(missed_doors(EVERYWHERE, second, carried=True)) == 3
    close_sweep(sweep_id=second, scope=EVERYWHERE, by=CLERK, at=when(6))
    third = begin_sweep(area=TOWN, due_on=DUE, only_left=True, scope=EVERYWHERE, by=CLERK, at=when(6, 10))
    row = sweep_row(EVERYWHERE, third)
    assert (row.ordinal, row.only_left, row.follows) == (3, True, second)
    assert len(sheet_doors(EVERYWHERE, third, area=TOWN)) == 5  # nobody went in the second round
    _holds()


def test_a_round_of_what_was_left_holds_only_that_and_new_doors(doors: Doors) -> None:
    done = [doors.visit(address, "vacant") for address in doors.rows if address != "1组9号"]
    record(doors, *done)
    close_sweep(sweep_id=doors.sweep, scope=EVERYWHERE, by=CLERK, at=when(5))
    left = begin_sweep(area=TOWN, due_on=DUE, only_left=True, scope=EVERYWHERE, by=CLERK, at=when(5, 9))
    new = add_door(sweep_id=left, area=VILLAGE, address="1组11号", scope=EVERYWHERE, by=CADRE, at=when(5, 10))
    assert new[1] == 2
    same = add_door(
        sweep_id=left, area=VILLAGE, address="1组11号", scope=EVERYWHERE, by=CADRE, at=when(5, 11)
    )
    assert same == new
    assert [row.address for row in sheet_doors(EVERYWHERE, left, area=TOWN)] == ["1组9号", "1组11号"]
    _holds()


def test_paper_that_comes_in_after_the_round_was_closed_still_counts(doors: Doors) -> None:
    close_sweep(sweep_id=doors.sweep, scope=EVERYWHERE, by=CLERK, at=when(5))
    early, late = doors.visit("1组2号", people=1), doors.visit("1组9号", people=1, at=when(6))
    assert [r.code for r in record(doors, early, late, at=when(7))] == ["", "sweep-closed"]
    with pytest.raises(Refused, match="sweep-closed"):
        close_sweep(sweep_id=doors.sweep, scope=EVERYWHERE, by=CLERK, at=when(7))


def test_missed_doors_are_a_list_that_turns_by_keyset_and_filters(doors: Doors) -> None:
    record(doors, doors.visit("1组2号", "met"), doors.visit("1组9号", "cannot-locate"))
    page = missed_doors(EVERYWHERE, doors.sweep, limit=2)
    rest = missed_doors(EVERYWHERE, doors.sweep, after=page[-1].cursor)
    assert [row.address for row in (*page, *rest)] == ["1组9号", "1组10号", "2组1号", "2组3号"]
    assert [r.address for r in missed_doors(EVERYWHERE, doors.sweep, outcome="cannot-locate")] == ["1组9号"]
    assert [r.address for r in missed_doors(EVERYWHERE, doors.sweep, outcome="unvisited", area=OTHER)] == [
        "2组1号",
        "2组3号",
    ]


def test_lines_are_sorted_by_trouble_and_paged(doors: Doors) -> None:
    record(
        doors, doors.visit("2组1号", people=1), doors.visit("2组3号", "vacant"), doors.visit("1组2号", "met")
    )
    first = coverage_by(EVERYWHERE, doors.sweep, limit=1)
    second = coverage_by(EVERYWHERE, doors.sweep, after=first[0].cursor)
    assert [(line.area, line.done, line.doors) for line in (*first, *second)] == [
        (VILLAGE, 1, 3),
        (OTHER, 2, 2),
    ]
    (town,) = coverage_by(EVERYWHERE, doors.sweep, by="street")
    assert (town.area, town.done, town.unvisited) == (TOWN, 3, 2)


def test_a_village_sees_the_towns_round_and_in_it_only_its_own_doors(doors: Doors) -> None:
    village = scope_of(VILLAGE, "sweep.view", "sweep.record")
    mine, other = doors.visit("1组2号", people=1), doors.visit("2组1号", people=1)
    receipts = record_visits(
        sweep_id=doors.sweep, visits=[mine, other], scope=village, by=CADRE, at=when(2, 20)
    )
    assert [receipt.code for receipt in receipts] == ["", "door-not-found"]
    assert [row.id for row in sweeps(village)] == [doors.sweep]
    row = open_sweep(village, VILLAGE)
    assert row is not None
    found = sweep_coverage(village, TOWN, when(2, 20))
    assert found is not None
    assert (row.id, found.doors) == (doors.sweep, 3)
    assert {one.area for one in missed_doors(village, doors.sweep)} == {VILLAGE}
    assert sweeps(scope_of("500101134", "sweep.view")) == []
    assert sweeps(Scope("nobody", ())) == []
    with pytest.raises(Refused, match="door-not-found"):
        door(village, other.door_id)
    with pytest.raises(Refused, match="not-permitted"):
        begin_sweep(area=VILLAGE, due_on=DUE, scope=village, by=CADRE, at=when(2))
    with pytest.raises(Refused, match="sweep-not-found"):
        sweep_row(scope_of("500101134", "sweep.view"), doors.sweep)


def test_a_past_day_is_told_again_as_it_was_and_rows_make_up_each_figure(doors: Doors) -> None:
    a, b, c = doors.people["1组9号"]
    wrong = doors.visit("1组9号", people=2, named=(a, b))
    record(doors, wrong, doors.visit("1组2号", "refused"), at=when(2, 20))
    evening = SweepMoment(TOWN, when(2).date(), "Asia/Shanghai", when(2, 22))

    def told(moment: SweepMoment) -> dict[str, int]:
        names = ("doors", "doors-done", "doors-missed", "doors-refused", "people", "visits", "visits-today")
        return {name: sweep_figure(EVERYWHERE, name, moment) for name in names}

    before = told(evening)
    assert list(before.values()) == [5, 1, 4, 1, 2, 2, 2]
    correct_visit(
        visit_id=wrong.id,
        item=doors.visit("1组9号", people=3, named=(a, b, c)),
        reason="漏记一人",
        scope=EVERYWHERE,
        by=CADRE,
        at=when(3, 9),
    )
    record(doors, doors.visit("1组2号", people=2, at=when(3)))
    assert told(evening) == before
    later = SweepMoment(TOWN, when(3).date(), "Asia/Shanghai", when(3, 22))
    assert list(told(later).values()) == [5, 2, 3, 0, 5, 3, 1]
    rows = sweep_figure_rows(EVERYWHERE, "people", later)
    assert sum(row.count for row in rows) == 5
    assert [(row.number, row.count) for row in rows] == [(1, 2), (2, 3)]
    assert sweep_figure(scope_of(OTHER, "report.view"), "doors", later) == 0
    with pytest.raises(Refused, match="figure-unknown"):
        sweep_figure(EVERYWHERE, "guessed", later)


def test_a_counter_that_was_tampered_with_is_named_and_made_anew(doors: Doors) -> None:
    record(doors, doors.visit("1组9号", people=2, named=tuple(doors.people["1组9号"][:2])))
    with connection.cursor() as cursor:
        cursor.execute("update screening_sweepleaf set met = 7 where area = %s", [VILLAGE])
        cursor.execute("update screening_sweepday set visits = 9")
        cursor.execute("update screening_sweepdoor set people = 4 where visits > 0")
        cursor.execute("delete from screening_sweepperson")
    wrong = {proof.name for proof in verify_sweeps() if not proof.ok}
    assert wrong == {
        "screening.sweep-doors-agree",
        "screening.sweep-people-count-once",
        "screening.sweep-leaves-agree",
        "screening.sweep-days-agree",
    }
    assert {one.what for one in sweep_differences(doors.sweep)} >= {"leaf", "door 2", "day 2020-02-02"}
    rebuild_sweep(sweep_id=doors.sweep, by=CLERK, at=when(3))
    _holds()
    assert _coverage().people == 2


def test_whatever_is_recorded_and_corrected_the_kept_figures_are_those_of_the_rule() -> None:
    homes: dict[str, dict[str, tuple[str, ...]]] = {
        VILLAGE: {f"1组{n}号": (f"甲{n}", f"乙{n}") for n in range(1, 6)},
        OTHER: {f"2组{n}号": (f"丙{n}",) for n in range(1, 4)},
    }
    doors = found_round(homes)
    chance = random.Random(20200223)
    everybody = [person for people in doors.people.values() for person in people]
    told: dict[object, NewVisit] = {}
    for _ in range(60):
        address = chance.choice(list(doors.rows))
        outcome = chance.choice(("met", "met", "met", "not-home", "refused", "vacant"))
        named = tuple(chance.sample(everybody, chance.randint(0, 3))) if outcome == "met" else ()
        people = len(named) + chance.randint(0, 2) if outcome == "met" else 0
        visit = doors.visit(
            address, outcome, people, named=named, at=when(chance.randint(2, 6), chance.randint(8, 18))
        )
        old = chance.choice(list(told.values())) if told and chance.random() < 0.3 else None
        if old is None:
            record(doors, visit, at=when(7))
        else:
            visit = NewVisit(visit.id, old.door_id, visit.visited_at, outcome, people, named)
            del told[old.id]
            correct_visit(visit_id=old.id, item=visit, reason="更正", scope=EVERYWHERE, by=CADRE, at=when(7))
        told[visit.id] = visit
        _agree(doors, list(told.values()))
    _holds()
    kept = _coverage(day=7)
    rebuild_sweep(sweep_id=doors.sweep, by=CLERK, at=when(8))
    again = _coverage(day=7)
    assert (again.doors, again.visits, again.done) == (kept.doors, kept.visits, kept.done)
    _holds()


def _agree(doors: Doors, told: list[NewVisit]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select person_id, door_id from screening_sweepperson where counted")
        home = dict(cursor.fetchall())
    named = {person for visit in told for person in visit.named}
    assert set(home) == named
    for row in sheet_doors(EVERYWHERE, doors.sweep, area=TOWN):
        mine = [visit for visit in told if visit.door_id == row.id]
        meetings = [
            Meeting(frozenset(p for p in v.named if home[p] == row.id), v.people - len(v.named)) for v in mine
        ]
        last = max(mine, key=lambda v: (v.visited_at, v.id), default=None)
        assert (row.visits, row.people) == (len(mine), people_behind(meetings))
        assert row.outcome == (last.outcome if last else "")
