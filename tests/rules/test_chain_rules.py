"""责任链: inheritance, what broken means, and the order in which people are told, over random trees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from shouwang.observation.rules import alert_dues, missed_dues, next_step_at, steps_due
from shouwang.packs.load import builtin
from shouwang.packs.schema import Answer, ChainLevel
from shouwang.packs.validate import validate
from shouwang.workforce.rules import (
    Chain,
    ChainRule,
    Desk,
    Holder,
    Spot,
    Telling,
    build_chain,
    rule_at,
    tell_first,
    tell_next,
)
from tests.conftest import CHINA

LONGSHA = builtin("cn-2020-longsha")
AT = datetime(2020, 2, 1, 10, tzinfo=CHINA)
SPOTS = (
    Spot("500101", "county", "万州区"),
    Spot("500101135", "street", "龙沙镇"),
    Spot("500101135200", "village", "安坪村"),
    Spot("500101135200-001", "grid", "第一网格"),
)
PLACES = {"district": "500101", "street": "500101135", "village": "500101135200", "grid": "500101135200-001"}
ROLES = {
    "district": "district-head",
    "street": "town-head",
    "village": "village-secretary",
    "grid": "grid-leader",
}
AREA = "500101135200-001"
HOME = "home"


def _rule(*must: str, root: str = "500101135") -> ChainRule:
    levels = [level.model_copy(update={"must_have_own": level.level in must}) for level in LONGSHA.chain]
    return ChainRule(root, tuple(levels), LONGSHA.chain_persons)


def _holder(number: int, role: str, role_set: str = "chain") -> Holder:
    return Holder(UUID(int=number), UUID(int=number), f"甲{number}", "", "", role_set, role, AT)


def _chain(
    filled: Sequence[str], *, rule: ChainRule | None = None, desks: Sequence[str] = (), area: str = AREA
) -> Chain:
    held = {}
    for number, level in enumerate(filled, 1):
        if level == "household":
            held["household", HOME, "five-to-one", "medic"] = [_holder(number, "medic", "five-to-one")]
        else:
            held["place", PLACES[level], "chain", ROLES[level]] = [_holder(number, ROLES[level])]
    return build_chain(
        rule or _rule(),
        kind="household",
        id_=HOME,
        area=area,
        household=HOME,
        spots=SPOTS,
        filled=held,
        desks=[Desk(UUID(int=900 + n), f"值班台{n}", place) for n, place in enumerate(desks)],
    )


def test_the_chain_has_five_levels_from_the_district_to_the_household() -> None:
    assert [level.level for level in _chain([]).levels] == [
        "district",
        "street",
        "village",
        "grid",
        "household",
    ]


def test_a_village_without_grids_skips_that_level() -> None:
    assert "grid" not in [level.level for level in _chain([], area="500101135200").levels]


def test_a_vacancy_is_answered_for_by_the_next_level_above_and_still_counts_as_vacant() -> None:
    chain = _chain(["street"])
    village = chain.levels[2]
    assert village.is_vacant
    assert chain.answering(village) is chain.levels[1]
    assert not chain.is_broken


def test_the_duty_desk_answers_only_where_every_level_above_is_vacant() -> None:
    alone = _chain(["village"], desks=["500101135"])
    assert alone.answering(alone.levels[1]) is None
    assert alone.desk_for(alone.levels[1]) is not None
    assert not alone.is_broken
    assert _chain(["village"]).broken_at == ("street",)


def test_a_desk_of_the_village_does_not_answer_for_the_town() -> None:
    assert _chain([], desks=["500101135200"]).broken_at == ("street",)


def test_a_level_that_must_have_its_own_is_broken_though_the_town_would_answer() -> None:
    assert _chain(["street"], rule=_rule("village")).broken_at == ("village",)
    assert not _chain(["street", "village"], rule=_rule("village")).is_broken


def test_levels_above_the_place_that_adopted_the_chain_are_shown_and_never_missed() -> None:
    chain = _chain(["street"], rule=_rule("district"))
    assert [level.kept for level in chain.levels] == [False, True, True, True, True]
    assert not chain.is_broken


def test_the_three_persons_are_the_secretary_the_cadre_and_the_neighbour() -> None:
    filled = {
        ("place", PLACES["village"], "chain", "village-secretary"): [_holder(1, "village-secretary")],
        ("household", HOME, "five-to-one", "village-cadre"): [_holder(2, "village-cadre", "five-to-one")],
    }
    chain = build_chain(
        *(_rule(),), kind="person", id_="p", area=AREA, household=HOME, spots=SPOTS, filled=filled, desks=[]
    )
    named = [(one.code, one.holder.name if one.holder else None) for one in chain.persons]
    assert named == [("secretary", "甲1"), ("staff", "甲2"), ("backbone", None)]


@given(
    filled=st.sets(st.sampled_from(["district", "street", "village", "grid", "household"])),
    must=st.sets(st.sampled_from(["street", "village", "grid", "household"])),
    desks=st.lists(st.sampled_from(["500101", "500101135", "500101135200", "500101134"]), max_size=2),
)
def test_a_chain_is_whole_exactly_when_every_kept_level_has_somebody_at_or_above(
    filled: set[str], must: set[str], desks: list[str]
) -> None:
    """Written a second time, in other words, and compared."""
    order = ["district", "street", "village", "grid", "household"]
    chain = _chain(sorted(filled), rule=_rule(*must), desks=desks)
    wrong = []
    for n, level in enumerate(order[1:], 1):
        if level in filled:
            continue
        place = PLACES.get(level, AREA)
        somebody = any(one in filled for one in order[:n]) or any(place.startswith(desk) for desk in desks)
        if level in must or not somebody:
            wrong.append(level)
    assert list(chain.broken_at) == wrong


# -- telling ------------------------------------------------------------------------------------------


def test_at_the_opening_the_roles_of_the_pack_are_told_and_a_missing_one_is_noted() -> None:
    team = [_holder(1, "medic", "five-to-one"), _holder(2, "police", "five-to-one")]
    told = tell_first(["medic", "town-cadre"], team, _holder(9, "owner", ""), _chain([]))
    assert [(t.outcome, t.role) for t in told] == [("told", "medic"), ("vacant", "town-cadre")]


def test_an_alert_of_a_household_without_a_team_reaches_whoever_owns_the_file() -> None:
    told = tell_first(["medic"], [], _holder(9, "owner", ""), _chain([]))
    assert [(t.outcome, t.level) for t in told] == [("vacant", "household"), ("told", "owner")]


def test_with_no_owner_either_the_duty_desk_is_told() -> None:
    told = tell_first(["medic"], [], None, _chain([], desks=["500101135"]))
    assert told[-1].level == "desk"


def _climb(chain: Chain, times: int) -> list[tuple[Telling, ...]]:
    passed: set[str] = {"household"}
    told: set[UUID] = set()
    steps = []
    for _ in range(times):
        step = tell_next(chain, passed, told)
        passed |= {one.level for one in step}
        told |= {one.worker_id for one in step if one.worker_id and one.outcome == "told"}
        steps.append(step)
    return steps


def test_each_climb_tells_the_next_level_and_passes_over_a_vacant_one_with_a_note() -> None:
    first, second, third = _climb(_chain(["district", "street", "grid"]), 3)
    assert [(t.outcome, t.level) for t in first] == [("told", "grid")]
    assert [(t.outcome, t.level) for t in second] == [("vacant", "village"), ("told", "street")]
    assert [(t.outcome, t.level) for t in third] == [("told", "district")]


def test_somebody_who_knows_already_is_passed_over_so_that_a_climb_reaches_somebody_new() -> None:
    both = {
        ("place", PLACES["grid"], "chain", "grid-leader"): [_holder(1, "grid-leader")],
        ("place", PLACES["village"], "chain", "village-secretary"): [_holder(1, "village-secretary")],
        ("place", PLACES["street"], "chain", "town-head"): [_holder(2, "town-head")],
    }
    chain = build_chain(
        *(_rule(),), kind="household", id_=HOME, area=AREA, household=HOME, spots=SPOTS, filled=both, desks=[]
    )
    _, second = _climb(chain, 2)
    assert [(t.outcome, t.level) for t in second] == [("told-before", "village"), ("told", "street")]


def test_above_the_last_level_the_desk_is_told_once_and_then_nobody_is_left() -> None:
    steps = _climb(_chain(["village"], desks=["500101135"]), 3)
    assert [step[-1].level for step in steps] == ["village", "desk", "above"]
    assert steps[2][-1].outcome == "nobody"


@given(
    filled=st.sets(st.sampled_from(["district", "street", "village", "grid"])),
    desks=st.lists(st.sampled_from(["500101", "500101135", "500101135200"]), max_size=3, unique=True),
)
def test_climbing_never_goes_down_tells_nobody_twice_and_leaves_nobody_out(
    filled: set[str], desks: list[str]
) -> None:
    chain = _chain(sorted(filled), desks=desks)
    steps = _climb(chain, 9)
    told = [t for step in steps for t in step if t.outcome == "told"]
    order = ["grid", "village", "street", "district"]
    reached = [t.level for t in told if t.level != "desk"]
    assert reached == [level for level in order if level in filled]
    assert len({t.worker_id for t in told}) == len(told) == len(filled) + len(desks)
    assert all(step[-1].outcome in {"told", "nobody"} for step in steps)


# -- the clock ----------------------------------------------------------------------------------------


def test_after_a_night_without_a_tick_every_step_is_due_in_order_and_none_is_skipped() -> None:
    dues = alert_dues(AT, (60, 30))
    assert steps_due(dues, 0, AT + timedelta(hours=9)) == tuple(enumerate(dues))
    assert next_step_at(dues, 3) is None


def test_a_step_is_due_at_its_minute_and_not_a_second_before() -> None:
    dues = missed_dues(AT, (30, 90))
    assert steps_due(dues, 0, AT + timedelta(minutes=30, seconds=-1)) == ()
    assert steps_due(dues, 0, AT + timedelta(minutes=30)) == ((0, dues[0]),)


@given(
    climb=st.lists(st.integers(0, 500), max_size=5, unique=True),
    ticks=st.lists(st.integers(0, 600), max_size=12),
)
def test_however_the_ticks_fall_each_step_is_due_once(climb: list[int], ticks: list[int]) -> None:
    dues = alert_dues(AT, climb)
    told, seen = 0, []
    for minute in sorted(ticks):
        steps = steps_due(dues, told, AT + timedelta(minutes=minute))
        seen += [step for step, _ in steps]
        told += len(steps)
    last = max(ticks, default=-1)
    assert seen == [n for n, due in enumerate(dues) if due <= AT + timedelta(minutes=last)]


# -- packs --------------------------------------------------------------------------------------------


def test_the_nearest_place_that_adopted_a_chain_decides() -> None:
    rules = [_rule(root="500101"), _rule(root="500101135")]
    assert rule_at(rules, "500101135200") is rules[1]
    assert rule_at(rules, "500101134001") is rules[0]
    assert rule_at(rules, "500102") is None


def test_a_chain_out_of_order_or_with_an_unknown_role_is_refused() -> None:
    upside = LONGSHA.model_copy(update={"chain": tuple(reversed(LONGSHA.chain))})
    assert "chain-order" in {problem.code for problem in validate(upside)}
    stranger = Answer(role="nobody", role_set="five-to-one")
    level = LONGSHA.chain[0].model_copy(update={"answers": (stranger,)})
    wrong = LONGSHA.model_copy(update={"chain": (level,)})
    assert [p.path for p in validate(wrong) if p.path.startswith("chain[")] == ["chain[0].answers[0].role"]


def test_a_level_without_source_or_convention_is_refused() -> None:
    bare = ChainLevel(level="village", title=LONGSHA.title, answers=(Answer(role="village-secretary"),))
    wrong = LONGSHA.model_copy(update={"chain": (bare,), "chain_persons": ()})
    assert "chain[0].source" in {problem.path for problem in validate(wrong)}
