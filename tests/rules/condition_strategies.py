"""Any condition and any person, for the tests that hold the three faces of a condition together."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from shouwang.packs.conditions import (
    All,
    AnyOf,
    Condition,
    Context,
    Exposure,
    ExposureFact,
    Leaf,
    Not,
    PersonFacts,
    Ref,
    Trip,
    TripFact,
)

ON = date(2020, 2, 29)
DAYS = st.one_of(
    st.integers(-40, 40).map(lambda n: ON + timedelta(days=n)),
    st.sampled_from([date(2020, 1, 1), date(2020, 2, 28), date(2020, 3, 1)]),
)
BIRTHS = st.one_of(
    st.dates(date(1930, 1, 1), date(2020, 3, 1)),
    st.sampled_from([date(2002, 2, 28), date(2002, 3, 1), date(2000, 2, 29), date(2004, 2, 29)]),
)
CODES = ("42", "4201", "420102", "44", "4401", "50", "500101", "500101135", "500101135003")
NAMES = (*CODES, "key-areas", "empty")
CTX = Context(
    ON,
    {"window": 14, "since": date(2020, 1, 20)},
    {"key-areas": ("4201", "4401"), "empty": ()},
)

_places = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True).map(tuple)
_days = st.one_of(DAYS, st.just(Ref("since")))
_numbers = st.one_of(st.integers(0, 60), st.just(Ref("window")), st.sampled_from([18, 20, 5000]))
_codes = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=2, unique=True).map(tuple)

_trip_leaves = st.one_of(
    st.builds(Leaf, st.just("stayed-in"), _places),
    st.builds(
        Leaf,
        st.sampled_from(["returned-since", "returned-until", "left-on-or-after", "left-on-or-before"]),
        _days,
    ),
    st.builds(Leaf, st.just("returned-within-days"), _numbers),
)
_exposure_leaves = st.one_of(
    st.builds(Leaf, st.just("kind"), _codes),
    st.builds(Leaf, st.sampled_from(["first-since", "last-since"]), _days),
    st.builds(Leaf, st.sampled_from(["first-within-days", "last-within-days"]), _numbers),
)
_person_leaves = st.one_of(
    st.builds(Leaf, st.sampled_from(["age-at-least", "age-under"]), _numbers),
    st.builds(Leaf, st.sampled_from(["born-since", "born-until"]), _days),
    st.builds(Leaf, st.just("sex"), st.sampled_from([("male",), ("female",), ("male", "female")])),
    st.builds(Leaf, st.just("tag-any"), _codes),
    st.builds(Leaf, st.just("lives-in"), _places),
)


def _tree(leaf: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda items: All(tuple(items))),
            st.lists(inner, min_size=1, max_size=3).map(lambda items: AnyOf(tuple(items))),
            inner.map(Not),
        ),
        max_leaves=4,
    )


conditions: st.SearchStrategy[Condition] = _tree(
    st.one_of(_person_leaves, _tree(_trip_leaves).map(Trip), _tree(_exposure_leaves).map(Exposure))
)

_maybe_day = st.none() | DAYS
persons = st.builds(
    PersonFacts,
    area=st.sampled_from(["500101135003", "500101135", "50", "4201", ""]),
    birth_date=st.none() | BIRTHS,
    sex=st.sampled_from([None, "male", "female"]),
    tags=st.frozensets(st.sampled_from(["a", "b", "c"]), max_size=2),
    trips=st.lists(
        st.builds(TripFact, st.sampled_from([None, "", *CODES]), _maybe_day, _maybe_day), max_size=3
    ).map(tuple),
    exposures=st.lists(
        st.builds(ExposureFact, st.sampled_from(["a", "b", "c"]), _maybe_day, _maybe_day), max_size=2
    ).map(tuple),
)
