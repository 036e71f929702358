"""B1 Classification 分类: rules in a pack, decisions with their reasons, a revision for 42,000 people."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shouwang.classification.queries import (
    counts,
    decisions_of,
    preview,
    replay,
    standing,
)
from shouwang.journeys.reclassify import reclassify
from shouwang.kernel.errors import Refused
from shouwang.packs.load import builtin_source, load_pack
from shouwang.policy.actions import adopt_revision, approve_revision, propose_revision
from shouwang.policy.queries import pack_in_force, revision_in_force
from shouwang.screening.actions import record_exposure
from tests.acceptance.conftest import (
    CADRE,
    CLERK,
    EVERYTHING,
    HUBEI_CAME,
    TOWN,
    LongshaTown,
    when,
)

NEXT_DAY = when("01-29 10:00")
RESIDENTS = """
[[category]]
code = "resident"
rank = 90
title = { zh-hans = "在册居民", zh-hant = "在冊居民", en = "Residents" }
convention = { zh-hans = "只为试算", zh-hant = "只為試算", en = "For this trial alone" }
when = { lives-in = ["home"] }
"""


def rows(sql: str, *params: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def revised(*changes: tuple[str, str], more: str = "") -> bytes:
    """The pack of Longsha with passages replaced and entries added, as the next revision."""
    text = builtin_source("cn-2020-longsha").decode()
    for old, new in (('revision = "2020-02-19"', 'revision = "2020-02-20"'), *changes):
        assert old in text, old
        text = text.replace(old, new)
    return (text + more).encode()


XIANNING = (
    'source = "division code 4201"\nfrom = { 2020-01-01 = ["4201"] }',
    'source = "order of 29 January 2020"\nfrom = { 2020-01-01 = ["4201"], 2020-01-29 = ["4201", "4212"] }',
)
"""Key areas change by the day: from 29 January Xianning counts as Wuhan does."""


def adopt(source: bytes, at: Any) -> UUID:
    """A revision through both persons' hands."""
    own = propose_revision(original=source, area=TOWN, reason="重点地区调整", by=CLERK, at=at)
    approve_revision(revision_id=own, by=CADRE, at=at)
    adopt_revision(revision_id=own, by=CLERK, at=at)
    return own


def from_xianning() -> set[UUID]:
    found = rows("select person_id from screening_trip where origin_code like '4212%%'")
    return {row[0] for row in found}


# -- by where a person came from, when, and contact -----------------------------------------------------


def test_everyone_of_the_lists_is_classified_by_where_they_came_from(town: LongshaTown) -> None:
    assert counts(EVERYTHING, TOWN) == {"wuhan": 305, "hubei": 741, "other": 240}
    origins = rows(
        "select s.category, t.origin_code from classification_standing s"
        " join screening_trip t on t.person_id = s.person_id where t.superseded_at is null"
    )
    for category, origin in origins:
        wanted = "wuhan" if origin.startswith("4201") else "hubei" if origin.startswith("42") else "other"
        assert category == wanted, origin


def test_nobody_of_the_register_who_stayed_at_home_is_anything(town: LongshaTown) -> None:
    assert rows("select count(*) from people_person") == [(42000 + 1046 + 240,)]
    assert rows("select count(*) from classification_standing") == [(1286,)]


def test_a_contact_is_a_contact_wherever_they_came_from(town: LongshaTown) -> None:
    someone = rows("select person_id from classification_standing where category = 'other' limit 1")[0][0]
    record_exposure(
        person_id=someone,
        area=TOWN,
        kind="close-contact",
        first_on=None,
        last_on=NEXT_DAY.date() - timedelta(days=2),
        by=CLERK,
        at=NEXT_DAY,
    )
    reclassify(area=TOWN, by=CLERK, at=NEXT_DAY)
    now = standing(EVERYTHING, someone)
    assert now is not None
    assert (now.category, now.was) == ("contact", "other")


def test_when_somebody_came_back_counts(town: LongshaTown) -> None:
    """Before the first day looked for: no category. Unknown: found, and not certain."""
    late = load_pack(revised(("from = { 2020-01-01 = 2020-01-01 }", "from = { 2020-01-01 = 2020-01-20 }")))
    shown = preview(EVERYTHING, TOWN, late, at=NEXT_DAY, limit=2000)
    leaving = {mover.person_id for mover in shown.movers if mover.now is None}
    expected = {
        row[0] for row in rows("select person_id from screening_trip where returned_on < '2020-01-20'")
    }
    assert leaving == expected
    uncertain = rows("select count(*) from classification_standing where not certain")[0][0]
    assert uncertain == rows("select count(*) from screening_trip where returned_on is null")[0][0] == 58


# -- each decision stores the revision and its reasons in plain words -----------------------------------


def test_every_decision_stores_the_revision_and_its_reasons_in_plain_words(town: LongshaTown) -> None:
    people = [row[0] for row in rows("select person_id from classification_standing")]
    said: Counter[str] = Counter()
    for person in people[::20]:
        found = standing(EVERYTHING, person)
        assert found is not None
        assert found.revision_id == town.revision_id
        assert found.words, person
        said.update("返回" in word or "日期" in word for word in found.words)
    assert said[True]
    bare = "select count(*) from classification_decision where revision_id <> %s or reasons::text = '[]'"
    assert rows(bare, town.revision_id) == [(0,)]


