import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.places.divisions import villages
from shouwang.places.rules import (
    DoorChoice,
    address_key,
    door_number,
    next_path,
    read_address,
    read_choice,
    village_forms,
    village_name,
)

FORMS = village_forms(villages("500101135"))


@pytest.mark.parametrize(
    ("written", "area", "group", "door", "key"),
    [
        ("海螺村7组9号", "500101135202", "7组", "9号", "7组9"),
        ("海螺村 7 组 9 号", "500101135202", "7组", "9号", "7组9"),
        ("海螺村七组9号", "500101135202", "7组", "9号", "7组9"),
        ("海螺村第7村民小组9号", "500101135202", "7组", "9号", "7组9"),
        ("海螺村村民委员会7社09号", "500101135202", "7组", "09号", "7组9"),
        ("海螺7组9号", "500101135202", "7组", "9号", "7组9"),
        ("岩口社区正街3栋1单元7-3", "500101135003", "", "正街3栋1单元7-3", "正街3-1-7-3"),
        ("岩口社区正街3幢1单元7-3号", "500101135003", "", "正街3幢1单元7-3号", "正街3-1-7-3"),
        ("岩口居委会正街3-1-7-3", "500101135003", "", "正街3-1-7-3", "正街3-1-7-3"),
        (
            "重庆市万州区龙沙镇岩口社区正街3栋1单元7-3室",
            "500101135003",
            "",
            "正街3栋1单元7-3室",
            "正街3-1-7-3",
        ),
        ("龙沙社区幸福小区25栋2单元4-4", "500101135001", "", "幸福小区25栋2单元4-4", "幸福小区25-2-4-4"),
        ("３组54号", None, "3组", "54号", "3组54"),
        ("滨河路21栋1单元1-3", None, "", "滨河路21栋1单元1-3", "滨河路21-1-1-3"),
        ("老林村", "500101135212", "", "", ""),
        ("(外出未归)", None, "", "", ""),
        ("", None, "", "", ""),
    ],
)
def test_an_address_is_split_as_locals_say_it(written, area, group, door, key):
    found = read_address(written, FORMS)
    assert (found.area, found.group, found.door, found.address_key) == (area, group, door, key)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("红鹤村村民委员会", "红鹤村"),
        ("岩口社区居民委员会", "岩口社区"),
        ("岩口居委会", "岩口社区"),
        ("红鹤村委会", "红鹤村"),
        ("老林村", "老林村"),
    ],
)
def test_a_village_goes_by_its_short_name(written, said):
    assert village_name(written) == said


def test_every_village_is_found_by_each_of_its_names():
    for path, name in villages("500101135"):
        said = village_name(name)
        for form in (name, said, said[:-1] if said.endswith("村") else said[:-2]):
            assert read_address(form + "1组2号", FORMS).area == path, form


@given(st.text(), st.text())
def test_no_address_makes_the_reader_fail(group, door):
    address_key(group, door)
    read_address(group + door, FORMS)


@given(st.integers(1, 30), st.integers(1, 200), st.integers(1, 9))
def test_doors_that_differ_never_share_a_key(building, house, unit):
    keys = {
        address_key("", f"{building}栋{unit}单元{house}"),
        address_key("", f"{building}栋{unit}单元{house + 1}"),
        address_key(f"{building}组", f"{house}号"),
        address_key(f"{building + 1}组", f"{house}号"),
    }
    assert len(keys) == 4


def test_paths_below_a_village_have_segments_of_one_width():
    assert next_path("500101135003", []) == "500101135003-001"
    assert next_path("500101135003", ["500101135003-001", "500101135003-003"]) == "500101135003-002"
    with pytest.raises(ValueError, match="no path left"):
        next_path("50", [f"50-{n:03d}" for n in range(1, 1000)])


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("3组", DoorChoice("3组")),
        ("第三村民小组", DoorChoice("3组")),
        ("3组1-40号", DoorChoice("3组", 1, 40)),
        ("1至6栋", DoorChoice(None, 1, 6)),
        ("1-6栋", DoorChoice(None, 1, 6)),
        ("全部", DoorChoice()),
        ("", None),
    ],
)
def test_a_line_of_a_list_means_a_group_a_range_or_every_door(text: str, choice: DoorChoice | None) -> None:
    assert read_choice(text) == choice


@pytest.mark.parametrize("text", ["3组15号", "15-2", "3组15-2", "祠堂", "25栋2单元4-4", "40-1号"])
def test_a_line_of_a_list_that_names_one_door_is_that_door(text: str) -> None:
    assert read_choice(text) == read_address(text, {})


def test_a_range_takes_doors_by_their_first_number_and_none_without_one() -> None:
    ten = DoorChoice("3组", 1, 10)
    assert [door for door in ("1号", "10号", "11号", "祠堂", "2栋1单元7-3") if ten.takes("3组", door)] == [
        "1号",
        "10号",
        "2栋1单元7-3",
    ]
    assert not ten.takes("4组", "1号")
    assert (door_number("三栋2单元"), door_number("祠堂")) == (3, None)
    assert DoorChoice(first=5).takes("", "900号")
    assert DoorChoice(last=5).takes("", "5号")
