"""What kind of row a row is: a person, a title, a header again, a subtotal, a blank, a footer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from shouwang.kernel.cells import Cell, plain
from shouwang.screening.reading.headers import Header, fold, recognise, usual_names
from shouwang.screening.reading.shapes import RowKind
from shouwang.screening.reading.tables import Merge

_SUBTOTAL = re.compile(
    r"^(本?[页村组户区镇]?(小计|合计|总计|共计|累计|总数)|(小|合|总|共|累)\s+计|以上合?计)"
)
_COUNT = re.compile(r"^共?\s*\d+\s*(人|户|名|人次|个)")
_FOOTER = re.compile(
    r"^[((【]?\s*(填\s*表|填\s*报|制\s*表|审\s*核|审\s*批|复\s*核|经\s*办|报\s*送|上\s*报|负\s*责\s*人|主\s*管|领\s*导|签\s*[字名]"
    r"|单位\s*[(:]|盖\s*章|分管|统计人|登记人|录入人|联系人|联系电话\s*:|日\s*期\s*:|时\s*间\s*:|注\s*\d?[:.、]|备\s*注\s*:|说\s*明\s*[:.]|附\s*[:件]|※|\*\s*注"
    r"|填写说明|注意|请于|以上|此表|本表|第\s*\d+\s*页|共\s*\d+\s*页|[—-]+\s*(以下)?(空白|无)|以下(空白|无正文))"
)
_NOBODY = re.compile(
    r"^(无|没有|无人|空|空户|空挂户|外出|外出未归|未归|未返|无此人|搬走|已搬走|查无此人|不详|未知|同上|〃|姓名|/|-+|…+|\.+|—+|\*+|x+)$",
    re.I,
)
_NUMBERING = frozenset(["seq", "household_no"])


class Layout(Struct):
    """How the columns of one sheet are read."""

    columns: dict[str, list[int]]
    """Field → columns (from 0)."""
    header: Header | None
    across: dict[int, tuple[int, int]] = {}
    """Rows with a range merged across at least half of the columns."""

    def first(self, field: str) -> int:
        """The column of a field, or -1."""
        found = self.columns.get(field)
        return found[0] if found else -1


def across_rows(merges: Sequence[Merge], width: int) -> dict[int, tuple[int, int]]:
    """Rows whose cells are merged across at least half of the table: titles, sections, footers."""
    wide = max(3, (width + 1) // 2)
    return {top: (left, right) for top, left, _, right in merges if right - left + 1 >= wide}


def is_blank(row: Sequence[Cell]) -> bool:
    """Whether nothing can be read in any cell."""
    return not any(
        cell is not None and cell != "" and (not isinstance(cell, str) or cell.strip()) for cell in row
    )


def names_a_person(text: str) -> bool:
    """Whether a name cell holds something that may be a name."""
    text = text.strip()
    if not text or len(text) > 60 or _COUNT.match(text) or _NOBODY.match(text):
        return False
    if _SUBTOTAL.match(text) or _FOOTER.match(text):
        return False
    return any(char.isalpha() for char in text)


def classify(row: Sequence[Cell], at: int, layout: Layout, has_document: bool) -> RowKind:
    """The kind of row `at` (from 0). "data" still has to prove that it names somebody."""
    if is_blank(row) or has_document:
        return "data" if has_document else "blank"
    texts = [plain(cell) if isinstance(cell, str) else "" for cell in row]
    if _repeats_header(texts, layout):
        return "header"
    if any(_SUBTOTAL.match(text) for text in texts if text):
        return "subtotal"
    if any(_FOOTER.match(text) for text in texts if text):
        return "footer"
    return _thin(row, at, layout) or "data"


def _thin(row: Sequence[Cell], at: int, layout: Layout) -> RowKind | None:
    """Rows with too little in them to be a person's: titles, pre-printed numbers, counts."""
    filled = [column for column, cell in enumerate(row) if plain(cell)]
    where = layout.first("name")
    name = plain(row[where]) if 0 <= where < len(row) else ""
    numbering = {column for field in _NUMBERING for column in layout.columns.get(field, ())}
    if at in layout.across and len(filled) <= 2:
        return "title"
    if set(filled) <= numbering:
        return "blank"
    if len(filled) == 1 and not (filled[0] == where and names_a_person(name)):
        return None if _is_number_of_somebody(row, filled[0], layout) else "title"
    return "subtotal" if _COUNT.match(name) else None


def _is_number_of_somebody(row: Sequence[Cell], column: int, layout: Layout) -> bool:
    """Whether the only cell of a row is a telephone or a document: still somebody."""
    numbers = {*layout.columns.get("phone", ()), *layout.columns.get("id_no", ())}
    return column in numbers and sum(char.isdigit() for char in plain(row[column])) >= 7


def _repeats_header(texts: Sequence[str], layout: Layout) -> bool:
    """Whether most cells of a row say what the header says, or what headers usually say."""
    header = layout.header
    if header is None:
        return False
    words = header.words()
    filled = [(column, text) for column, text in enumerate(texts) if text]
    if sum(text in words or text in usual_names() for _, text in filled) < 2:
        return False
    same = named = 0
    for column, text in filled:
        group, own = header.texts[column] if column < len(header.texts) else ("", "")
        if fold(text) in (fold(own), fold(group)) or fold(text) in fold(group + own):
            same += 1
        elif len(text) <= 20 and recognise(text)[0]:
            named += 1
    return same * 10 >= len(filled) * 6 or (same + named) * 10 >= len(filled) * 8
