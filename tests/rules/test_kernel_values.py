from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.kernel.masking import mask_id, mask_name, mask_telephone
from shouwang.kernel.names import initials, normalise_name, sort_key
from shouwang.kernel.telephone import national, read_telephones
from shouwang.kernel.temperature import Reading, read_temperature


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("13175536437/023-58816543", ("+8613175536437", "+862358816543")),
        ("+86 13875606231", ("+8613875606231",)),
        ("138 7560 6231", ("+8613875606231",)),
        ("177-4620-5873", ("+8617746205873",)),
        ("１３８７５６０６２３１", ("+8613875606231",)),
        (13532096829.0, ("+8613532096829",)),
        (13532096829, ("+8613532096829",)),
        ("电话:13532096829(子)", ("+8613532096829",)),
        ("13532096829 13875606231", ("+8613532096829", "+8613875606231")),
        ("13532096829、13532096829", ("+8613532096829",)),
        ("(023)58816543", ("+862358816543",)),
        ("+852 5123 4567", ("+85251234567",)),
        ("", ()),
        ("无", ()),
        (None, ()),
    ],
)
def test_telephones_are_read_out_of_a_cell(cell, numbers):
    found = read_telephones(cell)
    assert (found.numbers, found.problems) == (numbers, ())


@pytest.mark.parametrize("cell", ["58816543", "1353209682", "135320968291", "同上", "135****6829"])
def test_a_number_that_cannot_be_dialled_is_kept_and_flagged(cell):
    found = read_telephones(cell)
    assert (found.numbers, found.problems, found.unclear) == ((), ("phone-unclear",), (cell,))


@given(st.one_of(st.text(), st.text("0123456789-/+ "), st.floats(), st.integers()))
def test_no_cell_makes_the_telephone_reader_fail(cell):
    for number in read_telephones(cell).numbers:
        assert number.startswith("+")
        assert national(number)


@pytest.mark.parametrize(
    ("cell", "reading"),
    [
        ("36.4℃", Reading(364)),
        (36.2, Reading(362)),
        ("36.2°C", Reading(362)),
        ("36,4", Reading(364)),
        ("36。4", Reading(364)),
        ("36度4", Reading(364)),
        ("37", Reading(370)),
        (37.0, Reading(370)),
        ("373", Reading(373)),
        (373, Reading(373)),
        ("36.65", Reading(366)),
        ("98.6°F", Reading(370)),
        (36.199999999999996, Reading(362)),
        ("３６.５", Reading(365)),
        ("正常", Reading(said="normal")),
        ("发热", Reading(said="fever")),
        ("", Reading()),
        (None, Reading()),
        ("3.64", Reading(problem="temperature-unclear")),
        ("很好", Reading(problem="temperature-unclear")),
        ("99", Reading(problem="temperature-impossible")),
        ("20.1", Reading(problem="temperature-impossible")),
    ],
)
def test_a_temperature_is_read_in_tenths(cell, reading):
    assert read_temperature(cell) == reading


@given(st.one_of(st.text(), st.floats(), st.integers()))
def test_a_read_temperature_is_one_of_a_living_person(cell):
    deci = read_temperature(cell).deci
    assert deci is None or 340 <= deci <= 430


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("宋 云", "宋云"),
        ("宋　云", "宋云"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("阿依古丽・艾山", "阿依古丽·艾山"),
        ("John  Smith", "John Smith"),
        ("宋云(户主)", "宋云"),
        ("\u200b宋云 ", "宋云"),
    ],
)
def test_a_name_has_one_form(written, stored):
    assert normalise_name(written) == stored


@pytest.mark.parametrize(
    ("name", "key", "short"),
    [
        ("单田芳", "shan tian fang", "stf"),
        ("曾志伟", "zeng zhi wei", "zzw"),
        ("区大相", "ou da xiang", "odx"),
        ("解晓东", "xie xiao dong", "xxd"),
        ("仇英", "qiu ying", "qy"),
        ("查良镛", "zha liang yong", "zly"),
        ("欧阳修", "ou yang xiu", "oyx"),
        ("尉迟恭", "yu chi gong", "ycg"),
        ("万俟卨", "mo qi xie", "mqx"),
        ("吕布", "lv bu", "lb"),
        ("任重", "ren zhong", "rz"),
        ("John Smith", "john smith", "js"),
        ("", "", ""),
    ],
)
def test_surnames_are_read_rightly(name, key, short):
    assert (sort_key(name), initials(name)) == (key, short)


def test_a_town_of_names_is_read_in_seconds_and_not_in_minutes():
    given_names = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰"
    names = [
        s + a + b
        for s in "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗单曾区解仇"
        for a in given_names
        for b in given_names
    ]
    started = process_time()
    for name in names:
        sort_key(name)
        initials(name)
    assert (process_time() - started) / len(names) * 42_000 < 10  # 0.6 on ours, whatever else it does


def test_personal_values_are_masked_as_offices_do():
    assert mask_id("500101195206112650") == "500***********2650"
    assert mask_id("E12345678") == "E******78"
    assert mask_id("123") == "***"
    assert mask_telephone("+8613812345678") == "138****5678"
    assert mask_telephone("13812345678") == "138****5678"
    assert mask_name("欧阳小云") == "欧阳**"
    assert mask_name("宋云") == "宋*"


@given(st.text(max_size=30))
def test_a_mask_keeps_the_length_and_never_the_whole(value):
    masked = mask_id(value)
    assert len(masked) == len(value)
    assert not value or masked.count("*") >= min(len(value), 3)
