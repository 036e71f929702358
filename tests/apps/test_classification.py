from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from shouwang.classification.actions import classify_area, classify_people
from shouwang.classification.facts import facts_as_of
from shouwang.classification.models import Decision
from shouwang.classification.queries import (
    changes_between,
    counts,
    decisions_of,
    preview,
    replay,
    standing,
)
from shouwang.classification.rules import judge
from shouwang.classification.statement import context_of
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.canon import canonical
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Grant, Scope
from shouwang.packs.conditions import Vocabulary, reason_words
from shouwang.packs.load import builtin
from shouwang.packs.schema import Pack
from tests.apps.returnees import (
    HUBEI,
    OTHER_VILLAGE,
    REVISION,
    REVISION_2,
    TOWN,
    VILLAGE,
    WUHAN,
    a_pack,
    add_exposure,
    add_person,
    add_tag,
    add_trip,
    end_trip,
)

pytestmark = pytest.mark.django_db
ALL = Scope.everything()


def _classify(pack: Pack, at: datetime, revision: UUID = REVISION, area: str = TOWN):
    return classify_area(area=area, pack=pack, revision_id=revision, by=SYSTEM, at=at)


def test_a_returnee_from_wuhan_is_classified_with_the_trip_as_the_reason(at: datetime) -> None:
    someone = add_person("宋云", at)
    add_trip(someone, at, "420103", date(2020, 1, 20))
    add_person("在家", at)
    outcome = _classify(a_pack(WUHAN, HUBEI), at)
    assert (outcome.judged, outcome.changed, outcome.renewed) == (1, 1, 0)
    assert outcome.counts == ((None, "wuhan", 1),)
    found = standing(ALL, someone)
    assert found is not None
    assert (found.category, found.certain, found.revision_id) == ("wuhan", True, REVISION)
    assert found.words == ("2020年1月20日自420103返回",)
    assert found.reasons[0].params["origin"] == "420103"


def test_an_unknown_place_counts_as_found_and_is_not_certain(at: datetime) -> None:
    someone = add_person("宋云", at)
    add_trip(someone, at, None, None)
    _classify(a_pack(WUHAN, HUBEI), at)
    found = standing(ALL, someone)
    assert found is not None
    assert (found.category, found.certain) == ("wuhan", False)


def test_classifying_again_writes_nothing(at: datetime) -> None:
    someone = add_person("宋云", at)
    add_trip(someone, at)
    pack = a_pack(WUHAN, HUBEI)
    _classify(pack, at)
    outcome = _classify(pack, at + timedelta(hours=1), REVISION_2)
    assert (outcome.changed, outcome.renewed) == (0, 0)
    assert len(decisions_of(ALL, someone)) == 1


def test_a_new_trip_of_the_same_kind_renews_the_reasons(at: datetime) -> None:
    someone = add_person("宋云", at)
    add_trip(someone, at)
    pack = a_pack(WUHAN)
    _classify(pack, at)
    add_trip(someone, at + timedelta(hours=1), "420106", date(2020, 1, 25))
    outcome = _classify(pack, at + timedelta(hours=2))
    assert (outcome.changed, outcome.renewed) == (0, 1)
    assert len(decisions_of(ALL, someone)[0].words) == 2


def test_a_person_whose_only_trip_was_corrected_away_is_of_no_category_any_more(at: datetime) -> None:
    someone = add_person("宋云", at)
    trip = add_trip(someone, at)
    pack = a_pack(WUHAN)
    _classify(pack, at)
    end_trip(trip, at + timedelta(hours=1))
    outcome = _classify(pack, at + timedelta(hours=2))
    assert outcome.counts == (("wuhan", None, 1),)
    assert counts(ALL, TOWN) == {}
    assert [d.category for d in decisions_of(ALL, someone)] == [None, "wuhan"]


def test_only_the_named_place_is_reclassified(at: datetime) -> None:
    here, there = add_person("宋云", at), add_person("李雷", at, area=OTHER_VILLAGE)
    add_trip(here, at)
    add_trip(there, at)
    assert _classify(a_pack(WUHAN), at, area=VILLAGE).changed == 1
    assert standing(ALL, there) is None


def test_people_of_an_import_are_classified_alone(at: datetime) -> None:
    first, second = add_person("宋云", at), add_person("李雷", at)
    add_trip(first, at)
    add_trip(second, at)
    outcome = classify_people(
        ids=[second], area=TOWN, pack=a_pack(WUHAN), revision_id=REVISION, by=SYSTEM, at=at
    )
    assert outcome.changed == 1
    assert counts(ALL) == {"wuhan": 1}


def test_everyone_is_reclassified_in_one_statement(at: datetime) -> None:
    for number in range(5):
        add_trip(add_person(f"王{number}", at), at)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        _classify(a_pack(WUHAN, HUBEI), at)
    assert sum("classification_decision" in query["sql"] for query in seen) == 1


def test_a_preview_names_who_would_change_and_writes_nothing(at: datetime) -> None:
    people = [add_person(name, at, area=area) for name, area in (("宋云", VILLAGE), ("李雷", OTHER_VILLAGE))]
    for person in people:
        add_trip(person, at, "4201")
    _classify(a_pack(HUBEI), at)
    shown = preview(ALL, TOWN, a_pack(WUHAN, HUBEI), at=at, limit=1)
    assert [(m.village, m.was, m.now, m.people) for m in shown.moves] == [
        (VILLAGE, "hubei", "wuhan", 1),
        (OTHER_VILLAGE, "hubei", "wuhan", 1),
    ]
    assert (shown.total, [m.name for m in shown.movers]) == (2, ["宋云"])
    rest = preview(ALL, TOWN, a_pack(WUHAN, HUBEI), at=at, after=shown.next, limit=1)
    assert [m.name for m in rest.movers] == ["李雷"]
    assert rest.next is None
    assert counts(ALL) == {"hubei": 2}


