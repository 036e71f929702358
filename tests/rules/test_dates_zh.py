from datetime import date, datetime, timedelta

import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from shouwang.kernel import lunar
from shouwang.kernel.dates_zh import DateContext, read_date

FEBRUARY = DateContext(date(2020, 2, 1))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1月20日", "2020-01-20"),
        ("1 月 20 日", "2020-01-20"),
        ("1月20号", "2020-01-20"),
        ("1月20日下午", "2020-01-20"),
        ("1月20日14:30", "2020-01-20"),
        ("元月20日", "2020-01-20"),
        ("一月二十日", "2020-01-20"),
        ("二〇二〇年一月二十日", "2020-01-20"),
        ("１月２０日", "2020-01-20"),
        ("2020.1.20", "2020-01-20"),
        ("2020/1/20", "2020-01-20"),
        ("2020-01-20 08:00:00", "2020-01-20"),
        ("20200120", "2020-01-20"),
        ("20.1.20", "2020-01-20"),
        ("1.20", "2020-01-20"),
        ("1/20", "2020-01-20"),
        ("1-20", "2020-01-20"),
        (20200120.0, "2020-01-20"),
        (43850.0, "2020-01-20"),
        ("43850", "2020-01-20"),
        (1.14, "2020-01-14"),
        (datetime(2020, 1, 20, 23, 59), "2020-01-20"),  # noqa: DTZ001 - so spreadsheets give them
        (date(2020, 1, 20), "2020-01-20"),
        ("腊月二十七", "2020-01-21"),
        ("腊月29", "2020-01-23"),
        ("腊月廿六", "2020-01-20"),
        ("农历十二月二十七", "2020-01-21"),
        ("2020年腊月二十七", "2020-01-21"),
        ("2019年腊月二十七", "2020-01-21"),
        ("冬月二十", "2019-12-15"),
        ("正月初二", "2020-01-26"),
        ("初三", "2020-01-27"),
        ("大年初一", "2020-01-25"),
        ("春节", "2020-01-25"),
        ("除夕", "2020-01-24"),
        ("大年三十", "2020-01-24"),
        ("年三十", "2020-01-24"),
        ("1月20日(腊月廿六)", "2020-01-20"),
        ("腊月二十七（1月21日）", "2020-01-21"),
        ("2020,1,20", "2020-01-20"),
        ("正月初2", "2020-01-26"),
        ("除夕当天", "2020-01-24"),
        ("20-Jan-2020", "2020-01-20"),
        ("20-Jan", "2020-01-20"),
        ("Jan 20, 2020", "2020-01-20"),
        ("昨天", "2020-01-31"),
        ("前天", "2020-01-30"),
        ("12月28日", "2019-12-28"),
        ("去年12月28日", "2019-12-28"),
    ],
)
def test_a_date_is_read_as_people_write_it(written, meant):
    reading = read_date(written, context=FEBRUARY)
    assert (reading.state, str(reading.value)) == ("clear", meant)


@pytest.mark.parametrize(
    "written",
    [
        "1月",
        "20日",
        "前几天",
        "年前",
        "不详",
        "1月20日左右",
        "1月20-22日",
        "1月20日或21日",
        "2020年1月",
        1.2,
        1.1,
        "2/1/2020",
        "三十",
        "Jan-20",
        "1月20日、1月22日",
        True,
        10**400,
        float("nan"),
        "2月15日",
        "外出未归",
    ],
)
def test_a_date_that_is_not_clear_is_not_guessed(written):
    reading = read_date(written, context=FEBRUARY)
    assert (reading.state, reading.value, reading.problems) == ("unclear", None, ("date-unclear",))


@pytest.mark.parametrize(
    "written",
    [
        "2020年2月30日",
        "2月30日",
        "20200230",
        "13月1日",
        "2020.13.1",
        "2020-05-01",
        "2030年1月1日",
        "腊月三十一",
        "正月31",
        date(2030, 1, 1),
        "1850-01-01",
    ],
)
def test_a_date_that_cannot_be_is_called_impossible(written):
    reading = read_date(written, context=FEBRUARY)
    assert (reading.state, reading.value, reading.problems) == ("impossible", None, ("date-impossible",))


@pytest.mark.parametrize("written", [None, "", "  ", "-", "/", "无"])
def test_an_empty_date_is_missing_and_no_error(written):
    assert read_date(written, context=FEBRUARY).state == "missing"


def test_what_was_assumed_is_said():
    assert read_date("1月20日", context=FEBRUARY).assumed == ("year",)
    assert read_date("初三", context=FEBRUARY).assumed == ("year", "lunar-month")
    assert read_date("2020-01-20", context=FEBRUARY).assumed == ()


def test_chu_san_in_a_file_of_january_is_not_last_years_festival():
    assert read_date("初三", context=DateContext(date(2020, 1, 10))).state == "unclear"


def test_new_years_eve_of_a_short_twelfth_month_is_the_29th():
    context = DateContext(date(2022, 2, 10))
    assert read_date("大年三十", context=context).value == date(2022, 1, 31)


@given(
    st.one_of(
        st.text(), st.text("0123456789年月日初一二三十廿腊正元.-/ "), st.floats(), st.integers(), st.dates()
    )
)
def test_no_cell_makes_the_reader_fail(cell):
    reading = read_date(cell, context=FEBRUARY)
    assert (reading.value is not None) == (reading.state == "clear")


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)), st.integers(0, 330))
def test_a_date_without_its_year_is_found_again_across_new_year(day, later):
    reference = day + timedelta(days=later)
    reading = read_date(f"{day.month}月{day.day}日", context=DateContext(reference))
    assert reading.value == day or (reading.value or day) > reference


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_every_whole_form_gives_the_same_day(day):
    context = DateContext(date(2100, 1, 1))
    forms = [
        day.isoformat(),
        day.strftime("%Y%m%d"),
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        (day - date(1899, 12, 30)).days,
    ]
    for form in forms[: 5 if day.year >= 1960 else 4]:
        assert read_date(form, context=context).value == day


def test_the_lunar_table_agrees_with_known_spring_festivals():
    for year in range(1950, 2100):
        named = [
            day
            for day, name in country_holidays("CN", years=year, language="en_US").items()
            if "Spring Festival" in name or "Chinese New Year (" in name
        ]
        assert lunar.new_year(year) - timedelta(days=1) <= min(named) <= lunar.new_year(year), year
    assert [str(lunar.new_year(y)) for y in (1985, 2019, 2020, 2033, 2034)] == [
        "1985-02-20",
        "2019-02-05",
        "2020-01-25",
        "2033-01-31",
        "2034-02-19",
    ]


def test_a_leap_month_is_a_month_of_its_own():
    assert lunar.to_solar(2020, 4, 1) == date(2020, 4, 23)
    assert lunar.to_solar(2020, 4, 1, leap=True) == date(2020, 5, 23)
    assert lunar.to_solar(2020, 5, 1) == date(2020, 6, 21)
    assert lunar.to_solar(2020, 6, 1, leap=True) is None


@given(st.integers(1901, 2099))
def test_lunar_years_join_without_a_gap(year):
    assert lunar.new_years_eve(year) + timedelta(days=1) == lunar.new_year(year + 1)
    assert lunar.lunar_year_of(lunar.new_year(year)) == year
    assert lunar.lunar_year_of(lunar.new_years_eve(year)) == year
