from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.kernel.national_id import check_digit, check_national_id

ON = date(2020, 2, 1)
GOOD = "500101195206112650"


@pytest.mark.parametrize(
    "written",
    [
        GOOD,
        " 500101 19520611 2650 ",
        "'" + GOOD,
        "５００１０１１９５２０６１１２６５０",
        "500101-19520611-2650",
        "身份证:" + GOOD,
        GOOD + "(本人)",
    ],
)
def test_an_id_is_read_in_every_dress(written):
    found = check_national_id(written, on=ON)
    assert (found.value, found.problems, found.kind) == (GOOD, (), "id-18")
    assert (found.birth_date, found.sex, found.county_code) == (date(1952, 6, 11), "male", "500101")


def test_a_lower_case_x_is_the_check_digit():
    assert check_national_id("42280219861014737x").value == "42280219861014737X"
    assert check_national_id("４２２８０２１９９７０７２０３７４Ｘ").ok


@pytest.mark.parametrize(
    "cell",
    [5.11221194707034e17, 511221194707034000, "5.12221199212126E+17", "5.12221e17", 5.12221199212126e17],
)
def test_an_id_in_a_numeric_cell_is_refused_and_never_repaired(cell):
    found = check_national_id(cell)
    assert (found.problems, found.value) == (("id-numeric-cell",), "")


@pytest.mark.parametrize(
    ("cell", "problems"),
    [
        ("", ("id-missing",)),
        (None, ("id-missing",)),
        ("不详", ("id-missing",)),
        ("无", ("id-missing",)),
        ("50010119580427080", ("id-length",)),
        (GOOD + "1", ("id-length",)),
        (GOOD[:-1] + "1", ("id-checksum",)),
        ("500***********2650", ("id-characters",)),
        ("50010119521311265" + check_digit("50010119521311265"), ("id-birth-date",)),
        ("50010120300611265" + check_digit("50010120300611265"), ("id-birth-date",)),
        ("99" + GOOD[2:], ("id-checksum",)),
    ],
)
def test_a_wrong_id_is_kept_with_its_problem(cell, problems):
    assert check_national_id(cell, on=ON).problems == problems


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("500101520611265", "id-15"),
        ("81000019900101123" + check_digit("81000019900101123"), "permit-hk"),
        ("83000019900101123" + check_digit("83000019900101123"), "permit-tw"),
        ("E12345678", "passport"),
        ("护照:G12345678", "passport"),
        ("H1234567801", "travel-permit"),
        ("台胞证12345678", "travel-permit"),
        ("CHN310082110101", "permit-foreign"),
        ("无身份证", "none"),
        ("未上户", "none"),
    ],
)
def test_other_documents_are_documents_too(cell, kind):
    found = check_national_id(cell, on=ON)
    assert (found.kind, found.problems) == (kind, ())


@given(
    st.integers(0, 999), st.dates(date(1900, 1, 1), date(2019, 12, 31)), st.integers(0, 16), st.integers(1, 9)
)
def test_any_single_wrong_digit_is_noticed(order, born, place, shift):
    first = f"500101{born:%Y%m%d}{order:03d}"
    whole = first + check_digit(first)
    assert check_national_id(whole, on=ON).ok
    wrong = whole[:place] + str((int(whole[place]) + shift) % 10) + whole[place + 1 :]
    assert "id-checksum" in check_national_id(wrong, on=ON).problems


@given(st.one_of(st.text(), st.floats(), st.integers(), st.none(), st.dates()))
def test_no_cell_makes_the_check_fail(cell):
    check_national_id(cell, on=ON)
