"""The rules that run on the telephone give the verdicts of those that run on the server.

Python makes up people, checks, conditions and malformed conditions, and answers; node is asked the same questions
once, over the same packs. The packs' own cases run in `web/packages/rules/test/cases.test.ts`.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shouwang.kernel.errors import Refused
from shouwang.packs.classify import alerts_of, classify, exempt, ledgers_of, relevant
from shouwang.packs.conditions import (
    LEAVES,
    CaseFacts,
    CheckFacts,
    ConditionError,
    Context,
    ExposureFact,
    PersonFacts,
    TripFact,
    Vocabulary,
    evaluate,
    explain,
    parse,
    reason_words,
    to_raw,
)
from shouwang.packs.conditions.tree import Level
from shouwang.packs.load import builtin, builtin_ids, dump
from shouwang.packs.plan import day_number, due_on, plan_for, protocol_of, stage_on
from shouwang.packs.plan import tests_on as laboratory_on
from shouwang.packs.schema import LANGS, Alert, Pack
from tests.node import WEB, node_env
from tests.rules.condition_strategies import CTX, DAYS, ON, conditions, persons

LEVELS: tuple[tuple[Level, ...], ...] = (("person",), ("person", "check"), ("person", "case"))
TOLD = {code: day.isoformat() if isinstance(day, date) else day for code, day in CTX.values.items()}
CONTEXT = {"on": ON.isoformat(), "values": TOLD, "areas": CTX.areas}
THIN = Context(ON)
"""A day on which no value and no area of the pack has begun."""


@dataclass(frozen=True)
class Asked:
    """One question for both, and Python's answer."""

    question: Mapping[str, object]
    answer: Mapping[str, object]


def some(strategy: st.SearchStrategy[Asked], count: int) -> list[Asked]:
    """`count` examples, the same in every run."""
    found: list[Asked] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(asked: Asked) -> None:
        found.append(asked)

    collect()
    return found


# ---------------------------------------------------------------- facts

_checks = st.builds(
    CheckFacts,
    temperature=st.none() | st.integers(340, 420),
    symptoms=st.none() | st.frozensets(st.sampled_from(["a", "b", "c", "fever"]), max_size=3),
    test=st.sampled_from([None, "negative", "positive", "inconclusive"]),
)
_stands = st.builds(
    CaseFacts,
    days_completed=st.none() | st.integers(0, 30),
    days_planned=st.none() | st.integers(0, 30),
    quorum_met=st.sampled_from([None, True, False]),
    open_alerts=st.none() | st.integers(0, 2),
    tests_negative=st.none() | st.integers(0, 3),
)
_people = st.builds(lambda p, check, case: replace(p, check=check, case=case), persons, _checks, _stands)


def told(facts: PersonFacts) -> dict[str, object]:
    """The facts as TypeScript takes them."""
    return {
        "area": facts.area,
        "born": facts.birth_date,
        "sex": facts.sex,
        "tags": sorted(facts.tags),
        "trips": [
            {"origin": t.origin_code, "left": t.left_on, "returned": t.returned_on} for t in facts.trips
        ],
        "exposures": [{"kind": e.kind, "first": e.first_on, "last": e.last_on} for e in facts.exposures],
        "discharges": facts.discharges,
        "check": {
            "temperature": facts.check.temperature,
            "symptoms": None if facts.check.symptoms is None else sorted(facts.check.symptoms),
            "test": facts.check.test,
        },
        "case": {
            "daysCompleted": facts.case.days_completed,
            "daysPlanned": facts.case.days_planned,
            "quorumMet": facts.case.quorum_met,
            "openAlerts": facts.case.open_alerts,
            "testsNegative": facts.case.tests_negative,
        },
    }


# ---------------------------------------------------------------- conditions, also such as are none

_arguments: st.SearchStrategy[object] = st.one_of(
    st.lists(
        st.sampled_from(["a", "42", "4201", "5", "key-areas", "empty", "no-such", "male", ""]), max_size=3
    ),
    st.sampled_from(
        ["2020-02-01", "2020-02-30", "0000-01-01", "since", "window", "no-such", "No Such", "20200201"]
    ),
    st.integers(-1, 400),
    st.sampled_from([True, False, None, {}, "", "x-", [1]]),
)
_words = st.sampled_from([*LEAVES, "constructor", "toString", "__proto__", "trips", "All"])
_raws = st.recursive(
    st.dictionaries(_words, _arguments, max_size=2),
    lambda inner: st.one_of(
        st.dictionaries(st.sampled_from(["all", "any"]), st.lists(inner, max_size=3), min_size=1, max_size=2),
        st.dictionaries(st.sampled_from(["not", "trip", "exposure", "all"]), inner, min_size=1, max_size=2),
    ),
    max_leaves=5,
)


