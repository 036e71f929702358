"""A generator of spreadsheets as towns send them, each with its own truth. Seeded; never random by itself."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from shouwang.kernel.national_id import check_digit

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
)
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲华红梅建国志清海波斌宇浩凯健俊帆帅旭"
VILLAGES = ["岩口社区", "彭家村", "周坝村", "老林村", "青龙村", "海螺村", "红鹤村", "龙古社区"]
ORIGINS = ["武汉", "武汉市", "鄂州", "湖北孝感", "黄冈", "湖北省恩施州", "利川", "武汉市洪山区光谷", "荆门市"]
MEMBERS = ["妻", "夫", "子", "女", "父", "母", "儿媳", "孙子", "孙女"]
HEADERS = {
    "seq": ["序号", "编号", "NO."],
    "household": ["户号", "户编号", "户 号", "家庭编号"],
    "name": ["姓名", "返乡人员姓名", "姓 名", "返蓉人员姓名", "名字", "人员姓名", "姓名*"],
    "relation": ["与户主关系", "户主关系", "家庭关系"],
    "sex": ["性别", "性 别"],
    "age": ["年龄", "年龄(周岁)"],
    "id": ["身份证号码", "身份证号", "公民身份号码", "证件号码", "证件号", "身份证", "居民身份证号码"],
    "phone": ["联系电话", "电话", "手机号码", "联系方式", "手机", "本人联系方式"],
    "origin": ["从何地返回", "来自", "返回地", "外出地", "来源地", "始发地", "返乡来源地(省市县)"],
    "date": ["返回时间", "返回日期", "返乡时间", "到家日期", "抵蓉时间", "抵达日期", "返乡日期(年月日)"],
    "transport": ["交通工具", "乘坐交通工具", "车次/车牌", "车次", "航班/车次"],
    "address": ["现居住地址", "现住址", "住址", "现居住详细地址", "家庭住址"],
    "village": ["村(社区)", "村/社区", "社区", "所在村(社区)", "小区"],
    "door": ["楼栋房号", "门牌", "组别门牌", "详细门牌号"],
    "heat": ["体温", "今日体温", "体温(℃)"],
    "signs": ["症状", "有无症状", "身体状况"],
    "note": ["备注", "其他情况"],
    "owner": ["包保责任人", "责任人", "网格员"],
    "owner_phone": ["责任人电话", "网格员联系方式", "包保责任人联系电话"],
}


@dataclass
class Truth:
    people: int = 0
    households: int = 0
    duplicates: int = 0
    rejected: int = 0
    problems: Counter[str] = field(default_factory=Counter)


@dataclass
class Sheet:
    """Cells row by row, and merged ranges (top, left, bottom, right) from 0."""

    name: str
    rows: list[list[object]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False


@dataclass
class Person:
    values: dict[str, object]
    codes: list[str]
    household: int


class Town:
    """One seeded file: its people, its dress, its truth."""

    def __init__(self, seed: int, form: str) -> None:
        self.r = random.Random(seed)
        self.form = form
        self.truth = Truth()
        self.text_only = form.startswith("csv")
        self.split_place = self.r.random() < 0.35
        self.grouping = self.r.choice(["merged", "repeated", "first", "relation", "address"])
        if self.text_only and self.grouping == "merged":
            self.grouping = "first"
        self.year_in_title = self.r.random() < 0.6
        self.used: set[str] = set()

    # -- people ---------------------------------------------------------------------------------------

    def name(self) -> str:
        return self.r.choice(SURNAMES) + "".join(
            self.r.choice(GIVEN) for _ in range(self.r.choice([1, 2, 2]))
        )

    def valid_id(self) -> str:
        while True:
            born = date(1940, 1, 1) + timedelta(days=self.r.randrange(28000))
            first = self.r.choice(["500101", "511221", "422802", "510115"]) + born.strftime("%Y%m%d")
            first += f"{self.r.randrange(1, 999):03d}"
            number = first + check_digit(first)
            if number not in self.used:
                self.used.add(number)
                return number

    def id_cell(self, number: str) -> object:
        dress = self.r.random()
        if dress < 0.1:
            return f"{number[:6]} {number[6:14]} {number[14:]}"
        if dress < 0.14:
            return "'" + number
        if dress < 0.18:
            return number.lower()
        if dress < 0.22:
            return "".join(chr(ord(c) + 0xFEE0) for c in number)
        if dress < 0.25:
            return f" {number} "
        return number

    def bad_id(self) -> tuple[object, str]:
        number = self.valid_id()
        kind = self.r.choice(["missing", "length", "checksum", "numeric"])
        if kind == "missing":
            return self.r.choice(["", "", "无", "不详"]), "id-missing"
        if kind == "length":
            return self.r.choice([number[:-1], number + "1", number[:8] + number[9:]]), "id-length"
        if kind == "checksum":
            wrong = self.r.choice([c for c in "0123456789X" if c != number[-1]])
            return number[:-1] + wrong, "id-checksum"
        digits = number.replace("X", "3")
        as_text = self.r.choice([f"{float(digits):.5E}", f"{float(digits):.14E}"])
        return (as_text if self.text_only else float(digits)), "id-numeric-cell"

    def date_cell(self, day: date) -> object:
        month, number = day.month, day.day
        dresses: list[object] = [
            f"{month}月{number}日",
            f"{day.year}年{month}月{number}日",
            f"{day.year}.{month}.{number}",
            f"{month}.{number}",
            f"{month}/{number}",
            f"{month}月{number}号",
            f"{day.year}/{month}/{number}",
            *(day.strftime(shape) for shape in ("%Y%m%d", "%Y-%m-%d", "%Y/%m/%d")),
        ]
        lunar = {
            18: ["腊月二十四"],
            21: ["腊月二十七", "腊月廿七", "腊月27"],
            23: ["腊月29", "腊月二十九"],
            24: ["除夕", "腊月三十", "大年三十"],
            25: ["正月初一", "初一"],
            26: ["正月初二", "初二"],
            27: ["初三"],
        }
        if day.day in lunar and self.r.random() < 0.3:
            return self.r.choice(lunar[day.day])
        if not self.text_only and self.r.random() < 0.3:
            return day
        return self.r.choice(dresses)

    def bad_date(self) -> tuple[str, str]:
        if self.r.random() < 0.6:
            return self.r.choice(["前几天", "年前", "1月", "记不清", "春节前", "上个月"]), "date-unclear"
        return self.r.choice(["2020年2月30日", "1月32日", "2020.13.5", "20200230"]), "date-impossible"

    def phone_cell(self, number: str) -> object:
        dress = self.r.random()
        if dress < 0.1:
            return f"{number[:3]}-{number[3:7]}-{number[7:]}"
        if dress < 0.15:
            return "+86 " + number
        if dress < 0.25:
            return f"{number}.0" if self.text_only else float(number)
        if dress < 0.28:
            return f"{number}/023-58816543"
        return number

    def household(self, at: int) -> list[Person]:
        village = self.r.choice(VILLAGES)
        door = f"{self.r.randrange(1, 13)}组{at + 1}号"
        phone = f"1{self.r.choice('3578')}{self.r.randrange(10**8, 10**9)}"
        origin, day = self.r.choice(ORIGINS), date(2020, 1, self.r.randrange(14, 28))
        people = []
        for member in range(self.r.choice([1, 1, 1, 2, 2, 3, 4])):
            codes: list[str] = []
            name = self.name()
            number: object = self.id_cell(self.valid_id())
            if self.r.random() < 0.06:
                number, code = self.bad_id()
                codes.append(code)
            when = self.date_cell(day)
            if self.r.random() < 0.05:
                when, code = self.bad_date()
                codes.append(code)
            shown = f"{name[0]} {name[1]}" if len(name) == 2 and self.r.random() < 0.15 else name
            own = phone if self.r.random() < 0.8 else f"139{self.r.randrange(10**7, 10**8)}"
            people.append(
                Person(
                    {
                        "household": at + 1,
                        "name": shown,
                        "relation": MEMBERS[member] if member else "户主",
                        "sex": self.r.choice("男女"),
                        "age": self.r.randrange(1, 90),
                        "id": number,
                        "phone": self.phone_cell(own),
                        "origin": origin,
                        "date": when,
                        "transport": self.r.choice(["自驾 鄂A12345", "G316", "大巴", "K1068", "动车D2216"]),
                        "address": village + door,
                        "village": village,
                        "door": door,
                        "heat": self.r.choice(["36.5", 36.2, "正常", "36.4℃", ""]),
                        "signs": self.r.choice(["无", "无", "咳嗽", "", "否"]),
                        "note": "",
                        "owner": self.name(),
                        "owner_phone": f"136{self.r.randrange(10**7, 10**8)}",
                    },
                    codes,
                    at,
                )
            )
        return people

    # -- the file -------------------------------------------------------------------------------------

    def columns(self) -> list[str]:
        fields = ["name", "id", "phone", "origin", "date", "transport"]
        fields += ["village", "door"] if self.split_place else ["address"]
        fields += [f for f in ("sex", "age", "heat", "signs", "note") if self.r.random() < 0.6]
        if self.r.random() < 0.3:
            fields += ["owner", "owner_phone"]
        if self.grouping in ("merged", "repeated", "first"):
            fields.append("household")
        if self.grouping in ("relation", "first", "merged") or self.r.random() < 0.3:
            fields.append("relation")
        self.r.shuffle(fields)
        return ["seq", *fields] if self.r.random() < 0.6 else fields

    def sheets(self, households: int = 60) -> list[Sheet]:
        columns = self.columns()
        homes = [self.household(at) for at in range(households)]
        parts = 2 if not self.text_only and self.r.random() < 0.3 else 1
        cut = len(homes) // parts
        sheets = []
        for part in range(parts):
            mine = homes[part * cut :] if part == parts - 1 else homes[part * cut : (part + 1) * cut]
            name = "摸排表" if parts == 1 else f"表{part + 1}"
            sheets.append(self.sheet(name, columns, mine))
        self.truth.people = sum(len(home) for home in homes)
        self.truth.households = len(homes)
        for home in homes:
            for person in home:
                self.truth.problems.update(person.codes)
        if not self.text_only:
            self.extra(sheets)
        return sheets

    def extra(self, sheets: list[Sheet]) -> None:
        if self.r.random() < 0.4:
            told = Sheet("填表说明", [["填表说明"], ["1. 姓名、身份证号必填"], ["2. 日期请写年月日"]])
            sheets.insert(self.r.choice([0, len(sheets)]), told)
        if self.r.random() < 0.3:
            sheets.append(Sheet("Sheet3"))
        if self.r.random() < 0.3:
            sheets.append(
                Sheet("汇总", [["村(社区)", "户数", "人数"], ["岩口社区", 12, 30], ["合计", 12, 30]])
            )
        if self.r.random() < 0.2:
            sheets.append(Sheet("选项", [["男"], ["女"]], hidden=True))

    def header(self, sheet: Sheet, columns: list[str]) -> None:
        labels = {f: self.r.choice(HEADERS[f]) for f in columns}
        grouped = [at for at, f in enumerate(columns) if f in ("origin", "date", "transport")]
        adjacent = grouped == list(range(grouped[0], grouped[0] + 3))
        top = len(sheet.rows)
        if adjacent and self.r.random() < 0.7:
            left, right = grouped[0], grouped[-1]
            sheet.rows.append(["返乡情况" if at == left else "" if left < at <= right else labels[f]
                               for at, f in enumerate(columns)])  # fmt: skip
            sheet.rows.append([labels[f] if left <= at <= right else "" for at, f in enumerate(columns)])
            if not self.text_only:
                sheet.merges.append((top, left, top, right))
                sheet.merges += [
                    (top, at, top + 1, at) for at in range(len(columns)) if not left <= at <= right
                ]
        else:
            sheet.rows.append([labels[f] for f in columns])

    def titles(self, sheet: Sheet, width: int) -> None:
        if self.r.random() < 0.75:
            sheet.rows.append(["龙沙镇湖北返乡人员摸排登记表"] + [""] * (width - 1))
            line = "填报单位(盖章):龙沙镇疫情防控指挥部"
            if self.year_in_title:
                line += "    " + self.r.choice(
                    ["填报时间:2020年2月1日", "截至2020年1月31日", "日期:2020.2.1"]
                )
            sheet.rows.append([line] + [""] * (width - 1))
            if not self.text_only and self.r.random() < 0.7:
                sheet.merges += [(0, 0, 0, width - 1), (1, 0, 1, width - 1)]
        for _ in range(self.r.choice([0, 0, 0, 1, 3, 12])):
            sheet.rows.append([""] * width)

    def sheet(self, name: str, columns: list[str], homes: list[list[Person]]) -> Sheet:
        sheet = Sheet(name)
        width = len(columns)
        self.titles(sheet, width)
        self.header(sheet, columns)
        header = sheet.rows[-1]
        seq = 0
        seen: list[Person] = []
        for home in homes:
            top = len(sheet.rows)
            for member, person in enumerate(home):
                seq += 1
                sheet.rows.append(self.line(columns, person, seq, member, len(home)))
            if not self.text_only and self.grouping == "merged" and len(home) > 1:
                for f in ("household", "address", "village", "door"):
                    if f in columns:
                        at = columns.index(f)
                        sheet.merges.append((top, at, top + len(home) - 1, at))
            seen += home
            seq = self.noise(sheet, columns, header, home, seen, seq)
        if self.r.random() < 0.6:
            sheet.rows.append(self.sparse(columns, {0: "合计", 2: f"{len(homes)}人"}))
        if self.r.random() < 0.6:
            sheet.rows.append(["填表人:张三   审核人:   联系电话:023-58812345"] + [""] * (width - 1))
        return sheet

    def line(self, columns: list[str], person: Person, seq: int, member: int, size: int) -> list[object]:
        values = {**person.values, "seq": seq}
        if member and self.grouping in ("merged", "first"):
            values["household"] = ""
        if member and (self.grouping == "merged" or (self.grouping == "relation" and size > 1)):
            values |= {"address": "", "village": "", "door": ""}
        return [values[f] for f in columns]

    @staticmethod
    def sparse(columns: list[str], cells: dict[int, str]) -> list[object]:
        return [cells.get(at, "") for at in range(len(columns))]

    def noise(
        self,
        sheet: Sheet,
        columns: list[str],
        header: list[object],
        home: list[Person],
        seen: list[Person],
        seq: int,
    ) -> int:
        chance = self.r.random()
        if chance < 0.06:
            sheet.rows.append(self.sparse(columns, {0: "小计", 2: f"{len(home)}人"}))
        elif chance < 0.10:
            sheet.rows.append([""] * len(columns))
        elif chance < 0.12:
            sheet.rows.append(list(header))
        elif chance < 0.17:
            seq += 1
            self.repeat(sheet, columns, self.r.choice(seen), seq)
        elif chance < 0.19:
            seq += 1
            place = "address" if "address" in columns else "door"
            cells = {columns.index("origin"): "湖北", columns.index(place): "(外出未归)"}
            if "seq" in columns:
                cells[0] = seq
            sheet.rows.append(self.sparse(columns, cells))
            self.truth.rejected += 1
        return seq

    def repeat(self, sheet: Sheet, columns: list[str], person: Person, seq: int) -> None:
        values = {**person.values, "seq": seq}
        if not person.codes:
            number = str(values["id"])
            values["id"] = (
                self.id_cell("".join(number.split()).lstrip("'").upper()) if number.isascii() else number
            )
            values["date"] = self.date_cell(date(2020, 1, self.r.randrange(14, 28)))
            if self.r.random() < 0.3:
                values["phone"] = f"13{self.r.randrange(10**8, 10**9)}"
        sheet.rows.append([values[f] for f in columns])
        self.truth.duplicates += 1


# -- writing ----------------------------------------------------------------------------------------------


def write(sheets: list[Sheet], path: Path, form: str) -> Path:
    writers = {"xlsx": _xlsx, "xls": _xls, "ods": _ods}
    if form.startswith("csv"):
        _csv(sheets[0], path, form)
    else:
        writers[form](sheets, path)
    return path


def _xlsx(sheets: list[Sheet], path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "yyyy/m/d"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        if sheet.hidden:
            page.hide()
        for top, left, bottom, right in sheet.merges:
            page.merge_range(top, left, bottom, right, "")
        for at, row in enumerate(sheet.rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    page.write_datetime(at, column, cell, day)
                elif isinstance(cell, str) and cell:
                    page.write_string(at, column, cell)
                elif cell != "":
                    page.write_number(at, column, cell)
    book.close()


def _xls(sheets: list[Sheet], path: Path) -> None:
    import xlwt

    book = xlwt.Workbook()
    day = xlwt.easyxf(num_format_str="yyyy/m/d")
    for sheet in sheets:
        page = book.add_sheet(sheet.name)
        page.visibility = 1 if sheet.hidden else 0
        covered = set()
        for top, left, bottom, right in sheet.merges:
            page.merge(top, bottom, left, right)
            covered |= {(a, b) for a in range(top, bottom + 1) for b in range(left, right + 1)} - {
                (top, left)
            }
        for at, row in enumerate(sheet.rows):
            for column, cell in enumerate(row):
                if cell != "" and (at, column) not in covered:
                    page.write(at, column, cell, *([day] if isinstance(cell, date) else []))
    book.save(str(path))


def _ods(sheets: list[Sheet], path: Path) -> None:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import CoveredTableCell, Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    for sheet in sheets:
        page = Table(name=sheet.name)
        spans = {
            (top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in sheet.merges
        }
        covered = {
            (a, b)
            for top, left, bottom, right in sheet.merges
            for a in range(top, bottom + 1)
            for b in range(left, right + 1)
        } - set(spans)
        for at, row in enumerate(sheet.rows):
            line = TableRow()
            for column, cell in enumerate(row):
                if (at, column) in covered:
                    line.addElement(CoveredTableCell())
                    continue
                options: dict[str, object] = {}
                if (at, column) in spans:
                    down, across = spans[at, column]
                    options = {"numberrowsspanned": down, "numbercolumnsspanned": across}
                if isinstance(cell, date):
                    options |= {"valuetype": "date", "datevalue": cell.isoformat()}
                elif isinstance(cell, int | float):
                    options |= {"valuetype": "float", "value": repr(cell)}
                elif cell:
                    options |= {"valuetype": "string"}
                box = TableCell(**options)
                if cell != "":
                    box.addElement(P(text=str(cell)))
                line.addElement(box)
            page.addElement(line)
        book.spreadsheet.addElement(page)
    book.save(str(path))


def _csv(sheet: Sheet, path: Path, form: str) -> None:
    _, encoding, mark = (*form.split("/"), ",")[:3]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter={"tab": "\t", "semi": ";"}.get(mark, ",")).writerows(sheet.rows)
    path.write_bytes(out.getvalue().encode(encoding))
