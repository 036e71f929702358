from __future__ import annotations

from datetime import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from shouwang.journal.models import Event
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Grant, Scope
from shouwang.places.actions import (
    DwellingDraft,
    add_alias,
    add_grid,
    add_place,
    ensure_dwellings,
    load_divisions,
)
from shouwang.places.models import Dwelling, Place
from shouwang.places.queries import (
    ancestors,
    children,
    dwelling_ids,
    find_village,
    names_of,
    place_by_code,
    spoken_names,
    subtree,
    village_index,
    zone_of,
)

pytestmark = pytest.mark.django_db
EVERYTHING = Scope.everything()
VILLAGE = Scope("doctor", (Grant("village-doctor", "500101135003", frozenset({"check"})),))


@pytest.fixture
def wanzhou(at: datetime) -> datetime:
    load_divisions(county="500101", by=SYSTEM, at=at)
    return at


def _events() -> int:
    return Event.objects.unscoped("test").count()


def test_a_county_is_loaded_in_a_few_statements_and_only_once(at: datetime) -> None:
    with CaptureQueriesContext(connection) as statements:
        assert load_divisions(county="500101135", by=SYSTEM, at=at) > 3000
    assert len(statements) <= 15
    assert load_divisions(county="500101", by=SYSTEM, at=at) == 0
    assert _events() == 1
    assert len(subtree(EVERYTHING, "500101135", level="village")) == 15


def test_a_second_county_adds_its_own_villages(wanzhou: datetime) -> None:
    added = load_divisions(county="430921", by=SYSTEM, at=wanzhou)
    assert added == len(subtree(EVERYTHING, "430921")) - 1


def test_an_unknown_division_is_refused(at: datetime) -> None:
    with pytest.raises(Refused, match="division-unknown"):
        load_divisions(county="999999", by=SYSTEM, at=at)


def test_every_place_hangs_below_its_parent(wanzhou: datetime) -> None:
    for place in Place.objects.unscoped("test").select_related("parent"):
        assert place.parent is None or place.path.startswith(place.parent.path)
        assert (place.parent is None) == (place.level == "province")


def test_a_village_doctor_sees_the_village_and_nothing_else(wanzhou: datetime) -> None:
    assert place_by_code(VILLAGE, "500101135003") is not None
    assert place_by_code(VILLAGE, "500101135202") is None
    assert [row.path for row in subtree(VILLAGE, "50")] == ["500101135003"]
    assert [row.name for row in ancestors("500101135003")] == [
        "重庆市",
        "市辖区",
        "万州区",
        "龙沙镇",
        "岩口社区居民委员会",
    ]


def test_a_village_is_found_as_people_write_it(wanzhou: datetime) -> None:
    for written, code in [
        ("岩口社区", "500101135003"),
        ("老林村", "500101135212"),
        ("红鹤村村民委员会", "500101135213"),
    ]:
        found = find_village(EVERYTHING, written, within="500101135")
        assert found is not None
        assert found.code == code
    assert find_village(EVERYTHING, "没有村", within="500101135") is None
    assert find_village(VILLAGE, "老林村", within="500101135") is None


def test_a_village_is_found_by_the_name_it_had(wanzhou: datetime) -> None:
    add_alias(path="500101135003", name="岩口场", by=SYSTEM, at=wanzhou)
    add_alias(path="500101135003", name="岩口场", by=SYSTEM, at=wanzhou)
    assert village_index(EVERYTHING, "500101135")["岩口场"] == "500101135003"


def test_grids_compounds_and_buildings_hang_below_a_village(wanzhou: datetime) -> None:
    before = _events()
    grid = add_grid(village="500101135003", name="第一网格", by=SYSTEM, at=wanzhou)
    assert grid == "500101135003-001"
    assert add_grid(village="500101135003", name="第一网格", by=SYSTEM, at=wanzhou) == grid
    compound = add_place(parent=grid, name="幸福小区", kind="compound", by=SYSTEM, at=wanzhou)
    assert spoken_names([grid, compound, "500101135003"]) == {
        grid: "岩口社区第一网格",
        compound: "岩口社区幸福小区",
        "500101135003": "岩口社区",
    }, "in a list of many villages a first grid alone could be anybody's"
    building = add_place(parent=compound, name="3栋", kind="building", by=SYSTEM, at=wanzhou)
    assert building == "500101135003-001-001-001"
    assert _events() == before + 3
    assert [row.path for row in subtree(VILLAGE, "500101135003")] == [
        "500101135003",
        grid,
        compound,
        building,
    ]
    assert [row.path for row in children(VILLAGE, grid)] == [compound]
    assert names_of([compound]) == {compound: "幸福小区"}
    assert zone_of(building + "-009") == "Asia/Shanghai"


def test_a_functional_zone_without_a_code_has_a_path(wanzhou: datetime) -> None:
    path = add_place(parent="5101", name="成都高新区", kind="zone", level="county", by=SYSTEM, at=wanzhou)
    found = place_by_code(EVERYTHING, path)
    assert path == "5101-001"
    assert found is not None
    assert (found.code, found.kind, found.level) == (None, "zone", "county")


def test_what_cannot_be_added_is_refused(wanzhou: datetime) -> None:
    with pytest.raises(Refused, match="place-unknown"):
        add_grid(village="500101135999", name="网格", by=SYSTEM, at=wanzhou)
    with pytest.raises(Refused, match="place-name-missing"):
        add_grid(village="500101135003", name=" ", by=SYSTEM, at=wanzhou)
    with pytest.raises(Refused, match="place-kind"):
        add_place(parent="500101135003", name="甲", kind="official", by=SYSTEM, at=wanzhou)


def test_a_door_is_one_dwelling_however_often_it_is_read(wanzhou: datetime) -> None:
    drafts = [
        DwellingDraft("500101135202", "7组", "9号", "7组9"),
        DwellingDraft("500101135202", "7组", "10号", "7组10"),
    ]
    before = _events()
    first = ensure_dwellings(drafts=[*drafts, drafts[0]], by=SYSTEM, at=wanzhou)
    again = ensure_dwellings(drafts=drafts, by=SYSTEM, at=wanzhou)
    assert first == again == dwelling_ids(EVERYTHING, "500101135202")
    assert len(first) == 2
    assert _events() == before + 1
    assert dwelling_ids(VILLAGE, "") == {}


def test_a_door_in_no_place_is_refused(wanzhou: datetime) -> None:
    with pytest.raises(Refused, match="place-unknown"):
        ensure_dwellings(drafts=[DwellingDraft("123", "", "9号", "9")], by=SYSTEM, at=wanzhou)


def test_the_database_refuses_a_dwelling_without_a_door(wanzhou: datetime) -> None:
    place = Place.objects.unscoped("test").get(path="500101135202")
    with pytest.raises(IntegrityError), transaction.atomic():
        Dwelling.objects.create(place=place, area=place.path, door="", address_key="")


def test_the_subtree_of_a_place_is_read_by_its_index(wanzhou: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("explain select 1 from places_place where path like '500101135%'")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "places_place_path" in plan
    assert "Index Cond" in plan
