"""Headers: which row names the columns, and which field each column is."""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

from msgspec import Struct

from shouwang.kernel.cells import Cell, plain
from shouwang.screening.reading.evidence import Evidence, weigh
from shouwang.screening.reading.shapes import ColumnGuess, ImportKind
from shouwang.screening.reading.tables import Merge

SEARCH_ROWS = 80
_TRADITIONAL = str.maketrans(
    "證電話號戶關係離還時間組別齡體溫狀況車與來歸機聯絡樓棟單從達門鄉鎮縣區備註職業籍觸種類稱個測",
    "证电话号户关系离还时间组别龄体温状况车与来归机联络楼栋单从达门乡镇县区备注职业籍触种类称个测",
)
_GENERIC = frozenset(
    ["时间", "日期", "地点", "地址", "地区", "方式", "姓名", "电话", "省", "市", "县", "区", "何地", "地"]
)


class Header(Struct, frozen=True):
    """Rows that hold the header (from 0), and for each column its group and its own text."""

    first: int
    last: int
    texts: tuple[tuple[str, str], ...]
    """(group, own text) a column; the group is "" without one."""

    @property
    def fingerprint(self) -> str:
        joined = "|".join(f"{fold(group)}/{fold(own)}" for group, own in self.texts)
        return hashlib.sha256(joined.encode()).hexdigest()[:32]

    def words(self) -> frozenset[str]:
        """Every text of the header as it stands."""
        return _words(self.texts)

    def labels(self) -> tuple[str, ...]:
        """A distinct label a column, for showing and for the correction spreadsheet."""
        seen: dict[str, int] = {}
        labels = []
        for at, (group, own) in enumerate(self.texts):
            label = re.sub(r"\s+", " ", own or group).strip() or f"#{at + 1}"
            seen[label] = seen.get(label, 0) + 1
            labels.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
        return tuple(labels)


@lru_cache(maxsize=64)
def _words(texts: tuple[tuple[str, str], ...]) -> frozenset[str]:
    return frozenset(text for pair in texts for text in pair if text)


class _Field(Struct, frozen=True):
    name: str
    names: frozenset[str]
    like: tuple[re.Pattern[str], ...]
    many: bool


def fold(text: str) -> str:
    """A header without blanks, marks, brackets' content, in simplified characters and lower case."""
    text = unicodedata.normalize("NFKC", text).translate(_TRADITIONAL).lower()
    text = re.sub(r"\s+", "", text)
    cut = re.sub(r"[(\[【〔《<].*?[)\]】〕》>]", "", text)
    return re.sub(r"[*:、,,./\\|\-_#?!。;\"'“”()()+]", "", cut or text)


@cache
def _fields() -> tuple[_Field, ...]:
    raw = tomllib.loads(resources.files(__package__).joinpath("columns.toml").read_text("utf-8"))
    return tuple(
        _Field(
            name,
            frozenset(fold(one) for one in entry.get("names", ())),
            tuple(re.compile(one) for one in entry.get("like", ())),
            bool(entry.get("many")),
        )
        for name, entry in raw.items()
    )


@cache
def may_repeat() -> frozenset[str]:
    """Fields that several columns may carry."""
    return frozenset(field.name for field in _fields() if field.many)


@cache
def usual_names() -> frozenset[str]:
    """Every whole header that the table knows."""
    return frozenset(name for field in _fields() for name in field.names)


@lru_cache(maxsize=4096)
def recognise(own: str, group: str = "") -> tuple[str, int]:
    """The field for a header and how sure (100 by name, 85 by likeness, 0 unknown)."""
    text, parent = fold(own), fold(group)
    if not text or len(text) > 24:
        return "", 0
    if parent and _named(parent) == "other-person":
        return "other-person", 90
    tries = (
        (_within_group(text, parent) if parent and text in _GENERIC else "", 90),
        (_by_name(text), 100),
        (_like(text), 85),
        (_like(parent + text) if parent else "", 70),
    )
    return next((one for one in tries if one[0]), ("", 0))


def _named(text: str) -> str:
    return _by_name(text) or _like(text)


def _by_name(text: str) -> str:
    return next((field.name for field in _fields() if text in field.names), "")