def test_the_reason_names_the_place_and_the_day(town: LongshaTown) -> None:
    person, day = rows(
        "select person_id, returned_on from screening_trip where origin_code = '4201'"
        " and returned_on is not null order by id limit 1"
    )[0]
    found = standing(EVERYTHING, person)
    assert found is not None
    assert len(found.words) == 1
    assert found.words[0].startswith(f"2020年{day.month}月{day.day}日自武汉市返回")
    assert "导入第" in found.words[0], "and where it is written"


def test_a_past_decision_can_be_replayed_after_the_rules_changed(town: LongshaTown) -> None:
    person = sorted(from_xianning())[0]
    adopt(revised(XIANNING), NEXT_DAY)
    reclassify(area=TOWN, by=CLERK, at=NEXT_DAY)
    now, then = decisions_of(EVERYTHING, person)
    assert (now.category, then.category) == ("wuhan", "hubei")
    assert then.revision_id == town.revision_id != now.revision_id
    assert replay(EVERYTHING, then.id, town.pack_of(then.revision_id)).agrees


# -- a revision shows who would change before it is adopted ---------------------------------------------


def test_a_revision_says_who_would_change_and_changes_nobody(town: LongshaTown) -> None:
    pack = load_pack(revised(XIANNING))
    shown = preview(EVERYTHING, TOWN, pack, at=NEXT_DAY, limit=500)
    assert {mover.person_id for mover in shown.movers} == from_xianning()
    assert {(mover.was, mover.now) for mover in shown.movers} == {("hubei", "wuhan")}
    assert shown.total == sum(move.people for move in shown.moves) == 46
    assert counts(EVERYTHING, TOWN) == {"wuhan": 305, "hubei": 741, "other": 240}
    day_before = preview(EVERYTHING, TOWN, pack, at=when("01-28 22:00"))
    assert day_before.total == 0, "the area widens on the 29th, not before"


def test_a_revision_needs_a_second_person_and_then_does_what_it_said(town: LongshaTown) -> None:
    source = revised(XIANNING)
    said = preview(EVERYTHING, TOWN, load_pack(source), at=NEXT_DAY, limit=500)
    own = propose_revision(original=source, area=TOWN, reason="重点地区调整", by=CLERK, at=NEXT_DAY)
    with pytest.raises(Refused, match="second-person-needed"):
        approve_revision(revision_id=own, by=CLERK, at=NEXT_DAY)
    with pytest.raises(Refused, match="revision-closed"):
        adopt_revision(revision_id=own, by=CLERK, at=NEXT_DAY)
    approve_revision(revision_id=own, by=CADRE, at=NEXT_DAY)
    adopt_revision(revision_id=own, by=CLERK, at=NEXT_DAY)
    done = reclassify(area=TOWN, by=CLERK, at=NEXT_DAY)
    assert done.changed == said.total
    assert done.counts == {"wuhan": 351, "hubei": 695, "other": 240}
    moved = {
        row[0] for row in rows("select person_id from classification_decision where revision_id = %s", own)
    }
    assert moved == from_xianning()
    before = revision_in_force(EVERYTHING, TOWN, HUBEI_CAME)
    assert before is not None
    assert before.id == town.revision_id, "yesterday's rules are yesterday's"


# -- 42,000 residents in one action ---------------------------------------------------------------------


def test_42_000_residents_are_reclassified_in_one_statement(town: LongshaTown) -> None:
    own = adopt(revised(more=RESIDENTS), NEXT_DAY)
    _, pack = pack_in_force(EVERYTHING, TOWN, NEXT_DAY)
    said = preview(EVERYTHING, TOWN, pack, at=NEXT_DAY, limit=1)
    with CaptureQueriesContext(connection) as seen:
        done = reclassify(area=TOWN, by=CLERK, at=NEXT_DAY)
    writing = [q["sql"] for q in seen if "INTO classification_decision" in q["sql"]]
    assert len(writing) == 1
    assert done.changed == said.total == 42000
    assert done.counts == {"wuhan": 305, "hubei": 741, "other": 240, "resident": 42000}
    became = (
        "select count(*) from classification_decision"
        " where revision_id = %s and was is null and category = 'resident'"
    )
    assert rows(became, own) == [(42000,)]
    events = rows(
        "select count(*) from journal_event where verb = 'classification.area.classified' and at = %s",
        NEXT_DAY,
    )
    assert events == [(1,)], "one action, one event"
    again = reclassify(area=TOWN, by=CLERK, at=NEXT_DAY + timedelta(hours=1))
    assert again.changed == 0


def test_the_rules_are_data_and_a_bad_pack_names_its_entry(town: LongshaTown) -> None:
    wrong = revised(
        ('when = { trip = { stayed-in = ["hubei"] } }', 'when = { trip = { stayed-in = ["hubai"] } }')
    )
    with pytest.raises(Refused) as refused:
        propose_revision(original=wrong, area=TOWN, reason="x", by=CLERK, at=NEXT_DAY)
    assert refused.value.code == "pack-invalid"
    assert "hubai" in str(refused.value.params)