def _ask_condition(raw: object, levels: tuple[Level, ...], facts: PersonFacts, thin: bool) -> Asked:
    answer: dict[str, object]
    try:
        answer = {"verdict": evaluate(parse(raw, levels), facts, THIN if thin else CTX)}
    except ConditionError as error:
        answer = {"wrong": [error.path, error.code]}
    except Refused as error:
        answer = {"refused": error.code}
    context = {"on": ON, "values": {}, "areas": {}} if thin else CONTEXT
    return Asked({"condition": raw, "levels": levels, "facts": told(facts), "context": context}, answer)


_well_formed = st.builds(
    _ask_condition,
    conditions.map(to_raw),
    st.sampled_from(LEVELS),
    _people,
    st.integers(0, 9).map(lambda n: n == 0),
)
_any_raw = st.builds(_ask_condition, _raws, st.sampled_from(LEVELS), _people, st.booleans())
_one_leaf = st.builds(
    _ask_condition,
    st.builds(lambda word, arg: {word: arg}, st.sampled_from(list(LEAVES)), _arguments),
    st.sampled_from(LEVELS),
    _people,
    st.just(False),
)


# ---------------------------------------------------------------- on the edge of every leaf


def _edges() -> list[Asked]:
    """Every leaf over facts that lie on its edge, just before it and just after it."""
    people = [
        PersonFacts(
            area=area,
            birth_date=born,
            sex=sex,
            tags=frozenset(tags),
            trips=(TripFact(area, day, day), TripFact()),
            exposures=(ExposureFact("a", day, day),),
            check=CheckFacts(14 + n, frozenset("abcdefghijklmnopq"[: 14 + n]), test),
            case=CaseFacts(14 + n, 14, bool(n), n % 2, 14 + n),
        )
        for n, area, born, sex, tags, test in (
            (-1, "4", date(2006, 3, 1), "male", "a", "positive"),
            (0, "42", date(2006, 2, 28), "female", "ab", "negative"),
            (1, "4201", date(2006, 2, 27), None, "", None),
            (2, "43", date(1906, 2, 28), "male", "b", "inconclusive"),
        )
        for day in (
            ON - timedelta(days=14 + n),
            date(2020, 1, 20) + timedelta(days=n),
            ON + timedelta(days=n),
        )
    ]
    arguments = {
        "places": (["42"], ["key-areas"], ["empty"], ["4401", "4"]),
        "codes": (["a"], ["b", "positive"], ["male", "negative"]),
        "date": ("2020-01-20", "since", "window"),
        "int": (14, "window", "since", 114, 2020),
        "true": (True,),
        "days": (True, 14, 15, "window"),
    }
    told_apart = [{word: arg} for word, kind in LEAVES.items() for arg in arguments[kind.arg]]
    home, since = {"stayed-in": ["4201"]}, {"returned-since": "since"}
    shapes: list[dict[str, object]] = [
        {**home, **since},
        {"not": home},
        {"not": {"all": [home, since]}},
        {"any": [home, {"sex": ["male"]}, since]},
        {"all": [home, {"any": [since, {"not": {"tag-any": ["a"]}}]}]},
        {"trip": {"not": {"all": [home, since]}}, "exposure": {"kind": ["a"]}},
    ]
    flat = [_ask_condition(raw, levels, p, False) for raw in told_apart for levels in LEVELS for p in people]
    inner = [
        _ask_condition({kind.level: {word: arg}}, ("person",), p, False)
        for word, kind in LEAVES.items()
        if kind.level in ("trip", "exposure")
        for arg in arguments[kind.arg]
        for p in people
    ]
    return flat + inner + [_ask_condition(raw, ("person",), p, False) for raw in shapes for p in people]


# ---------------------------------------------------------------- packs

_maybe = st.none() | DAYS


