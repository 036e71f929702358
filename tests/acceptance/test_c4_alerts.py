"""C4 Alerts: fever, cough, fatigue are reported at once; nobody falls out; a missed check shows in a minute."""

from __future__ import annotations

import random
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from shouwang.journeys.escalate import escalate
from shouwang.journeys.verify_house import verify_house
from shouwang.observation.actions import answer_alert
from shouwang.observation.queries import duties, late_count, late_files, open_alerts
from tests.acceptance.conftest import CLERK, DOCTOR, EVERYTHING, TOWN, LongshaTown
from tests.acceptance.watching import check, file_of_return, on, record, rows

RETURN = date(2020, 1, 20)
MORNING = on(1, 29, 9)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def alerts_of(file_id: UUID) -> list[str]:
    return [
        row[0] for row in rows("select code from observation_alert where file_id = %s order by code", file_id)
    ]


# -- an abnormal check raises an alert in the same transaction ------------------------------------------


@pytest.mark.parametrize(
    ("deci", "symptoms", "codes"),
    [
        (372, (), []),
        (373, (), ["fever"]),
        (399, (), ["fever"]),
        (365, ("cough",), ["fever"]),
        (365, ("fatigue",), ["fever"]),
        (365, ("diarrhoea",), ["other-symptom"]),
        (380, ("short-breath",), ["fever", "other-symptom"]),
        (None, ("fatigue",), ["fever"]),
    ],
)
def test_fever_cough_and_fatigue_raise_an_alert_at_once(
    town: LongshaTown, deci: int | None, symptoms: tuple[str, ...], codes: list[str]
) -> None:
    file_id = file_of_return(RETURN)
    receipt = record(town, check(file_id, MORNING, deci, symptoms=symptoms))[0]
    assert alerts_of(file_id) == codes
    assert receipt.abnormal == bool(codes)
    assert sorted(receipt.alerts) == codes
    told = rows("select distinct raised_at from observation_alert where file_id = %s", file_id)
    assert told == ([(MORNING,)] if codes else [])


def test_the_check_and_its_alert_are_kept_together_or_not_at_all(town: LongshaTown) -> None:
    file_id = file_of_return(RETURN)
    with pytest.raises(RuntimeError, match="power"):
        _interrupted(town, file_id)
    assert alerts_of(file_id) == []
    assert rows("select count(*) from observation_dailycheck where file_id = %s", file_id) == [(0,)]


@transaction.atomic
def _interrupted(town: LongshaTown, file_id: UUID) -> None:
    record(town, check(file_id, MORNING, 391))
    assert alerts_of(file_id) == ["fever"]
    raise RuntimeError("the power went")


