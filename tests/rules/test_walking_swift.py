"""The quick order for telephones: every door once, never the longer way round, promises kept where they can be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shouwang.workforce.rules import Stop, plan_walk, swift_walk

POINTS = st.tuples(st.integers(0, 400), st.integers(0, 400)).map(
    lambda p: (29.6 + p[0] / 20_000, 105.6 + p[1] / 20_000)
)


def stops(
    points: list[tuple[float, float]] | list[None], promised: tuple[int, int] | None = None
) -> list[Stop]:
    return [
        Stop(str(n), f"{n % 5}组{n}号", "500101135204", point, 240, promised if n == 0 else None)
        for n, point in enumerate(points)
    ]


@given(points=st.lists(POINTS, min_size=1, max_size=14, unique=True), start=st.none() | POINTS)
def test_every_door_once_and_hardly_longer_than_the_search(
    points: list[tuple[float, float]], start: tuple[float, float] | None
) -> None:
    doors = stops(points)
    quick = swift_walk(doors, leave=25_000, start=start)
    assert sorted(leg.stop.id for leg in quick) == sorted(door.id for door in doors)
    slow = plan_walk(doors, leave=25_000, start=start, method="search")
    assert quick[-1].begin - 25_000 <= (slow.legs[-1].begin - 25_000) * 1.5 + slow.farthest * 2


@given(count=st.integers(1, 40))
def test_without_a_map_the_doors_follow_their_addresses(count: int) -> None:
    doors = stops([None] * count)
    quick = swift_walk(doors, leave=25_000)
    best = plan_walk(doors, leave=25_000, method="search")
    assert sum(leg.walk for leg in quick) == best.walked


@given(points=st.lists(POINTS, min_size=2, max_size=12, unique=True))
def test_a_promised_hour_is_kept_where_it_can_be(points: list[tuple[float, float]]) -> None:
    doors = stops(points, promised=(40_000, 41_800))
    quick = swift_walk(doors, leave=25_000, start=points[0])
    (promised,) = [leg for leg in quick if leg.stop.id == "0"]
    assert (promised.late, promised.begin >= 40_000) == (0, True)


@given(points=st.lists(POINTS, min_size=1, max_size=12, unique=True))
def test_the_same_doors_in_any_order_give_the_same_walk(points: list[tuple[float, float]]) -> None:
    doors = stops(points)
    assert swift_walk(doors, leave=25_000) == swift_walk(doors[::-1], leave=25_000)
