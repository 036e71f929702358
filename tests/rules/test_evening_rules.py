"""The evening's arithmetic: sums up the tree, hours at midnight, fingerprints of what was looked at, forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.kernel.days import day_end, day_start
from shouwang.oversight.forms.laying import lay_out
from shouwang.oversight.rules import (
    BASES,
    BY_CODE,
    DAILY,
    FIGURES,
    GAPS,
    USUAL,
    Carried,
    DayLook,
    DayState,
    Figure,
    GapRow,
    KindState,
    Report,
    changed_figures,
    changed_kinds,
    close_by,
    evening_of,
    frozen_day,
    look_hash,
    rolled_up,
    standing_of,
)
from shouwang.packs.load import builtin
from shouwang.packs.schema import FormLine, FormSection, ReportForm, Texts

DAY = date(2020, 2, 1)
ZONE = "Asia/Shanghai"
AT = datetime(2020, 2, 1, 20, 0, tzinfo=ZoneInfo(ZONE))
PACKS = ("cn-2020-longsha", "cn-2020-rongchang")

leaves = st.dictionaries(
    st.builds(
        lambda t, v, g: f"500101{t:03d}{v:03d}" + g,
        st.integers(100, 104),
        st.integers(0, 9),
        st.sampled_from(("", "-001", "-002")),
    ),
    st.integers(0, 5000),
    max_size=60,
)


@given(leaves)
def test_counts_sum_up_the_tree_at_every_level(found: dict[str, int]) -> None:
    villages = tuple(sorted({path[:12] for path in found}))
    towns = tuple(sorted({path[:9] for path in found}))
    by_village, by_town = rolled_up(found, villages), rolled_up(found, towns)
    assert sum(by_village.values()) == sum(by_town.values()) == sum(found.values())
    assert by_village[""] == by_town[""] == 0
    for town in towns:
        assert by_town[town] == sum(n for path, n in by_village.items() if path.startswith(town))


@given(leaves, st.sets(st.integers(100, 104)))
def test_what_lies_in_none_of_the_places_is_kept_apart(found: dict[str, int], some: set[int]) -> None:
    places = tuple(f"500101{town}" for town in sorted(some))
    summed = rolled_up(found, places)
    assert sum(summed.values()) == sum(found.values())
    assert summed[""] == sum(n for path, n in found.items() if not path.startswith(places))


@pytest.mark.parametrize(
    ("seconds", "standing"), [(-86400, "ahead"), (-1, "open"), (0, "open"), (1, "late"), (86400, "late")]
)
def test_at_its_very_hour_a_day_is_not_late(seconds: int, standing: str) -> None:
    by = close_by(USUAL, "village", DAY, ZONE)
    at = by + timedelta(seconds=seconds)
    assert standing_of(is_closed=False, by=by, start=day_start(DAY, ZONE), at=at) == standing
    assert standing_of(is_closed=True, by=by, start=day_start(DAY, ZONE), at=at) == "closed"


@given(
    st.dates(date(2020, 1, 1), date(2021, 12, 31)),
    st.sampled_from(("Asia/Shanghai", "Europe/Berlin", "Asia/Urumqi")),
)
def test_the_hour_lies_inside_its_own_local_day(day: date, zone: str) -> None:
    hours = [close_by(USUAL, level, day, zone) for level in ("grid", "village", "town", "county")]
    assert hours == sorted(hours)
    assert all(day_start(day, zone) < hour <= day_end(day, zone) for hour in hours)
    assert all(hour.astimezone(ZoneInfo(zone)).date() == day for hour in hours)


def _look(*rows: GapRow, carried: tuple[Carried, ...] = (), below: tuple[DayState, ...] = ()) -> DayLook:
    kinds = tuple(KindState(gap, tuple(r for r in rows if r.kind == gap.code), {}) for gap in DAILY)
    state = DayState("500101135200", "village", AT, "open")
    return DayLook(state, kinds, {(c.kind, c.item): c for c in carried}, below)


def test_what_was_looked_at_changes_with_every_item_reason_and_place_below() -> None:
    row = GapRow("check-missed", "a/1", "500101135200")
    said = Carried("check-missed", "a/1", "time", "", None, "")
    child = DayState("500101135200-001", "grid", AT, "open")
    closed = replace(child, state="closed", revision=1, hash="x")
    looks = [
        _look(),
        _look(row),
        _look(row, carried=(said,)),
        _look(row, carried=(replace(said, reason="refused"),)),
        _look(below=(child,)),
        _look(below=(closed,)),
    ]
    assert len({look_hash(look) for look in looks}) == len(looks)
    assert look_hash(_look(below=(child,))) == look_hash(_look(below=(replace(child, state="late"),)))


def test_an_item_without_a_reason_and_an_open_place_below_are_named() -> None:
    row = GapRow("check-missed", "a/1", "500101135200")
    child = DayState("500101135200-001", "grid", AT, "late")
    look = _look(row, below=(child,))
    assert look.unexplained == (row,)
    assert look.missing == (child,)
    assert replace(look, quiet=frozenset({child.area})).missing == ()


def test_two_closings_of_a_day_say_what_changed() -> None:
    row = GapRow("check-missed", "a/1", "500101135200")
    before = frozen_day(_look(row), without="", figures={})["kinds"]
    now = frozen_day(_look(), without="", figures={})["kinds"]
    assert changed_kinds(before, now) == {"check-missed": -1}


def _report(**values: int | date | None) -> Report:
    titles = {definition.code: definition for definition in FIGURES}
    figures = tuple(
        Figure(code, titles[code].title, titles[code].definition, titles[code].unit, value)
        for code, value in ((name.replace("_", "-"), value) for name, value in values.items())
    )
    return Report("500101135", DAY, ZONE, AT, figures, revision=1, closed_by="周敏", closed_at=AT)


def test_a_revision_says_what_it_changed() -> None:
    old, new = _report(due=10, done=4), _report(due=10, done=5, lost=1)
    assert changed_figures(old, new) == {"done": (4, 5), "lost": (None, 1)}


def test_a_form_takes_its_figures_in_its_own_order_and_words() -> None:
    form = ReportForm(
        code="own",
        title=Texts(zh_hans="本镇日报"),
        number="龙〔{year}〕{number}号",
        section=(  # type: ignore[call-arg]
            FormSection(
                line=(  # type: ignore[call-arg]
                    FormLine(figure="done", title=Texts(zh_hans="已办")),
                    FormLine(figure="due"),
                    FormLine(figure="nobody-counts-this", title=Texts(zh_hans="手填")),
                    FormLine(figure="away-deferred"),
                )
            ),
        ),
    )
    laid = lay_out(_report(due=10, done=4), form, place="龙沙镇", before=_report(due=9, done=9))
    assert [(line.title, line.value, line.before) for line in laid.lines] == [
        ("已办", "4", "9"),
        ("Checks due today", "10", "9"),
        ("手填", "—", ""),
        ("Stayed away for now", "—", ""),  # this place has no list of workers away
    ]
    assert laid.number == "龙〔2020〕32号"


@pytest.mark.parametrize("pack", PACKS)
def test_the_shipped_forms_and_clears_name_only_what_is_computed(pack: str) -> None:
    held = builtin(pack)
    figures = {definition.code for definition in FIGURES} | {"turned-case", "turned-case-total"}
    for form in held.report_forms:
        assert {line.figure for part in form.sections for line in part.lines} <= figures, form.code
    for clear in held.clears:
        assert set(clear.criteria) <= set(BY_CODE), clear.code
    assert evening_of(held) is not USUAL
    assert evening_of(None) is USUAL


def test_a_form_that_says_what_was_done_says_what_was_not() -> None:
    for pack in PACKS:
        for form in builtin(pack).report_forms:
            named = {line.figure for part in form.sections for line in part.lines}
            if "done" in named:
                assert {"late", "refused", "lost", "found", "reached"} <= named, form.code
            if "sweep-doors-done" in named:
                assert {"sweep-doors-refused", "sweep-doors-not-home", "sweep-doors-unvisited"} <= named


def test_every_gap_is_defined_once_and_of_a_known_base() -> None:
    assert len(BY_CODE) == len(GAPS)
    assert {gap.of for gap in GAPS} <= {*BASES, ""}
    assert AT.astimezone(UTC).hour == 12
