"""Files that mean harm, or only look like it: refused in a line, or parsed in a limited subprocess."""

from __future__ import annotations

import csv
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from shouwang.kernel.errors import Refused
from shouwang.screening.reading import read_file
from shouwang.screening.reading.reader import rows_of
from tests.conftest import SAMPLES

DAY = date(2020, 2, 1)
HEADER = ["姓名", "身份证号", "联系电话", "返回日期", "来自"]
PERSON = ["王一", "500101195206112650", "13812345678", "1月20日", "武汉"]


def workbook(path: Path, rows: list[list[object]]) -> Path:
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    page = book.add_worksheet("表")
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            page.write(at, column, cell)
    book.close()
    return path


def repacked(source: Path, target: Path, changes: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.pop(name, None) or old.read(name))
        for name, data in changes.items():
            new.writestr(name, data)
    return target


def refused(path: Path, name: str | None = None) -> str:
    began = time.monotonic()
    with pytest.raises(Refused) as caught:
        read_file(path, kind="returnees", day=DAY, name=name)
    assert (
        time.monotonic() - began < 60
    )  # a second on an idle machine (the bench says); that it ends at all, here
    assert "\n" not in str(caught.value)
    return caught.value.code


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", "<workbook/>")
        with bomb.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(700):
                part.write(bytes(1024 * 1024))
    assert refused(path) == "file-bomb"


def test_a_million_empty_rows_lose_nobody(tmp_path: Path) -> None:
    plain = workbook(tmp_path / "a.xlsx", [HEADER, PERSON])
    empty = b"".join(b'<row r="%d"></row>' % row for row in range(3, 1_000_003))
    with zipfile.ZipFile(plain) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").replace(b"</sheetData>", empty + b"</sheetData>")
    path = repacked(plain, tmp_path / "b.xlsx", {"xl/worksheets/sheet1.xml": sheet})
    with read_file(path, kind="returnees", day=DAY) as reading:
        assert (reading.summary.rows, reading.summary.accepted) == (1, 1)


def test_one_cell_in_the_last_corner_does_not_take_the_memory_of_the_machine(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet()
    page.write_row(0, 0, HEADER)
    page.write(1_048_575, 16_383, "x")
    book.close()
    assert refused(path) in ("file-too-large", "too-many-columns")


def test_sixteen_thousand_columns_are_refused(tmp_path: Path) -> None:
    wide = [f"c{at}" for at in range(16_384)]
    assert refused(workbook(tmp_path / "wide.xlsx", [wide])) == "too-many-columns"


def test_an_xml_bomb_is_refused(tmp_path: Path) -> None:
    plain = workbook(tmp_path / "a.xlsx", [HEADER, PERSON])
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaa">]><sst>&a;</sst>'
    path = repacked(plain, tmp_path / "b.xlsx", {"xl/sharedStrings.xml": bomb})
    assert refused(path) == "file-xml-entities"


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.xlsx"
    path.write_bytes((SAMPLES / "longsha_hubei_returnees.xlsx").read_bytes()[:60_000])
    assert refused(path) == "file-damaged"


def test_a_file_with_a_password_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "locked.xlsx"
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
    path.write_bytes(ole + "EncryptedPackage".encode("utf-16-le") + bytes(500))
    assert refused(path) == "file-password"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b"%PDF-1.7 ...", "file-not-a-spreadsheet"),
        (b"\x89PNG\r\n", "file-not-a-spreadsheet"),
        (b"MZ\x90\x00", "file-not-a-spreadsheet"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "file-not-a-spreadsheet"),
        (bytes(range(256)) * 20, "file-not-a-spreadsheet"),
        ("一封信,没有表格\n你好\n".encode(), "no-people-found"),
        (b"PK\x03\x04 this is no zip", "file-damaged"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_whatever_it_is_called(
    data: bytes, code: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(data)
    assert refused(path) == code


def test_a_text_file_called_xlsx_is_read_and_said_to_be_text(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_text("\n".join(",".join(map(str, row)) for row in (HEADER, PERSON)), encoding="utf-8")
    with read_file(path, kind="returnees", day=DAY) as reading:
        assert reading.summary.format == "csv"
        assert [notice.code for notice in reading.summary.notices] == ["extension-lies"]
        assert reading.summary.accepted == 1


def test_macros_lie_unread_and_are_mentioned(tmp_path: Path) -> None:
    plain = workbook(tmp_path / "a.xlsx", [HEADER, PERSON])
    path = repacked(plain, tmp_path / "b.xlsm", {"xl/vbaProject.bin": b"macro"})
    with read_file(path, kind="returnees", day=DAY) as reading:
        assert [notice.code for notice in reading.summary.notices] == ["macros-ignored"]
        assert reading.summary.accepted == 1


def test_a_formula_in_a_name_stays_text_and_is_to_be_verified(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, ['=HYPERLINK("http://x","y")', *PERSON[1:]]])
    rows, summary = rows_of(path, kind="returnees", day=DAY)
    assert summary.problems == {"name-unclear": 1}
    assert rows[-1].person is not None
    assert rows[-1].person.name.startswith("=HYPERLINK")


def test_a_formula_without_a_value_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("表")
    page.write_row(0, 0, HEADER)
    page.write_row(1, 0, PERSON)
    page.write_formula(2, 0, '="张"&"三"', value="")
    page.write_string(2, 2, "13900000000")
    book.close()
    with read_file(path, kind="returnees", day=DAY) as reading:
        assert "formulas" in [notice.code for notice in reading.summary.notices]
        assert reading.summary.problems["name-missing"] == 1


@pytest.mark.parametrize("count", [65_535, 65_537])
def test_no_row_falls_off_the_end_of_a_file(count: int, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    lines = ["姓名,联系电话,现住址"] + [f"王一,1380{at:07d},{at}号" for at in range(count - 1)]
    path.write_text("\n".join(lines), encoding="utf-8")
    with read_file(path, kind="register", day=DAY) as reading:
        assert reading.summary.rows == count - 1
        assert reading.summary.accepted == count - 1
        assert sum(1 for _ in reading.rows()) == count


def test_the_last_row_of_an_old_workbook_is_read(tmp_path: Path) -> None:
    path = tmp_path / "old.xls"
    book = xlwt.Workbook()
    page = book.add_sheet("表")
    for column, (header, cell) in enumerate(zip(HEADER, PERSON, strict=True)):
        page.write(0, column, header)
        page.write(65_535, column, cell)
    book.save(str(path))
    rows, summary = rows_of(path, kind="returnees", day=DAY)
    assert (summary.accepted, rows[-1].row_no) == (1, 65_536)


@pytest.mark.parametrize("last", [1_048_575, 1_048_576])
def test_the_last_row_of_a_new_workbook_is_read(last: int, tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    page = book.add_worksheet("表")
    page.write_row(0, 0, HEADER)
    page.write_row(last - 1, 0, PERSON)
    book.close()
    with read_file(path, kind="returnees", day=DAY) as reading:
        assert reading.summary.accepted == 1
        assert list(reading.rows())[-1].row_no == last
