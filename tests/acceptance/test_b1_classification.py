"""B1 Classification 分类: by place, time and contact; a revision previewed, 42,000 people in one action."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import pytest
from django.db import connection

from shouwang.classification.actions import classify_area
from shouwang.classification.queries import counts, decisions_of, preview, replay
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.scope import Scope
from shouwang.packs.load import builtin, dump, from_canonical
from tests.apps.returnees import REVISION, REVISION_2, TOWN

pytestmark = pytest.mark.django_db
ALL = Scope.everything()
PEOPLE = 42_000
RETURNEES = 1_400


def _residents(at: datetime) -> None:
    """42,000 people of 20 villages; every thirtieth has a trip: Wuhan, Hubei, elsewhere, or nobody knows."""
    person = "('00000002-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid"
    area = f"'{TOWN}' || lpad((n %% 20 + 1)::text, 3, '0')"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""insert into people_person (id, area, name, sort_key, initials, sex, relation, recorded_at)
            select {person}, {area}, '王' || n, 'wang ' || n, 'w', 'm', '', %s
            from generate_series(1, %s) n""",
            [at, PEOPLE],
        )
        cursor.execute(
            f"""insert into screening_trip (id, person_id, area, origin_text, origin_code, returned_on,
                returned_state, recorded_at, returned_raw, transport, vehicle, via, symptoms, reason, by_id,
                by_name)
            select gen_random_uuid(), {person}, {area}, '',
                (array['4201', '4228', '4403', null])[n / 30 %% 4 + 1],
                date '2020-01-20', 'clear', %s, '', '', '', '', '', '', '', ''
            from generate_series(30, %s, 30) n""",
            [at, PEOPLE],
        )


def test_a_town_of_42000_is_reclassified_in_one_action_with_reasons_and_a_preview(at: datetime) -> None:
    _residents(at)
    pack = builtin("cn-2020-longsha")
    started = time.perf_counter()
    outcome = classify_area(area=TOWN, pack=pack, revision_id=REVISION, by=SYSTEM, at=at)
    assert time.perf_counter() - started < 5
    assert (outcome.judged, outcome.changed) == (RETURNEES, RETURNEES)
    assert sum(counts(ALL, TOWN).values()) == RETURNEES

    raw = dump(pack)
    raw["revision"] = "without-wuhan"
    raw["category"] = [entry for entry in raw["category"] if entry["code"] != "wuhan"]
    revised = from_canonical(raw)
    shown = preview(ALL, TOWN, revised, at=at, limit=50)
    wuhan = counts(ALL, TOWN)["wuhan"]
    assert (shown.total, len(shown.movers)) == (wuhan, 50)
    assert sum(move.people for move in shown.moves) == wuhan
    assert {(move.was, move.now) for move in shown.moves} == {("wuhan", "hubei")}

    later = at + timedelta(hours=1)
    again = classify_area(area=TOWN, pack=revised, revision_id=REVISION_2, by=SYSTEM, at=later)
    assert again.changed == wuhan
    history = decisions_of(ALL, shown.movers[0].person_id)
    assert [(d.category, d.revision_id) for d in history] == [("hubei", REVISION_2), ("wuhan", REVISION)]
    assert all(decision.words for decision in history)
    assert replay(ALL, history[1].id, pack).agrees
    assert replay(ALL, history[0].id, revised).agrees
