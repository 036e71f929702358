"""Scope: what a person sees is the union of their grants, and nothing that lies outside every one of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shouwang.kernel.scope import Grant, Scope

PERMISSIONS = ("person.view", "person.edit", "import.run")
PATHS = st.sampled_from(
    [
        *("", "50", "5001", "500101", "500101135", "500101135003", "500101135200", "500101135003-001"),
        *("500101136", "500102", "51", "42", "420106"),
    ]
)
GRANTS = st.builds(
    Grant,
    role=st.sampled_from(["village-doctor", "town-clerk"]),
    area=PATHS,
    permissions=st.frozensets(st.sampled_from(PERMISSIONS)),
)
SCOPES = st.builds(Scope, actor_id=st.just("u"), grants=st.lists(GRANTS, max_size=4).map(tuple))


@given(SCOPES, PATHS)
def test_a_place_is_seen_exactly_when_some_grant_lies_above_it(scope: Scope, place: str) -> None:
    assert scope.sees(place) == any(place.startswith(grant.area) for grant in scope.grants)


@given(SCOPES, PATHS, st.sampled_from(PERMISSIONS))
def test_what_is_allowed_is_also_seen(scope: Scope, place: str, permission: str) -> None:
    if scope.allows(permission, place):
        assert scope.sees(place)
        assert scope.holds(permission)


@given(SCOPES, PATHS, st.sampled_from(PERMISSIONS))
def test_a_permission_held_in_one_place_is_not_lent_to_another(
    scope: Scope, place: str, permission: str
) -> None:
    holders = [g for g in scope.grants if permission in g.permissions and place.startswith(g.area)]
    assert scope.allows(permission, place) == bool(holders)


@given(SCOPES)
def test_areas_do_not_overlap_and_lose_nothing(scope: Scope) -> None:
    areas = scope.areas
    assert not any(a != b and a.startswith(b) for a in areas for b in areas)
    assert all(any(grant.area.startswith(area) for area in areas) for grant in scope.grants)


@given(SCOPES, PATHS, PATHS, st.sampled_from(PERMISSIONS))
def test_narrowing_never_widens(scope: Scope, area: str, place: str, permission: str) -> None:
    narrow = scope.narrowed(area)
    if narrow.sees(place):
        assert scope.sees(place)
        assert place.startswith(area)
    if narrow.allows(permission, place):
        assert scope.allows(permission, place)


@given(SCOPES, PATHS, PATHS)
def test_narrowing_keeps_everything_inside(scope: Scope, area: str, place: str) -> None:
    if place.startswith(area):
        assert scope.narrowed(area).sees(place) == scope.sees(place)


def test_without_a_grant_nothing_is_seen_not_even_the_whole() -> None:
    nobody = Scope("u", ())
    assert nobody.areas == ()
    assert not nobody.sees("")
    assert not nobody.sees("500101135003")


def test_the_scope_of_the_system_sees_and_may_everything() -> None:
    everything = Scope.everything()
    assert everything.areas == ("",)
    assert everything.allows("anything.at.all", "500101135003")


def test_a_village_does_not_see_the_town_it_lies_in() -> None:
    village = Scope("u", (Grant("village-cadre", "500101135003", frozenset({"person.view"})),))
    assert village.sees("500101135003-001")
    assert not village.sees("500101135")
    assert not village.sees("500101135004")