def _codes(pack: Pack) -> list[str]:
    """Divisions in, around and beside those that the pack names."""
    named = {code for area in pack.areas for codes in area.since.values() for code in codes}
    wider = {code[:length] for code in named for length in (2, 4) if len(code) > length}
    return sorted(named | wider | {code + "01" for code in named} | {"44", "510100"})


def _persons_of(pack: Pack) -> st.SearchStrategy[PersonFacts]:
    codes = _codes(pack)
    kinds = [kind.code for kind in pack.exposure_kinds] + ["another"]
    tags = [tag.code for tag in pack.tags] + ["another"]
    symptoms = [symptom.code for symptom in pack.symptoms]
    return st.builds(
        PersonFacts,
        area=st.sampled_from([*codes, ""]),
        birth_date=st.none() | st.dates(date(1930, 1, 1), ON),
        sex=st.sampled_from([None, "male", "female"]),
        tags=st.frozensets(st.sampled_from(tags), max_size=2),
        trips=st.lists(
            st.builds(TripFact, st.none() | st.sampled_from(codes), _maybe, _maybe), max_size=3
        ).map(tuple),
        exposures=st.lists(st.builds(ExposureFact, st.sampled_from(kinds), _maybe, _maybe), max_size=2).map(
            tuple
        ),
        discharges=st.lists(DAYS, max_size=2).map(tuple),
        check=st.builds(
            CheckFacts,
            temperature=st.none() | st.integers(368, 384),
            symptoms=st.none() | st.frozensets(st.sampled_from(symptoms), max_size=3),
            test=st.sampled_from([None, "negative", "positive", "inconclusive"]),
        ),
    )


def _ask_pack(pack: Pack, facts: PersonFacts, found: date) -> Asked:
    ctx = Context.of(pack, found)
    days = [found + timedelta(days=n) for n in (-30, -15, -1, 0, 1, 2, 7, 13, 14, 15, 21, 22, 28, 29)]
    question = {"pack": pack.id, "facts": told(facts), "found": found, "days": days}
    try:
        sort = classify(pack, facts, ctx)
        raised = alerts_of(pack, facts, ctx)
        answer = {
            "category": sort.category,
            "certain": sort.certain,
            "ledgers": ledgers_of(pack, facts, ctx),
            "alerts": [alert.code for alert in raised],
            "why": [line for alert in raised for line in _why(pack, alert, facts, ctx)],
            "calendar": _calendar(pack, sort.category, facts, ctx, days),
        }
    except Refused as error:
        answer = {"refused": error.code}
    return Asked(question, answer)


def _ask_context(pack: Pack, on: date) -> Asked:
    return Asked({"of": pack.id, "on": on}, {"values": pack.values_on(on), "areas": pack.areas_on(on)})


def _why(pack: Pack, alert: Alert, facts: PersonFacts, ctx: Context) -> list[list[str]]:
    reasons = [reason for reason in explain(alert.when, facts, ctx) if reason.code == "leaf"]
    names = Vocabulary.of(pack, ctx.on)
    return [list(dict.fromkeys(reason_words(reason, lang, names) for reason in reasons)) for lang in LANGS]


def _calendar(
    pack: Pack, category: str | None, facts: PersonFacts, ctx: Context, days: list[date]
) -> dict[str, object] | None:
    protocol = protocol_of(pack, category)
    if protocol is None or category is None:
        return None
    plan = plan_for(protocol, relevant(pack.category(category).when, facts, ctx), ctx.on)
    return {
        "exempt": exempt(pack, protocol.code, facts, ctx),
        "plan": [plan.found, plan.day_zero, plan.first_day, plan.last_day, plan.watch_from, plan.late_checks],
        "days": [
            [
                day_number(plan, day),
                stage.code if (stage := stage_on(protocol, plan, day)) else None,
                [[due.number, due.at, due.stage, due.channels] for due in due_on(protocol, plan, day)],
                laboratory_on(protocol, plan, day),
            ]
            for day in days
        ],
    }


