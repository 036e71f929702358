"""The sample of Longsha in other dresses: the same people, the same truth."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from shouwang.screening.reading.reader import rows_of
from tests.conftest import SAMPLES
from tests.rules.messy import Sheet, write

FIELDS = (
    *("seq", "household", "name", "relation", "sex", "age", "id", "phone"),
    *("origin", "date", "transport", "address", "heat", "signs"),
)
PLAIN = (
    *("序号", "户号", "姓名", "与户主关系", "性别", "年龄", "身份证号码", "联系电话"),
    *("从何地返回", "返回时间", "交通工具", "现居住地址", "今日体温", "有无症状"),
)
OTHER_NAMES = (
    *("编号", "户编号", "返乡人姓名", "与户主的关系", "性别(男/女)", "岁数", "有效证件号码", "本人电话"),
    *("返乡前所在地", "到达时间", "返乡方式", "居住地", "体温情况", "是否有发热咳嗽"),
)
TRADITIONAL = (
    *("序號", "戶號", "姓名", "與戶主關係", "性別", "年齡", "身份證號碼", "聯絡電話"),
    *("從何地返回", "返回時間", "交通工具", "現居住地址", "體溫", "症狀"),
)
TITLE = ("龙沙镇湖北返乡人员摸排登记表", "填报单位(盖章):龙沙镇疫情防控指挥部   填报时间:2020年2月1日")


@dataclass(frozen=True)
class Line:
    """One numbered row of the sample, and the household it really belongs to."""

    cells: dict[str, Any]
    first: bool
    number: Any
    address: Any

    @property
    def full(self) -> dict[str, Any]:
        """The row with household and address written out."""
        return self.cells | {"household": self.number, "address": self.address}


@cache
def lines() -> tuple[Line, ...]:
    sheet = openpyxl.load_workbook(SAMPLES / "longsha_hubei_returnees.xlsx").worksheets[0]
    found: list[Line] = []
    number = address = ""
    for row in list(sheet.iter_rows(values_only=True))[4:]:
        if not isinstance(row[0], int):
            continue
        cells = {
            name: "" if value is None else value.date() if isinstance(value, datetime) else value
            for name, value in zip(FIELDS, row, strict=True)
        }
        if not cells["name"]:
            found.append(Line(cells, False, "", cells["address"]))
            continue
        if cells["household"] != "":
            number, address = cells["household"], cells["address"]
        found.append(Line(cells, cells["household"] != "", number, cells["address"] or address))
    return tuple(found)


def table(
    fields: Iterable[str],
    cell: Callable[[Line, str], Any],
    *,
    names: tuple[str, ...] = PLAIN,
    blank: int = 0,
    some: tuple[Line, ...] | None = None,
    more: dict[str, str] | None = None,
) -> Sheet:
    """The sample with these columns in this order."""
    named = dict(zip(FIELDS, names, strict=True)) | (more or {})
    columns = list(fields)
    sheet = Sheet("摸排表", [[text] for text in TITLE])
    sheet.rows += [[""] for _ in range(blank)]
    sheet.rows.append([named.get(one, "") for one in columns])
    sheet.rows += [[cell(line, one) for one in columns] for line in (some or lines())]
    return sheet


def sparse(line: Line, name: str) -> Any:
    return line.cells.get(name, "")


def full(line: Line, name: str) -> Any:
    return line.full.get(name, "")


def written(line: Line, name: str) -> str:
    """A cell as a text file has it."""
    value = sparse(line, name)
    if isinstance(value, date):
        return f"{value.year}/{value.month}/{value.day}"
    return str(value)


def serial(line: Line, name: str) -> Any:
    """A date whose cell lost its format."""
    value = full(line, name)
    return (value - date(1899, 12, 30)).days if isinstance(value, date) else value


def spaced(line: Line, name: str) -> Any:
    value = full(line, name)
    if name != "name" or not value:
        return value
    bracket = "（户主）" if line.cells["relation"] == "户主" else ""
    dresses = (value, f"{value[0]}　{value[1:]}", f" {value} ", value + bracket)
    return dresses[line.cells["seq"] % 4]


def parted(line: Line, name: str) -> Any:
    """Village, group and door in columns of their own."""
    if name not in ("village", "door"):
        return full(line, name)
    text = str(line.address)
    cut = max(text.find("社区") + 2, text.find("村") + 1) if "社区" in text or "村" in text else 0
    return text[:cut] if name == "village" else text[cut:]


@cache
def heads() -> dict[Any, str]:
    return {line.number: line.cells["name"] for line in lines() if line.first}


def headed(line: Line, name: str) -> Any:
    return heads().get(line.number, "") if name == "head" else full(line, name)


def noisy() -> Sheet:
    """Subtotals, repeated headers, blank rows, footers."""
    sheet = table(FIELDS, full)
    rows, width = sheet.rows[:3], len(FIELDS)
    for at, row in enumerate(sheet.rows[3:]):
        rows.append(row)
        rows += [["本页小计", "", "33人"]] if at % 97 == 50 else []
        rows += [list(sheet.rows[2])] if at % 97 == 51 else []
        rows += [[""] * width] if at % 211 == 60 else []
        rows += [["共计", "", f"{at}户", "", "", at]] if at % 301 == 70 else []
    rows += [
        [text]
        for text in (
            "总计：665户1046人",
            "备注：1.本表每日17:00前报镇防控办。",
            "2.身份证号码必须填写18位",
            "填报人：王某某    联系电话：13800000000",
            "审核领导签字：",
        )
    ]
    return Sheet("摸排表", rows)


def stacked() -> Sheet:
    """Three tables one under another, each with its title, header and footer."""
    whole = Sheet("总表")
    edges = [0, *(next(at for at in range(wish, 2000) if lines()[at].first) for wish in (300, 700)), None]
    for start, end in pairwise(edges):
        whole.rows += table(FIELDS, full, some=lines()[start:end]).rows
        whole.rows += [["合  计", "", "人"], [""], ["填表人：张某某  联系电话：13812345678"], [""]]
    return whole


NO_NUMBER = [name for name in FIELDS if name != "household"]
HEADED = ["seq", "head", "name", "sex", "id", "phone", "origin", "date", "address"]
PARTED = ["seq", "village", "door", "name", "relation", "sex", "id", "phone", "origin", "date"]
BROKEN = tuple(f"{name[:2]}\n{name[2:]}" if len(name) > 2 else f"{name[0]}  {name[1:]}" for name in PLAIN)

DRESSES: dict[str, tuple[str, Callable[[], Sheet]]] = {
    "the number written once, xls": ("xls", lambda: table(FIELDS, sparse)),
    "the number written once, ods": ("ods", lambda: table(FIELDS, sparse)),
    "the number written once, UTF-16": ("csv/utf-16", lambda: table(FIELDS, written)),
    "the number written once, with a mark": ("csv/utf-8-sig", lambda: table(FIELDS, written)),
    "tabs": ("csv/utf-16-le/tab", lambda: table(FIELDS, written)),
    "semicolons": ("csv/utf-8/semi", lambda: table(FIELDS, written)),
    "columns backwards, header in row 9": ("xlsx", lambda: table(FIELDS[::-1], full, blank=6)),
    "other names": ("xlsx", lambda: table(FIELDS, full, names=OTHER_NAMES)),
    "traditional characters": ("xlsx", lambda: table(FIELDS, full, names=TRADITIONAL)),
    "headers broken over lines": ("xlsx", lambda: table(FIELDS, full, names=BROKEN)),
    "empty columns between": ("xlsx", lambda: table(["", *FIELDS[:7], "", *FIELDS[7:]], full)),
    "households by their heads alone": ("xlsx", lambda: table(NO_NUMBER, full)),
    "address with the head alone": ("xls", lambda: table(NO_NUMBER, sparse)),
    "a column with the name of the head": ("xlsx", lambda: table(HEADED, headed, more={"head": "户主姓名"})),
    "village and door apart": (
        "ods",
        lambda: table(PARTED, parted, more={"village": "村", "door": "门牌号"}),
    ),
    "dates that lost their format": ("xlsx", lambda: table(FIELDS, serial)),
    "names with blanks and brackets": ("xlsx", lambda: table(FIELDS, spaced)),
    "subtotals, repeated headers, footers": ("xlsx", noisy),
    "three tables on one sheet": ("xlsx", stacked),
}


@pytest.mark.parametrize("dress", DRESSES)
def test_the_sample_in_another_dress_has_the_same_figures(dress: str, tmp_path: Path) -> None:
    form, make = DRESSES[dress]
    path = write([make()], tmp_path / f"x.{form.partition('/')[0]}", form)
    _, summary = rows_of(path, kind="returnees", day=date(2020, 2, 3))
    truth = json.loads((SAMPLES / "TRUTH.json").read_text())["longsha_hubei_returnees.xlsx"]
    names = ("people", "households", "duplicates", "rejected", "problems")
    assert {name: getattr(summary, name) for name in names} == {name: truth[name] for name in names}


def test_two_heads_behind_one_door_are_two_households(tmp_path: Path) -> None:
    header = ["姓名", "与户主关系", "身份证号码", "返回地", "返回日期", "住址"]
    rows = [
        ["张三", "户主", "", "武汉", "1月20日", "老林村3组116号"],
        ["李四", "妻", "", "武汉", "1月20日", "老林村3组116号"],
        ["王五", "户主", "", "鄂州", "1月21日", "周坝村5组10号"],
        ["赵六", "户主", "", "荆州", "1月22日", "老林村3组116号"],
        ["钱七", "子", "", "荆州", "1月22日", "老林村3组116号"],
    ]
    path = write([Sheet("表", [header, *rows])], tmp_path / "x.xlsx", "xlsx")
    found, summary = rows_of(path, kind="returnees", day=date(2020, 2, 3))
    assert summary.households == 3
    keys = [row.household for row in found if row.kind == "data"]
    assert keys[0] == keys[1] != keys[3] == keys[4]
