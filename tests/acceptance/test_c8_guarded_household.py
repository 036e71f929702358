"""C8 Guarded household: 24 hours a day on a family of five, a note at every hand-over, no hour without anybody."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from shouwang.journeys.guard_household import fill_roster, guard_household
from shouwang.journeys.stand_in import come_back, stand_in
from shouwang.kernel.errors import Refused
from shouwang.workforce.actions import (
    NewShift,
    NewWorker,
    begin_shift,
    cancel_shift,
    close_roster,
    enlist_workers,
    give_shifts,
    hand_shift_over,
    note_on_shift,
)
from shouwang.workforce.queries import (
    RosterRow,
    ShiftRow,
    roster,
    roster_alarms,
    roster_gaps,
    shift_notes,
    shifts_between,
)
from tests.acceptance.conftest import CADRE, CLERK, EVERYTHING, TOWN, LongshaTown, when
from tests.acceptance.watching import rows

BEGIN = when("01-29 14:00")
DAYS = 14
END = BEGIN + timedelta(days=DAYS)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def guards(town: LongshaTown) -> list[UUID]:
    del town
    people = [NewWorker(TOWN, f"守护{n}", ("guard",), unit="镇政府") for n in range(4)]
    enlist_workers(workers=people, area=TOWN, by=CLERK, at=BEGIN)
    return [person.id for person in people]


@pytest.fixture
def watch(guards: list[UUID]) -> RosterRow:
    """A family of five, guarded from two in the afternoon for fourteen days, by four people in turn."""
    family = rows(
        "select household_id from people_person where household_id in (select household_id from observation_file"
        " where state = 'open') group by 1 having count(*) = 5 order by 1 limit 1"
    )
    row_id = guard_household(
        household_id=family[0][0], since=BEGIN, until=END, scope=EVERYTHING, by=CLERK, at=BEGIN
    )
    row = roster(EVERYTHING, row_id)
    fill_roster(roster=row, people=guards, since=BEGIN, until=END, scope=EVERYTHING, by=CLERK, at=BEGIN)
    return row


def _shifts(row: RosterRow) -> list[ShiftRow]:
    return shifts_between(EVERYTHING, BEGIN - DAY, END + DAY, roster_ids=[row.id])[row.id]


def test_a_fortnight_around_the_clock_has_no_gap(watch: RosterRow) -> None:
    assert roster_gaps(EVERYTHING, watch, until=END + DAY) == []
    shifts = _shifts(watch)
    assert (shifts[0].starts_at, shifts[-1].ends_at) == (BEGIN, END)
    assert len(shifts) == 3 * DAYS + 1
    assert all(a.ends_at == b.starts_at for a, b in pairwise(shifts))
    assert all(a.worker_id != b.worker_id for a, b in pairwise(shifts))


def test_a_whole_day_is_kept_handed_over_with_notes_and_nothing_is_an_alarm(watch: RosterRow) -> None:
    shifts = _shifts(watch)[:5]
    begin_shift(shift_id=shifts[0].id, by=CADRE, at=shifts[0].starts_at)
    for mine, following in pairwise(shifts):
        assert roster_alarms(EVERYTHING, mine.ends_at - HOUR) == []
        hand_shift_over(
            shift_id=mine.id,
            text=f"{mine.worker}：体温正常，代购蔬菜一份。",
            to_shift_id=following.id,
            by=CADRE,
            at=mine.ends_at,
        )
    notes = shift_notes(EVERYTHING, watch.id)
    assert len(notes) == 4
    assert notes[-1].text == f"{shifts[0].worker}：体温正常，代购蔬菜一份。"
    assert roster_alarms(EVERYTHING, shifts[3].ends_at + timedelta(minutes=20)) == []


def test_who_does_not_come_and_who_does_not_hand_over_is_an_alarm_after_a_quarter_of_an_hour(
    watch: RosterRow,
) -> None:
    first, second = _shifts(watch)[:2]
    assert roster_alarms(EVERYTHING, BEGIN + timedelta(minutes=14)) == []
    (alarm,) = roster_alarms(EVERYTHING, BEGIN + timedelta(minutes=15))
    assert (alarm.kind, alarm.since, alarm.shift and alarm.shift.worker) == (
        "late-start",
        BEGIN,
        first.worker,
    )
    begin_shift(shift_id=first.id, by=CADRE, at=BEGIN + timedelta(minutes=20))
    assert roster_alarms(EVERYTHING, BEGIN + timedelta(minutes=21)) == []
    late = first.ends_at + timedelta(minutes=15)
    kinds = {alarm.kind for alarm in roster_alarms(EVERYTHING, late)}
    assert kinds == {"late-start", "not-handed-over"}
    begin_shift(shift_id=second.id, by=CADRE, at=late)
    months = first.ends_at + timedelta(days=9)
    assert ("not-handed-over", first.id) in {
        (a.kind, a.shift.id) for a in roster_alarms(EVERYTHING, months) if a.shift
    }


def test_an_hour_somebody_gives_up_is_a_gap_until_another_has_it(
    watch: RosterRow, guards: list[UUID]
) -> None:
    night = next(s for s in _shifts(watch) if s.starts_at == when("01-31 00:00"))
    cancel_shift(shift_id=night.id, reason="家中有事", by=CLERK, at=BEGIN)
    (gap,) = roster_gaps(EVERYTHING, watch, until=END)
    assert (gap.start, gap.end, gap.missing) == (night.starts_at, night.ends_at, 1)
    assert [a.kind for a in roster_alarms(EVERYTHING, BEGIN)] == []
    assert [a.kind for a in roster_alarms(EVERYTHING, when("01-30 01:00")) if a.kind == "gap"] == ["gap"]
    free = next(g for g in guards if g not in {night.worker_id})
    half = [NewShift(free, night.starts_at, night.starts_at + 4 * HOUR)]
    busy = {
        s.worker_id for s in _shifts(watch) if s.starts_at < night.ends_at and s.ends_at > night.starts_at
    }
    assert free not in busy
    give_shifts(roster_id=watch.id, shifts=half, by=CLERK, at=BEGIN)
    (left,) = roster_gaps(EVERYTHING, watch, until=END)
    assert (left.start, left.end) == (night.starts_at + 4 * HOUR, night.ends_at)


def test_nobody_is_on_two_shifts_at_once_and_the_database_says_so(watch: RosterRow) -> None:
    first, second = _shifts(watch)[:2]
    overlapping = NewShift(first.worker_id, first.ends_at - HOUR, first.ends_at)
    with pytest.raises(Refused, match="shift-overlaps"):
        give_shifts(roster_id=watch.id, shifts=[overlapping], by=CLERK, at=BEGIN)
    with pytest.raises(DatabaseError, match="workforce_shift_one_at_a_time"), transaction.atomic():
        rows(
            "update workforce_shift set worker_id = %s, starts_at = %s where id = %s returning id",
            *(first.worker_id, first.starts_at + HOUR, second.id),
        )
    touching = NewShift(first.worker_id, first.starts_at - HOUR, first.starts_at)
    assert len(give_shifts(roster_id=watch.id, shifts=[touching], by=CLERK, at=BEGIN)) == 1


def test_a_note_is_never_changed_only_put_right_by_another(watch: RosterRow) -> None:
    first = _shifts(watch)[0]
    begin_shift(shift_id=first.id, by=CADRE, at=BEGIN)
    note_on_shift(shift_id=first.id, text="体温38.2", by=CADRE, at=BEGIN + HOUR)
    (wrong,) = shift_notes(EVERYTHING, watch.id)
    note_on_shift(shift_id=first.id, text="体温36.2，上条误写", corrects=wrong.id, by=CADRE, at=BEGIN + HOUR)
    right, old = shift_notes(EVERYTHING, watch.id)
    assert (right.corrects_id, old.text) == (wrong.id, "体温38.2")
    for sql in ("update workforce_shiftnote set text = ''", "delete from workforce_shiftnote"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    with pytest.raises(Refused, match="note-missing"):
        hand_shift_over(shift_id=first.id, text=" ", by=CADRE, at=first.ends_at)


def test_who_falls_ill_in_the_night_is_followed_by_the_stand_in_without_a_gap(
    watch: RosterRow, guards: list[UUID]
) -> None:
    del guards
    first = _shifts(watch)[0]
    begin_shift(shift_id=first.id, by=CADRE, at=BEGIN)
    spare = NewWorker(TOWN, "替班", ("guard",))
    enlist_workers(workers=[spare], area=TOWN, by=CLERK, at=BEGIN)
    ill_at = BEGIN + HOUR
    mine = sum(s.worker_id == first.worker_id for s in _shifts(watch))
    done, _ = stand_in(
        worker_id=first.worker_id,
        stand_in_id=spare.id,
        kind="ill",
        reason="发热",
        scope=EVERYTHING,
        by=CLERK,
        at=ill_at,
    )
    assert (done.shifts, done.shifts_left) == (mine, 0)
    assert roster_gaps(EVERYTHING, watch, until=END) == []
    assert [s.starts_at for s in _shifts(watch) if s.worker_id == first.worker_id] == [BEGIN]
    back, _ = come_back(worker_id=first.worker_id, scope=EVERYTHING, by=CLERK, at=BEGIN + 4 * DAY)
    assert 0 < back.shifts < mine
    assert roster_gaps(EVERYTHING, watch, until=END) == []


def test_the_watch_ends_with_a_reason_and_its_hours_to_come_are_given_back(watch: RosterRow) -> None:
    later = BEGIN + 10 * DAY
    assert close_roster(roster_id=watch.id, reason="解除观察", by=CLERK, at=later) > 0
    closed = roster(EVERYTHING, watch.id)
    assert (closed.until, closed.closed_reason) == (later, "解除观察")
    assert all(alarm.kind != "gap" for alarm in roster_alarms(EVERYTHING, later + HOUR))