def _like(text: str) -> str:
    return next((f.name for f in _fields() if any(one.search(text) for one in f.like)), "")


def _within_group(text: str, parent: str) -> str:
    """ "时间" under "返乡情况" is the day of return, under "外出情况" the day of leaving."""
    if re.search(r"户籍|户口", parent):
        return "registered_address" if text not in ("时间", "日期") else ""
    if re.search(r"离|外出|出发", parent) and not re.search(r"返|回", parent):
        kinds = {"时间": "left_on", "日期": "left_on", "省": "origin_province", "市": "origin_city"}
        return kinds.get(text, "origin_county" if text in ("县", "区") else "origin")
    if re.search(r"返|回|来|抵|到", parent):
        kinds = {"时间": "returned_on", "日期": "returned_on", "方式": "transport", "省": "origin_province"}
        kinds |= {"市": "origin_city", "县": "origin_county", "区": "origin_county"}
        return kinds.get(text, "origin" if text not in ("姓名", "电话") else "")
    if re.search(r"居住|住址|家庭", parent) and text in ("地点", "地址", "地"):
        return "address"
    return ""


def find_header(head: Sequence[Sequence[Cell]], merges: Sequence[Merge]) -> Header | None:
    """The first row that names a person and at least two more things; None when there is none."""
    best: tuple[int, int] | None = None
    for at, row in enumerate(head[:SEARCH_ROWS]):
        found = _named_fields(row)
        if "name" not in found and "id_no" not in found:
            if len(found) < 3 or at + 1 >= len(head):
                continue
            found |= _named_fields(head[at + 1])
            if "name" not in found or not _continues(head, at, at + 1, merges):
                continue
        if len(found) >= 2 and (best is None or len(found) > best[0]):
            best = (len(found), at)
            if len(found) >= 3:
                break
    if best is None:
        return None
    first = best[1]
    last = first
    while last - first < 2 and last + 1 < len(head) and _continues(head, first, last + 1, merges):
        last += 1
    return Header(first, last, _texts(head, first, last, merges))


def _named_fields(row: Sequence[Cell]) -> set[str]:
    return {
        found
        for cell in row
        if isinstance(cell, str) and cell and len(cell) <= 40 and (found := recognise(cell.strip())[0])
    }