def test_a_preview_shows_only_people_in_sight(at: datetime) -> None:
    add_trip(add_person("宋云", at), at)
    other = Scope("u", (Grant("village-cadre", OTHER_VILLAGE, frozenset({"pack.view"})),))
    assert preview(other, TOWN, a_pack(WUHAN), at=at).total == 0


def test_a_past_decision_is_replayed_from_the_facts_of_then(at: datetime) -> None:
    someone = add_person("宋云", at)
    trip = add_trip(someone, at)
    pack = a_pack(WUHAN)
    _classify(pack, at)
    first = decisions_of(ALL, someone)[0]
    end_trip(trip, at + timedelta(hours=1))
    add_trip(someone, at + timedelta(hours=1), "50", date(2020, 1, 21))
    _classify(pack, at + timedelta(hours=2))
    again = replay(ALL, first.id, pack)
    assert again.agrees
    assert again.again.category == "wuhan"
    assert not replay(ALL, first.id, a_pack(HUBEI)).agrees


def test_the_database_refuses_to_change_a_decision(at: datetime) -> None:
    add_trip(add_person("宋云", at), at)
    _classify(a_pack(WUHAN), at)
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.unscoped("attack").update(category="x")


def test_decisions_of_another_village_do_not_exist(at: datetime) -> None:
    someone = add_person("宋云", at)
    add_trip(someone, at)
    _classify(a_pack(WUHAN), at)
    other = Scope("u", (Grant("village-cadre", OTHER_VILLAGE, frozenset({"person.view"})),))
    assert standing(other, someone) is None
    assert counts(other) == {}
    assert changes_between(other, at - timedelta(days=1), at) == []
    assert len(changes_between(ALL, at - timedelta(days=1), at)) == 1
    with pytest.raises(Refused):
        decisions_of(other, someone)


_RICH = (
    {
        "code": "contact",
        "when": {"exposure": {"all": [{"kind": ["close-contact"]}, {"last-within-days": 14}]}},
    },
    {
        "code": "old-from-hubei",
        "when": {
            "all": [
                {"trip": {"all": [{"stayed-in": ["42"]}, {"returned-since": "2020-01-10"}]}},
                {"any": [{"age-at-least": 60}, {"tag-any": ["chronic"]}]},
            ]
        },
    },
    {
        "code": "elsewhere",
        "when": {
            "any": [
                {"all": [{"trip": {"not": {"stayed-in": ["50"]}}}, {"not": {"sex": ["f"]}}]},
                {"all": [{"lives-in": [OTHER_VILLAGE]}, {"born-since": "2010-01-01"}]},
            ]
        },
    },
)


@pytest.mark.parametrize("seed", range(4))
def test_the_statement_and_python_agree_about_random_people_down_to_the_words(
    seed: int, at: datetime
) -> None:
    dice = random.Random(seed)
    days = [None, date(2020, 1, 5), date(2020, 1, 10), date(2020, 1, 20), date(2020, 1, 31)]
    ids = []
    for number in range(60):
        born = dice.choice([None, date(1950, 2, 1), date(1960, 2, 1), date(1960, 2, 2), date(2015, 5, 5)])
        area = dice.choice([VILLAGE, OTHER_VILLAGE])
        person = add_person(f"王{number}", at, area=area, sex=dice.choice("mf"), born=born)
        for _ in range(dice.choice([0, 0, 1, 1, 2, 3])):
            add_trip(person, at, dice.choice([None, "42", "4201", "420103", "50", "44"]), dice.choice(days))
        for _ in range(dice.choice([0, 0, 1, 2])):
            add_exposure(person, at, dice.choice(["close-contact", "other"]), None, dice.choice(days))
        if dice.random() < 0.3:
            add_tag(person, "chronic", at)
        ids.append(person)
    kinds = [{"code": "close-contact", "title": "密切接触"}]
    pack = a_pack(*_RICH, **{"exposure-kind": kinds, "tag": [{"code": "chronic", "title": "慢病"}]})
    _classify(pack, at)
    _agree(pack, ids, at)


def _agree(pack: Pack, ids: list[UUID], at: datetime) -> None:
    ctx = context_of(pack, at)
    vocabulary = Vocabulary.of(pack, ctx.on)
    for person, facts in facts_as_of(ids, at).items():
        judged, found = judge(pack, facts, ctx), standing(ALL, person)
        if found is None:
            assert judged.category is None
            continue
        assert (found.category, found.certain) == (judged.category, judged.certain)
        assert found.facts_digest == judged.digest

        def plain(reasons: object) -> list[tuple[str, dict[str, object]]]:
            return sorted(((r.code, dict(r.params)) for r in reasons), key=canonical)  # type: ignore[attr-defined]

        assert plain(found.reasons) == plain(judged.reasons)
        told = sorted(reason_words(reason, "zh-hans", vocabulary) for reason in judged.reasons)
        assert sorted(found.words) == told


def test_the_statement_and_python_agree_under_the_pack_of_longsha(at: datetime) -> None:
    pack, ids = builtin("cn-2020-longsha"), []
    for number, origin in enumerate([None, "42", "4201", "420103", "44", "500101", "50", "500101135"] * 3):
        person = add_person(f"王{number}", at)
        days = [date(2020, 1, 20), None, date(2019, 12, 30)]
        add_trip(person, at, origin, days[number // 8])
        ids.append(person)
    _classify(pack, at)
    _agree(pack, ids, at)