def _seasoned() -> Pack:
    """A shipped pack with what none of the shipped ones uses: alerts about the person, gaps, sparse days, offsets."""
    raw = dump(builtin("cn-2020-rongchang")) | {"id": "seasoned"}
    whens: dict[str, dict[str, Any]] = {
        "old": {"all": [{"age-at-least": 60}, {"temperature-at-least": 370}]},
        "young": {"any": [{"age-under": 20}, {"born-since": "2010-01-01"}, {"born-until": "1940-01-01"}]},
        "many": {"symptom-count-at-least": 2, "not": {"tag-any": ["convalescent"]}},
        "local": {"all": [{"lives-in": ["42", "44"]}, {"not": {"not": {"sex": ["female", "male"]}}}]},
        "named": {"lives-in": ["hubei"], "test-result-any": ["positive", "inconclusive"]},
        "twice": {"any": [{"symptom-any": ["fever"]}, {"all": [{"symptom-any": ["fever"]}]}]},
    }
    more = [
        {"code": code, "title": {"zh-hans": code}, "severity": "info", "when": when, "tell": ["medic"]}
        for code, when in whens.items()
    ]
    protocols = json.loads(json.dumps(raw["protocol"]))
    first = protocols[0]
    first["day-zero"] = {"event": "first-exposure", "offset": -1}
    first["first-day"] = {"event": "last-exposure", "offset": 2}
    first["stage"] = [
        stage | {"days": [14 * i + 1, 14 * i + 10], "sparse-days": [14 * i + 1, 14 * i + 3, 14 * i + 7]}
        for i, stage in enumerate(first["stage"][:2])
    ]
    first["stage"][0] |= {"checks-a-day": 5}
    first["exemption"] = [{"code": "women", "title": {"zh-hans": "-"}, "when": {"sex": ["female"]}}]
    raw["category"] = [category | {"protocol": first["code"]} for category in raw["category"]]
    raw["protocol"] = protocols
    raw["alert"] = [*raw["alert"], *more]
    return Pack.model_validate_json(json.dumps(raw, default=str))


PACKS = {pack.id: pack for pack in (*(builtin(pack_id) for pack_id in builtin_ids()), _seasoned())}
_found = st.one_of(DAYS, st.sampled_from([ON, date(1999, 12, 31), date(2024, 2, 29)]))


def _of_pack(pack: Pack) -> st.SearchStrategy[Asked]:
    return st.builds(_ask_pack, st.just(pack), _persons_of(pack), _found)


# ---------------------------------------------------------------- the two, side by side


def _plain(value: object) -> Any:
    return json.loads(json.dumps(value, default=lambda found: found.isoformat()))


@pytest.mark.xdist_group("node")
def test_node_gives_the_verdicts_of_python() -> None:
    asked = some(_well_formed, 300) + some(_any_raw, 300) + some(_one_leaf, 300)
    for pack in PACKS.values():
        asked += some(_of_pack(pack), 360 if pack.id == "seasoned" else 120)
    days = [date(1999, 12, 31), date(2020, 1, 20), date(2020, 1, 21), date(2020, 1, 24), ON]
    asked += _edges() + [_ask_context(pack, day) for pack in PACKS.values() for day in days]
    _they_are_worth_asking(asked)
    done = subprocess.run(
        ["node", str(WEB / "packages" / "rules" / "test" / "judge.mjs")],
        cwd=WEB,
        env=node_env(),
        input=json.dumps(
            {
                "packs": {pack_id: dump(pack) for pack_id, pack in PACKS.items()},
                "questions": [_plain(one.question) for one in asked],
            }
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    assert len(answers) == len(asked)
    differ = [
        {"question": one.question, "python": _plain(one.answer), "node": answer}
        for one, answer in zip(asked, answers, strict=True)
        if _plain(one.answer) != answer
    ]
    assert not differ, f"{len(differ)} of {len(asked)} differ, the first: {differ[0]}"


def _they_are_worth_asking(asked: list[Asked]) -> None:
    """Every kind of answer is among them many times, so that agreement says something."""
    answers = [one.answer for one in asked]
    for verdict in (True, None, False):
        assert sum("verdict" in a and a["verdict"] is verdict for a in answers) >= 30
    assert sum("wrong" in a for a in answers) >= 100
    assert sum("refused" in a for a in answers) >= 15
    assert sum(bool(a.get("why")) for a in answers) >= 100
    found = {plan["plan"][0] for a in answers if isinstance(plan := a.get("calendar"), dict)}
    assert found == {"in-time", "late", "anchor-unknown"}