def _continues(head: Sequence[Sequence[Cell]], first: int, at: int, merges: Sequence[Merge]) -> bool:
    """Whether row `at` still belongs to the header that starts at `first`."""
    row = head[at]
    filled = [plain(cell) for cell in row if plain(cell)]
    if not filled or any(isinstance(cell, int | float) or not isinstance(cell, str) for cell in row):
        return False
    if any(top <= at - 1 and at <= bottom and top >= first and bottom > top for top, _, bottom, _ in merges):
        return not any(len(text) > 30 or re.search(r"\d{11}", text) for text in filled)
    if any(re.search(r"\d{4,}", text) for text in filled):
        return False
    under = [at_ for at_, cell in enumerate(row) if plain(cell) and not _cell(head[at - 1], at_)]
    beside = [at_ for at_, cell in enumerate(row) if plain(cell) and _cell(head[at - 1], at_)]
    named = sum(bool(recognise(text)[0]) or fold(text) in _GENERIC for text in filled)
    return bool(under) and named * 2 > len(filled) and len(beside) <= max(2, len(filled) // 2)


def _cell(row: Sequence[Cell], at: int) -> str:
    return plain(row[at]) if at < len(row) else ""


def _texts(
    head: Sequence[Sequence[Cell]], first: int, last: int, merges: Sequence[Merge]
) -> tuple[tuple[str, str], ...]:
    width = max(len(head[at]) for at in range(first, last + 1))
    grid = [[_cell(head[at], column) for column in range(width)] for at in range(first, last + 1)]
    for top, left, _, right in merges:
        if first <= top <= last:
            for column in range(left, min(right, width - 1) + 1):
                grid[top - first][column] = grid[top - first][left]
    if len(grid) > 1 and not any(first <= top <= last and right > left for top, left, _, right in merges):
        for upper, lower in pairwise(grid):
            for column in range(1, width):
                if not upper[column] and lower[column]:
                    upper[column] = upper[column - 1]
    texts = []
    for column in range(width):
        stack = list(dict.fromkeys(line[column] for line in grid if line[column]))
        texts.append((" ".join(stack[:-1]), stack[-1]) if stack else ("", ""))
    return tuple(texts)


def guess_columns(
    header: Header | None, width: int, sample: Sequence[Sequence[Cell]], kind: ImportKind
) -> tuple[ColumnGuess, ...]:
    """Take each column for a field: by its header, corrected by what its cells look like."""
    labels = header.labels() if header else tuple(f"#{at + 1}" for at in range(width))
    guesses: list[ColumnGuess] = []
    weights: list[Evidence] = []
    for at in range(max(width, len(labels))):
        values = [text for row in sample if (text := _cell(row, at))]
        weight = weigh([row[at] for row in sample if at < len(row)])
        group, own = header.texts[at] if header and at < len(header.texts) else ("", "")
        field, sure = recognise(own, group) if own else ("", 0)
        field, sure, reason = _corrected(field, sure, weight)
        label = labels[at] if at < len(labels) else f"#{at + 1}"
        guesses.append(ColumnGuess(at, label, field, sure, _three(values), reason))
        weights.append(weight)
    guesses = _fill_missing(guesses, weights, header, kind)
    return tuple(_only_once(guesses))


def _three(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(list(dict.fromkeys(values))[:3])


def _corrected(field: str, sure: int, weight: Evidence) -> tuple[str, int, str]:
    if field.startswith("other-") or weight.count < 3:
        return field, sure, "header" if field else ""
    strongest, share = weight.strongest()
    if field and share >= 0.8 and strongest in ("id_no", "phone") and field != strongest:
        own = weight.share(field)
        if own is None or own < 0.3:
            return strongest, 60, "values"
    if not field and share >= 0.6:
        return strongest, round(40 + 30 * share), "values"
    if field and (own := weight.share(field)) is not None and own >= 0.5:
        return field, sure, "header and values"
    return field, sure, "header" if field else ""


def _fill_missing(
    guesses: list[ColumnGuess], weights: list[Evidence], header: Header | None, kind: ImportKind
) -> list[ColumnGuess]:
    """Name, day of return and origin, when no header spoke for them."""
    taken = {guess.field for guess in guesses}
    wanted = [("name", "name", 0.8)]
    if kind == "returnees" and not (taken & {"returned_on"}):
        wanted.append(("returned_on", "date", 0.5))
    for field, evidence, least in wanted:
        free = [g for g in guesses if not g.field and (weights[g.index].share(evidence) or 0) >= least]
        if field not in taken and free:
            best = max(free, key=lambda g: (weights[g.index].share(evidence) or 0, -g.index))
            guesses[best.index] = ColumnGuess(best.index, best.header, field, 50, best.samples, "values")
    if kind == "returnees" and header and not (taken & {"origin", "origin_province", "origin_city"}):
        for guess in guesses:
            if not guess.field and fold(guess.header) in ("地点", "地区", "何地", "地"):
                guesses[guess.index] = ColumnGuess(
                    guess.index, guess.header, "origin", 50, guess.samples, "header"
                )
                break
    return guesses


def _only_once(guesses: list[ColumnGuess]) -> list[ColumnGuess]:
    best: dict[str, ColumnGuess] = {}
    for guess in guesses:
        kept = best.get(guess.field)
        if guess.field and (kept is None or guess.confidence > kept.confidence):
            best[guess.field] = guess
    return [
        guess
        if not guess.field or guess.field in may_repeat() or best[guess.field] is guess
        else ColumnGuess(guess.index, guess.header, "", 0, guess.samples, f"second:{guess.field}")
        for guess in guesses
    ]


def all_fields() -> frozenset[str]:
    """Every field that a column may be taken for."""
    return frozenset(field.name for field in _fields())


def first_name(field: str) -> str:
    """The usual Chinese header of a field."""
    raw = tomllib.loads(resources.files(__package__).joinpath("columns.toml").read_text("utf-8"))
    return str(raw[field]["names"][0])