def test_where_the_alert_cannot_be_written_the_check_is_not_either(town: LongshaTown) -> None:
    file_id = file_of_return(RETURN)
    with connection.cursor() as cursor:
        cursor.execute(
            "create function refuse_alert() returns trigger language plpgsql as"
            " $$ begin raise exception 'no alert today'; end $$;"
            "create trigger refuse before insert on observation_alert for each row execute function refuse_alert()"
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        record(town, check(file_id, MORNING, 391))
    assert rows("select count(*) from observation_dailycheck where file_id = %s", file_id) == [(0,)]


def test_an_alert_tells_whom_the_pack_names_and_climbs_by_the_clock_until_answered(town: LongshaTown) -> None:
    file_id = file_of_return(RETURN)
    record(town, check(file_id, MORNING, 385))
    alert = next(a for a in open_alerts(EVERYTHING, area=TOWN) if a.file_id == file_id)
    assert (alert.severity, set(alert.tell), alert.level) == ("urgent", {"medic", "town-cadre"}, 0)
    assert escalate(by=DOCTOR, at=MORNING + 29 * MINUTE) == []
    assert [a.level for a in escalate(by=DOCTOR, at=MORNING + 30 * MINUTE)] == [1]
    answer_alert(
        alert_id=alert.id,
        answer="已送镇卫生院发热门诊",
        scope=EVERYTHING,
        by=DOCTOR,
        at=MORNING + 40 * MINUTE,
    )
    assert escalate(by=DOCTOR, at=MORNING + 90 * MINUTE) == []
    assert file_id not in {a.file_id for a in open_alerts(EVERYTHING, area=TOWN)}


def test_a_fever_patient_does_not_fall_out_of_monitoring(town: LongshaTown) -> None:
    """2 February: one did. Here the next check stays due, the alert stays open, and it climbs to the top."""
    file_id = file_of_return(RETURN)
    receipt = record(town, check(file_id, MORNING, 385))[0]
    assert receipt.next_due_at == on(1, 29, 20)
    escalate(by=DOCTOR, at=MORNING + timedelta(hours=2))
    later = on(2, 2, 9)
    alert = next(a for a in open_alerts(EVERYTHING, area=TOWN) if a.file_id == file_id)
    assert (alert.state, alert.level) == ("open", 2)
    late = {duty.file_id for duty in late_files(EVERYTHING, later, area=TOWN, limit=5000)}
    assert file_id in late


# -- nobody is ever without an owner and a next due time ------------------------------------------------


def test_everybody_under_observation_has_an_owner_and_a_next_due_time(town: LongshaTown) -> None:
    assert rows("select count(*) from observation_file where state = 'open'") == [(1286,)]
    alone = "select count(*) from observation_file where state = 'open' and (owner_id is null or next_due_at is null)"
    assert rows(alone) == [(0,)]
    named = rows(
        "select count(*) from observation_file f join workforce_worker w on w.id = f.owner_id where f.state = 'open'"
    )
    assert named == [(1286,)]


@pytest.mark.parametrize("column", ["owner_id", "next_due_at", "next_slot"])
def test_the_database_refuses_to_leave_somebody_alone(town: LongshaTown, column: str) -> None:
    file_id = file_of_return(RETURN)
    with (
        pytest.raises(IntegrityError, match="never_alone"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"update observation_file set {column} = null where id = %s", [file_id])


def test_after_a_day_of_every_kind_of_check_the_house_still_stands(town: LongshaTown) -> None:
    dice = random.Random(2)
    files = [
        row[0]
        for row in rows("select id from observation_file where state = 'open' and not found_late order by id")
    ]
    items = []
    for file_id in files:
        for hour in dice.sample((8, 9, 11, 13, 19, 22), dice.choice([0, 1, 1, 2])):
            outcome = dice.choices(["done", "not-home", "refused", "unreachable"], [8, 1, 1, 1])[0]
            done = outcome == "done"
            items.append(
                check(
                    file_id,
                    on(1, 29, hour, dice.randrange(60)),
                    dice.choice([361, 365, 372, 373, 388]) if done else None,
                    outcome=outcome,
                    seen="person" if done else "nobody",
                    roles=("medic",) if done else (),
                    symptoms=("cough",) if done and dice.random() < 0.1 else (),
                )
            )
    for start in range(0, len(items), 500):
        record(town, *items[start : start + 500], at=on(1, 29, 23))
    for moment in (on(1, 29, 23), on(1, 30, 0), on(1, 30, 12, 0, 1), on(2, 9, 9)):
        wrong = [proved for proved in verify_house(moment) if not proved.ok]
        assert wrong == []
    abnormal = rows("select count(*) from observation_dailycheck where abnormal")[0][0]
    assert abnormal > 100
    without = (
        "select count(*) from observation_dailycheck c where (c.deci >= 373 or c.symptoms && array['cough'])"
        " and not exists (select 1 from observation_alert a where a.check_row_id = c.id)"
    )
    assert rows(without) == [(0,)]


# -- a missed check is visible within a minute of its deadline ------------------------------------------


def test_a_missed_check_shows_within_a_minute_of_its_deadline(town: LongshaTown) -> None:
    _caught_up(town)
    noon = on(1, 29, 12)
    expected = rows("select count(*) from observation_file where state = 'open' and next_due_at = %s", noon)[
        0
    ][0]
    assert expected > 500
    before = late_count(EVERYTHING, noon, area=TOWN).number
    assert late_count(EVERYTHING, noon + SECOND, area=TOWN).number == before + expected
    at_once = {d.file_id for d in late_files(EVERYTHING, noon + MINUTE, area=TOWN, limit=5000)}
    assert file_of_return(RETURN) in at_once
    shown = [d for d in duties(EVERYTHING, noon + MINUTE, area=TOWN, limit=5000) if d.due_at == noon]
    assert {d.late_seconds for d in shown} == {60}


def test_a_check_made_in_time_is_not_shown_as_missed(town: LongshaTown) -> None:
    _caught_up(town)
    file_id = file_of_return(RETURN)
    record(town, check(file_id, on(1, 29, 12)))
    late = {d.file_id for d in late_files(EVERYTHING, on(1, 29, 12, 1), area=TOWN, limit=5000)}
    assert file_id not in late


def _caught_up(town: LongshaTown) -> None:
    """Whoever had something due on the 28th was seen that evening."""
    evening = on(1, 28, 19, 30)
    due = [d.file_id for d in duties(EVERYTHING, evening, area=TOWN, limit=5000) if not d.found_late]
    for start in range(0, len(due), 500):
        record(town, *[check(f, evening) for f in due[start : start + 500]], by=CLERK)
