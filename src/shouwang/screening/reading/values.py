"""From cells to fields: nothing is repaired, what is wrong is said (LESSONS 2)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time

from shouwang.kernel.cells import Cell, plain
from shouwang.kernel.dates_zh import DateContext, DateReading, read_date
from shouwang.kernel.names import normalise_name
from shouwang.kernel.national_id import IdCheck, check_national_id
from shouwang.kernel.telephone import read_telephones
from shouwang.kernel.temperature import read_temperature
from shouwang.screening.reading.context import FileContext
from shouwang.screening.reading.layout import Layout, names_a_person
from shouwang.screening.reading.shapes import PersonFields, Problem, TripFields

_YES = frozenset(["是", "有", "y", "yes", "√", "✓", "接触", "有接触", "接触过", "1", "true", "常住", "在家"])
_NO = frozenset(
    ["否", "无", "没有", "n", "no", "×", "x", "未接触", "无接触", "不是", "未", "0", "false", "非常住"]
)
_NO_SYMPTOM = frozenset(
    [
        "",
        "无",
        "否",
        "没有",
        "正常",
        "无症状",
        "无异常",
        "良好",
        "健康",
        "未见异常",
        "-",
        "/",
        "无发热咳嗽",
        "身体健康",
    ]
)
_HEADS = frozenset(["户主", "本人", "本人(户主)", "户主本人"])
_KINSHIP = frozenset(
    "户主 本人 配偶 妻子 丈夫 儿子 女儿 长子 次子 长女 次女 父亲 母亲 父子 儿媳 女婿 孙子 孙女 外孙 外孙女 祖父 祖母"
    " 兄弟 姐妹 哥哥 弟弟 姐姐 妹妹 岳父 岳母 公公 婆婆 其他 家属 亲属 成员 不是".split()
)
_MALE, _FEMALE = frozenset(["男", "m", "male", "男性", "1"]), frozenset(["女", "f", "female", "女性", "2"])


def shown(cell: Cell) -> str:
    """A cell as text, as a person would see it written; nothing is changed."""
    if cell is None or isinstance(cell, bool):
        return "" if cell is None else str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


class FieldReader:
    """Reads the rows of one sheet. `day` is the day by which people must have been born."""

    def __init__(self, layout: Layout, context: FileContext, dates: DateContext, day: date) -> None:
        self.layout = layout
        self.context = context
        self.dates = dates
        self.day = day
        self._seen: dict[str, DateReading] = {}

    def cell(self, row: Sequence[Cell], field: str) -> Cell:
        """The cell of a field; "" without such a column."""
        at = self.layout.first(field)
        return row[at] if 0 <= at < len(row) else ""

    def text(self, row: Sequence[Cell], field: str) -> str:
        """The cell of a field as plain text; several columns of one field are joined."""
        columns = self.layout.columns.get(field, ())
        if len(columns) == 1:
            return plain(row[columns[0]]) if columns[0] < len(row) else ""
        return "".join(plain(row[at]) for at in columns if at < len(row))

    def person(self, row: Sequence[Cell]) -> tuple[PersonFields, tuple[Problem, ...]]:
        """The person of a row and what must be verified. Empty name, id and telephone: nobody."""
        problems: list[Problem] = []
        name = self._name(row, problems)
        document = self.cell(row, "id_no")
        check = check_national_id(document, on=self.day)
        if check.problems:
            problems.append(Problem(_id_code(check), "id_no", shown(document)))
        numbers = self._telephones(row, problems)
        born_raw = self.cell(row, "born_on")
        born = self.date(born_raw).value if born_raw not in ("", None) else None
        if born and check.ok and check.birth_date and check.birth_date != born:
            problems.append(Problem("birth-date-differs", "born_on", shown(born_raw)))
        relation, head = self.text(row, "relation"), self._head(row)
        person = PersonFields(
            name=name,
            id_kind=check.kind,
            id_value=check.value,
            id_ok=bool(check.value) and check.ok,
            id_raw=shown(document),
            sex=_sex(self.text(row, "sex")),
            age=self.text(row, "age"),
            born_on=born or (check.birth_date if check.ok else None),
            relation=relation,
            is_head=relation in _HEADS or bool(head and head == name and not relation),
            head=head,
            telephones=numbers,
            telephone_raw=" ".join(
                shown(row[at]) for at in self.layout.columns.get("phone", ()) if at < len(row)
            ),
            household_no=self.text(row, "household_no"),
            village=self.text(row, "village") or self.context.village,
            division_code=self.text(row, "division_code"),
            group=self.text(row, "group"),
            door=self.text(row, "door"),
            address=self.text(row, "address"),
            registered_address=self.text(row, "registered_address"),
            resident=_yes_no(self.text(row, "resident")),
            tags=_tags(self.text(row, "tags")),
            employer=self.text(row, "employer"),
            note=self.text(row, "note"),
        )
        return person, tuple(problems)

    def _name(self, row: Sequence[Cell], problems: list[Problem]) -> str:
        cell = self.cell(row, "name")
        said = plain(cell)
        if not names_a_person(said):
            return ""
        if said[0] in "=+@-" or any(char.isdigit() for char in said) or "\t" in said:
            problems.append(Problem("name-unclear", "name", shown(cell)))
            return said
        return normalise_name(cell)

    def _head(self, row: Sequence[Cell]) -> str:
        """The name of the head; a column of ticks and kinships names nobody."""
        said = "".join(plain(self.cell(row, "head_name")).split())
        return said if len(said) > 1 and names_a_person(said) and said not in _KINSHIP else ""

    def _telephones(self, row: Sequence[Cell], problems: list[Problem]) -> tuple[str, ...]:
        numbers: dict[str, None] = {}
        for at in self.layout.columns.get("phone", ()):
            if at < len(row) and row[at] not in ("", None):
                read = read_telephones(row[at])
                numbers.update(dict.fromkeys(read.numbers))
                if read.problems:
                    problems.append(Problem(read.problems[0], "phone", shown(row[at])))
        return tuple(numbers)

    def date(self, cell: Cell) -> DateReading:
        """Read a date; the same text is read once a sheet."""
        if not isinstance(cell, str):
            return read_date(cell, context=self.dates)
        if (known := self._seen.get(cell)) is None:
            known = self._seen[cell] = read_date(cell, context=self.dates)
        return known

    def trip(self, row: Sequence[Cell]) -> tuple[TripFields, tuple[Problem, ...]]:
        """The journey of a row and what must be verified."""
        problems: list[Problem] = []
        returned_cell = self.cell(row, "returned_on")
        returned = self.date(returned_cell)
        has_column = self.layout.first("returned_on") >= 0
        if returned.state != "missing" or has_column:
            code = f"date-{returned.state}"
            if returned.state != "clear":
                problems.append(Problem(code, "returned_on", shown(returned_cell)))
        left_cell = self.cell(row, "left_on")
        left = self.date(left_cell)
        if left.problems:
            problems.append(Problem(left.problems[0], "left_on", shown(left_cell)))
        origin = self.origin(row)
        assumed = not origin and bool(self.context.origin)
        if not origin and not assumed and any(field.startswith("origin") for field in self.layout.columns):
            problems.append(Problem("origin-missing", "origin"))
        heat_cell = self.cell(row, "temperature")
        heat = read_temperature(heat_cell)
        if heat.problem:
            problems.append(Problem(heat.problem, "temperature", shown(heat_cell)))
        symptoms = self.text(row, "symptoms")
        transport = [plain(row[at]) for at in self.layout.columns.get("transport", ()) if at < len(row)]
        trip = TripFields(
            origin_text=origin or self.context.origin,
            origin_assumed=assumed,
            left_on=left.value,
            left_raw=shown(left_cell),
            returned_on=returned.value,
            returned_state=returned.state,
            returned_raw=shown(returned_cell),
            transport=" ".join(text for text in transport if text),
            via=self.text(row, "via"),
            contact_in_area=_yes_no(self.text(row, "contact_in_area")),
            temperature=heat.deci,
            temperature_raw=shown(heat_cell),
            symptoms="" if symptoms in _NO_SYMPTOM else symptoms,
        )
        return trip, tuple(problems)

    def origin(self, row: Sequence[Cell]) -> str:
        """Where the person came from; province, city and county columns are put together."""
        said = self.text(row, "origin")
        parts = "".join(self.text(row, f"origin_{level}") for level in ("province", "city", "county"))
        text = said if not parts or parts in said else parts + ("" if said in parts else said)
        return "" if re.fullmatch(r"[无不详未知/\-\s]*", text) else text


def looks_like_document(cell: Cell) -> bool:
    """Whether a cell holds so long a number that its row must be somebody's."""
    if isinstance(cell, int | float):
        return abs(cell) >= 1e14
    return bool(cell) and re.search(r"\d{12}", re.sub(r"[\s'’]", "", plain(cell))) is not None


def _id_code(check: IdCheck) -> str:
    """A number with a stray X in it is first of all of the wrong length."""
    code = check.problems[0]
    strange = code == "id-characters" and len(check.value) != 18 and re.fullmatch(r"[\dX]+", check.value)
    return "id-length" if strange else code


def is_usable(person: PersonFields) -> bool:
    """Somebody who can be found: a name, or a document, or a telephone."""
    return bool(person.name or person.id_value or person.telephones)


def _sex(text: str) -> str:
    low = text.lower()
    return "male" if low in _MALE else "female" if low in _FEMALE else ""


def _yes_no(text: str) -> bool | None:
    low = text.strip().lower()
    return True if low in _YES else False if low in _NO else None


def _tags(text: str) -> tuple[str, ...]:
    found = (part.strip() for part in re.split(r"[、,;/\s]+", text))
    return tuple(part for part in found if part and part not in ("无", "否", "-"))
