"""Packs: reading, validation with the entry named, hashes, the calendar, the regulation in words."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from shouwang.kernel.errors import Refused
from shouwang.packs.conditions import PersonFacts, TripFact
from shouwang.packs.load import (
    PackInvalid,
    builtin,
    builtin_ids,
    builtin_source,
    check_raw,
    dump,
    from_canonical,
    load_pack,
    pack_hash,
    read_raw,
)
from shouwang.packs.messages import MESSAGES
from shouwang.packs.plan import day_number, due_on, plan_for, stage_on
from shouwang.packs.schema import LANGS
from shouwang.packs.validate import problem_words, validate
from shouwang.packs.words import diff, regulation

LONGSHA = "cn-2020-longsha"


def changed(edit: Callable[[dict[str, Any]], object]) -> list[tuple[str, str]]:
    """(path, code) of what is wrong with the Longsha pack after `edit`."""
    raw = read_raw(builtin_source(LONGSHA))
    edit(raw)
    return [(problem.path, problem.code) for problem in check_raw(raw)[1]]


def test_the_four_packs_are_without_fault() -> None:
    assert builtin_ids() == ("cn-2020-longsha", "cn-2020-rongchang", "ebola", "measles")
    assert [validate(builtin(pack_id)) for pack_id in builtin_ids()] == [(), (), (), ()]


def test_a_clock_is_flagged_before_what_it_says_is_kept() -> None:
    assert changed(
        lambda raw: raw.update(field={"clock-flag-minutes": 90, "clock-quarantine-minutes": 60})
    ) == [("field.clock-quarantine-minutes", "clock-order")]


def test_an_alarm_that_asks_for_a_journey_is_warned_of_for_no_check_can_raise_it() -> None:
    def edit(raw: dict[str, Any]) -> None:
        raw["alert"][0]["when"] = {"any": [raw["alert"][0]["when"], {"stayed-in": ["4201"]}]}

    (fault,) = changed(edit)
    assert fault[0].startswith("alert[0].when.")
    assert fault[1] == "alert-idle"


@pytest.mark.parametrize("pack_id", builtin_ids())
def test_toml_yaml_and_the_stored_form_are_the_same_policy(pack_id: str) -> None:
    pack = builtin(pack_id)
    as_yaml = yaml.safe_dump(tomllib.loads(builtin_source(pack_id).decode()), allow_unicode=True).encode()
    assert load_pack(as_yaml) == pack
    assert pack_hash(load_pack(as_yaml)) == pack_hash(pack)
    assert from_canonical(dump(pack)) == pack


def test_a_comment_does_not_change_the_hash_and_a_number_does() -> None:
    text = builtin_source(LONGSHA)
    assert pack_hash(load_pack(b"# a remark\n" + text)) == pack_hash(builtin(LONGSHA))
    assert pack_hash(load_pack(text.replace(b"= 373 }", b"= 375 }"))) != pack_hash(builtin(LONGSHA))


def test_a_dated_value_holds_from_its_day() -> None:
    text = builtin_source(LONGSHA).replace(b"2020-01-01 = 373", b"2020-01-01 = 373, 2020-02-01 = 375")
    pack = load_pack(text)
    assert pack.value("fever-line", on=date(2020, 1, 31)) == 373
    assert pack.value("fever-line", on=date(2020, 2, 1)) == 375
    with pytest.raises(Refused, match="pack-value-missing"):
        pack.value("fever-line", on=date(2019, 12, 31))
    assert pack.day("spring-festival-from", on=date(2020, 2, 1)) == date(2020, 1, 10)
    with pytest.raises(Refused, match="pack-value-not-a-number"):
        pack.value("spring-festival-from", on=date(2020, 2, 1))


def test_the_key_areas_change_by_the_day() -> None:
    areas = [builtin(LONGSHA).areas_on(date(2020, 1, day))["key-areas"] for day in (20, 21, 23, 24)]
    assert areas == [(), ("4201",), ("4201",), ("42",)]


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        (lambda raw: raw.update(colour="red"), ("colour", "entry-unknown")),
        (lambda raw: raw.pop("zone"), ("zone", "entry-missing")),
        (lambda raw: raw.update(zone="Asia/Longsha"), ("zone", "zone-unknown")),
        (lambda raw: raw["category"][1].update(protocol="home-41"),
         ("category[1].protocol", "reference-missing")),
        (
            lambda raw: raw["category"][1].update(
                when={"all": [{"stayed-in": ["wuham"]}, {"age-at-least": 1}]}
            ),
            ("category[1].when.all[0].trip.stayed-in", "reference-missing"),
        ),
        (
            lambda raw: raw["category"][1].update(when={"all": [{"stayed-on": ["42"]}]}),
            ("category[1].when.all[0].stayed-on", "condition-unknown-word"),
        ),
        (lambda raw: raw["protocol"][0]["stage"][1].update(days=[14, 21]),
         ("protocol[0].stage[1].days", "stage-overlap")),
        (lambda raw: raw["protocol"][0]["stage"][1].update(days=[16, 21]),
         ("protocol[0].stage[1].days", "stage-gap")),
        (lambda raw: raw["protocol"][0]["stage"][0].update({"checks-a-day": 3}),
         ("protocol[0].stage[0].due", "due-count")),
        (lambda raw: raw["protocol"][0]["stage"][0].update(quorum={"roles-at-least": 6, "of": "five-to-one"}),
         ("protocol[0].stage[0].quorum", "quorum-too-large")),
        (lambda raw: raw["protocol"][0].pop("appeal"), ("protocol[0].appeal", "restriction-incomplete")),
        (lambda raw: raw["area"][0].pop("order"), ("category[1]", "origin-alone")),
        (lambda raw: raw["area"][0]["order"].pop("expires"), ("area[0].order.expires", "entry-missing")),
        (lambda raw: raw["value"][0].pop("source"), ("value[0].source", "source-missing")),
        (lambda raw: raw["value"][0].update({"from": {"2020-02-01": 373}}),
         ("alert[0].when.any[0].temperature-at-least", "value-begins-late")),
        (lambda raw: raw["value"][0].update({"from": {"2020-01-01": "373"}}),
         ("value[0].from.2020-01-01.int", "entry-wrong")),
        (lambda raw: raw["category"][2].update(when=raw["category"][1]["when"]),
         ("category[2]", "category-unreachable")),
        (lambda raw: raw["category"][2].update(rank=20), ("category[1].rank", "rank-twice")),
        (lambda raw: raw["category"].append(raw["category"][0]), ("category[4].code", "code-twice")),
        (lambda raw: raw["alert"][0].update(tell=["mayor"]), ("alert[0].tell[0]", "reference-missing")),
        (lambda raw: raw["symptom"][0].update(title="发热"), ("symptom[0].title", "translation-missing")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_entry(
    edit: Callable[[dict[str, Any]], object], problem: tuple[str, str]
) -> None:
    assert problem in changed(edit)


def test_every_message_exists_in_three_languages() -> None:
    assert all(len(texts) == 3 and all(texts) for texts in MESSAGES.values())
    raw = read_raw(builtin_source(LONGSHA))
    raw["category"][1]["protocol"] = "home-41"
    problem = check_raw(raw)[1][0]
    assert problem_words(problem, "en") == 'category[1].protocol: there is no protocol "home-41" in this pack'
    assert problem_words(problem, "zh-hans") == "category[1].protocol: protocol 中没有“home-41”"


@pytest.mark.parametrize(
    "text",
    [b"", b"\xff\xfe\x00", b"[[[", b"a: &x [1]\nb: *x", b"a: 1\na: 2", b"[1, 2]", b"x" * 1_000_001,
     b"!!python/object/apply:os.system [ls]", b"[" * 100_000],
)  # fmt: skip
def test_a_hostile_file_is_refused_in_a_line(text: bytes) -> None:
    with pytest.raises(PackInvalid):
        load_pack(text)


def test_yaml_keeps_its_surprises_to_itself() -> None:
    assert read_raw(b"a: 12:00\nb: no\nc: 2020-01-21\nd: 0123\ne: 14") == {
        "a": "12:00", "b": "no", "c": "2020-01-21", "d": "0123", "e": 14,
    }  # fmt: skip


@pytest.mark.parametrize("pack_id", builtin_ids())
@pytest.mark.parametrize("lang", LANGS)
def test_a_pack_reads_as_a_regulation(pack_id: str, lang: Any) -> None:
    sentences = [s for section in regulation(builtin(pack_id), lang) for s in section.sentences]
    assert len(sentences) > 10
    assert all(s.text and "{" not in s.text and "None" not in s.text for s in sentences)
    values = [s for s in sentences if s.entry.startswith("value.")]
    assert all(s.since and (s.source or s.convention) for s in values)


def test_a_revision_shows_what_it_changes() -> None:
    old = builtin(LONGSHA)
    new = load_pack(builtin_source(LONGSHA).replace(b"= 373 }", b"= 375 }"))
    assert diff(old, new, "zh-hans")[:3] == (
        "数值",
        "- 自2020年1月1日起，发热线为37.3 ℃。 [usual screening line of 2020 (37.3 ℃)]",
        "+ 自2020年1月1日起，发热线为37.5 ℃。 [usual screening line of 2020 (37.3 ℃)]",
    )
    assert diff(old, old, "en") == ()


@given(
    st.dates(date(2019, 12, 1), date(2020, 4, 1)),
    st.none() | st.dates(date(2019, 12, 1), date(2020, 4, 1)),
    st.integers(-5, 40),
)
def test_every_day_of_a_calendar_has_one_stage_and_its_checks(
    found: date, returned: date | None, offset: int
) -> None:
    protocol = builtin(LONGSHA).protocol("home-14")
    plan = plan_for(protocol, PersonFacts(trips=(TripFact("4201", None, returned),)), found)
    day = date.fromordinal(plan.day_zero.toordinal() + offset)
    stage, due = stage_on(protocol, plan, day), due_on(protocol, plan, day)
    if plan.found == "late":
        assert len(due) == (1 if day == found else 0)
        return
    inside = 1 <= day_number(plan, day) <= 21
    assert (stage is not None) is inside
    assert (len(due) > 0) is (inside and day >= found)
    if stage is not None:
        assert stage.code == ("daily-visits" if offset <= 14 else "by-phone")
