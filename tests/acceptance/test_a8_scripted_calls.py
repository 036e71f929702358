"""A8 Scripted calls: a script of the pack, walked through; answers classify; an update keeps both.

At the size of the town: a call list of everybody returned from Hubei, rung by three callers.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.test import Client
from pytest_django import Settings

from shouwang.accounts.actions import create_user, grant_role
from shouwang.classification.queries import people_in, standings
from shouwang.journeys.call_lists import start_call_list
from shouwang.journeys.take_statement import take_statement
from shouwang.kernel.actor import Actor
from shouwang.kernel.ids import uuid7
from shouwang.packs.load import builtin
from shouwang.people.queries import people_sharing_telephone
from shouwang.screening.actions import Attempt, StatementCommand, record_attempt, take_next_call
from shouwang.screening.queries import reach, reach_counts, reaches, statements_of, trips_of, verify_items
from tests.acceptance.conftest import CADRE, CLERK, EVERYTHING, TOWN, LongshaTown
from tests.acceptance.watching import file_of_return, on, rows
from tests.town import FixedClock

AT = on(1, 29, 9)
MINUTE = timedelta(minutes=1)
CALLERS = [Actor(f"caller-{n}", name) for n, name in enumerate(("谭玉", "冉华", "向明"))]


def put_hubei_on_the_list() -> int:
    new = 0
    for category in ("wuhan", "hubei"):
        new += start_call_list(
            area=TOWN, script="four-questions", category=category, scope=EVERYTHING, by=CLERK, at=AT
        )
    return new


def somebody_unknown() -> UUID:
    """A person of the register in no category."""
    found: UUID = rows(
        """select p.id from people_person p where not exists (select 1 from screening_trip t
        where t.person_id = p.id) and not exists (select 1 from observation_file f where f.person_id = p.id)
        order by p.id limit 1"""
    )[0][0]
    return found


def test_the_scripts_are_items_of_the_pack_and_say_that_they_are_examples() -> None:
    pack = builtin("cn-2020-longsha")
    for code in ("four-questions", "back-to-work", "away-return"):
        script = pack.script(code)
        assert script.convention is not None
        assert "示例" in script.convention.zh_hans


def test_three_callers_ring_the_town_and_never_one_number_at_once(town: LongshaTown) -> None:
    expected = len(people_in(EVERYTHING, TOWN, ["wuhan", "hubei"]))
    assert expected > 200
    assert put_hubei_on_the_list() == expected
    assert put_hubei_on_the_list() == 0
    held: dict[str, UUID] = {}
    for step in range(90):
        caller = CALLERS[step % 3]
        at = AT + step * MINUTE
        if (before := held.pop(caller.id, None)) is not None:
            _no_answer(town, before, caller, at)
        taken = take_next_call(scope=EVERYTHING, by=caller, at=at, area=TOWN)
        assert taken is not None
        row = reach(EVERYTHING, taken)
        for other in held.values():
            busy = reach(EVERYTHING, other)
            assert busy.household_id != row.household_id
            assert row.subject_id not in people_sharing_telephone(EVERYTHING, busy.subject_id)
        held[caller.id] = taken
    tried = rows("select count(*), count(distinct subject_id) from screening_reachattempt")[0]
    assert tried == (87, 87)
    assert reach_counts(EVERYTHING, AT, area=TOWN)["phone"] == (
        expected,
        0,
    )  # whoever did not answer stays on it


def _no_answer(town: LongshaTown, reach_id: UUID, caller: Actor, at: object) -> None:
    row = reach(EVERYTHING, reach_id)
    attempt = Attempt(
        uuid7(),
        row.area,
        "person",
        row.subject_id,
        row.purpose,
        "phone",
        "no-answer",
        at,  # type: ignore[arg-type]
        row.household_id,
    )
    record_attempt(attempt=attempt, pack=town.pack, scope=EVERYTHING, by=caller, at=at)  # type: ignore[arg-type]


def test_a_call_walked_through_on_the_page_classifies_the_person(
    town: LongshaTown, settings: Settings
) -> None:
    person = somebody_unknown()
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    user = create_user(username="clerk-a8", name="冉晓梅", password="correct horse", by=CLERK, at=AT)
    grant_role(user_id=user.id, role="town-clerk", area=TOWN, by=CLERK, at=AT)
    client = Client()
    client.force_login(user)
    asked = client.get(f"/people/{person}/statement/?script=four-questions").content.decode()
    questions = town.pack.script("four-questions").questions
    assert [q.code for q in questions if f'data-question="{q.code}"' in asked] == [q.code for q in questions]
    sent = {
        "id": str(uuid7()),
        "script": "four-questions",
        "source": "call",
        "a-travel": "武汉",
        "a-returned": "2020-01-22",
        "a-contact": "no",
        "a-symptoms": "none",
        "a-needs": "买药",
    }
    for _ in range(2):
        assert client.post(f"/people/{person}/statement/", sent).status_code == 302
    assert standings(EVERYTHING, [person])[person].category == "wuhan"
    assert rows("select count(*) from observation_file where person_id = %s", person) == [(1,)]
    (told,) = statements_of(EVERYTHING, person)
    assert told.answers["needs"] == "买药"
    raw = rows("select answers from screening_statement where person_id = %s", person)[0][0]
    assert "买药".encode() not in bytes(raw)


def test_a_person_updates_an_earlier_answer_and_both_are_kept(town: LongshaTown) -> None:
    person = somebody_unknown()
    first = {"travel": ["宜昌"], "returned": ["2020-01-20"], "contact": ["no"]}
    second = {"travel": ["武汉"], "returned": ["2020-01-23"], "contact": ["yes"]}
    take_statement(
        command=StatementCommand(uuid7(), person, "four-questions", "call", AT, first),
        scope=EVERYTHING,
        by=CADRE,
        at=AT,
    )
    later = AT + 60 * MINUTE
    update = StatementCommand(
        uuid7(),
        person,
        "four-questions",
        "self",
        later,
        second,
        is_correction=True,
        reason="记错了地方",
    )
    taken = take_statement(command=update, scope=EVERYTHING, by=CADRE, at=later)
    new, old = statements_of(EVERYTHING, person)
    assert (new.source, new.replaces_id, old.answers["travel"]) == ("self", old.id, "宜昌")
    journeys = trips_of(EVERYTHING, person)
    assert len(journeys) == 2
    assert [trip.origin_code for trip in journeys if trip.superseded_at is None] == ["4201"]
    assert standings(EVERYTHING, [person])[person].category == "wuhan"
    assert taken.to_verify == ["contact-told"]
    assert {item.code for item in verify_items(EVERYTHING, person_id=person)} == {"contact-told"}


def test_a_cough_told_on_the_telephone_alarms_in_the_same_moment(town: LongshaTown) -> None:
    file_id = file_of_return(on(1, 20, 9).date())
    ((person,),) = rows("select person_id from observation_file where id = %s", file_id)
    call = StatementCommand(uuid7(), person, "four-questions", "self", AT, {"symptoms": ["cough"]})
    taken = take_statement(command=call, scope=EVERYTHING, by=CADRE, at=AT)
    assert taken.alerts == ("fever",)
    assert reaches(EVERYTHING, purpose="four-questions") == []
    alarms = rows("select code, raised_at from observation_alert where file_id = %s", file_id)
    assert alarms == [("fever", AT)]
