"""Bring the catalogues in line with the code, and make Traditional Chinese and English. Development time.

    python tools/hant.py

New msgids that no other room's catalogue holds go into the desk's zh_Hans, without words: write them by hand
and run it again. zh_Hant is OpenCC's s2twp (characters and Taiwan's words); en is the msgid itself, unless an
entry carries the comment "by hand".
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from messages import ROOT, SOURCES, catalogues, read, used_in_sources
from opencc import OpenCC

DESK = SOURCES / "desk" / "locale"
FIELD = ROOT / "web" / "apps" / "field" / "src" / "words"
"""The field app's own catalogues: zh-Hans.json and en.json by hand, zh-Hant.json from here."""


PLURALS: dict[str, tuple[str, str]] = {
    one: (one, many)
    for one, many in (
        ("{n} day", "{n} days"),
        ("{n} person now lives in {place}.", "{n} people now live in {place}."),
        ("My %(n)s household", "My %(n)s households"),
        ("%(n)s post vacant", "%(n)s posts vacant"),
        ("%(n)s line refused", "%(n)s lines refused"),
        ("%(n)s door", "%(n)s doors"),
        ("%(n)s sample to take", "%(n)s samples to take"),
        ("%(n)s hand-over waits for your answer", "%(n)s hand-overs wait for your answer"),
        ("%(n)s in no grid", "%(n)s in no grid"),
        ("%(n)s line was not taken", "%(n)s lines were not taken"),
        (
            "%(n)s household has an address, but no door on this list.",
            "%(n)s households have an address, but no door on this list.",
        ),
        (
            "%(n)s household has no address and stays with the village.",
            "%(n)s households have no address and stay with the village.",
        ),
        ("{n} household has its door now.", "{n} households have their door now."),
        ("%(n)s alarm", "%(n)s alarms"),
        ("%(n)s alarm of a watch", "%(n)s alarms of watches"),
        ("%(n)s gap this week", "%(n)s gaps this week"),
        ("%(n)s alarm", "%(n)s alarms"),
        ("%(n)s alarm of a watch", "%(n)s alarms of watches"),
        ("%(n)s gap this week", "%(n)s gaps this week"),
        ("%(n)s post vacant", "%(n)s posts vacant"),
        ("%(n)s line refused", "%(n)s lines refused"),
        ("%(n)s day left", "%(n)s days left"),
        ("%(n)s grid without an owner", "%(n)s grids without an owner"),
        ("%(n)s person", "%(n)s people"),
        ("%(n)s person met", "%(n)s different people met"),
        ("%(n)s member", "%(n)s members"),
        ("%(n)s entry missing", "%(n)s entries missing"),
        ("{n} hour", "{n} hours"),
        ("{n} minute", "{n} minutes"),
        ("%(n)s person is in 20 groups or more", "%(n)s people are in 20 groups or more"),
        (
            "%(n)s channel has stopped: people are not told.",
            "%(n)s channels have stopped: people are not told.",
        ),
        (
            "%(n)s message did not arrive, or nobody knows.",
            "%(n)s messages did not arrive, or nobody knows.",
        ),
        ("The team is taken off; {n} person is free.", "The team is taken off; {n} people are free."),
        ("and %(n)s more line", "and %(n)s more lines"),
        ("The team is taken off; {n} person is free.", "The team is taken off; {n} people are free."),
        ("and %(n)s more line", "and %(n)s more lines"),
        (
            "{n} line cannot be taken. Nobody was enlisted yet.",
            "{n} lines cannot be taken. Nobody was enlisted yet.",
        ),
        (
            "Since the day was closed, %(n)s figure has become another; it stands beside the closed one.",
            "Since the day was closed, %(n)s figures have become others; they stand beside the closed ones.",
        ),
    )
}
_CHINESE = "nplurals=1; plural=0;"
HEADERS = {
    language: (
        ("Language", language),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
        ("Plural-Forms", "nplurals=2; plural=(n != 1);" if language == "en" else _CHINESE),
    )
    for language in ("zh_Hans", "zh_Hant", "en")
}


def data_words() -> set[str]:
    """English words that live in data and are shown: titles and descriptions of roles, permissions."""
    found: set[str] = set()
    tree = ast.parse((SOURCES / "accounts" / "rules.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            found |= {
                str(line.value.value)
                for line in node.body
                if isinstance(line, ast.Assign)
                and isinstance(line.value, ast.Constant)
                and getattr(line.targets[0], "id", "") in {"title", "description"}
            }
        elif isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "PERMISSIONS":
            found |= {str(value.value) for value in getattr(node.value, "values", [])}
    return found


def save(folder: Path, language: str, entries: Catalog) -> None:
    """Write a catalogue, sorted, without line numbers: they would change with every edit."""
    path = folder / language / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        write_po(stream, entries, width=0, sort_output=True, no_location=True, omit_header=True)
        stream.flush()
    text = path.read_text(encoding="utf-8")
    head = "".join(f'"{name}: {value}\\n"\n' for name, value in HEADERS[language])
    path.write_text(f'msgid ""\nmsgstr ""\n{head}\n{text}', encoding="utf-8")


def first(message_id: object) -> str:
    """The singular of a msgid."""
    return str(message_id[0]) if isinstance(message_id, tuple | list) else str(message_id)


def merge_desk() -> list[str]:
    """The desk's zh_Hans with every msgid nobody else holds; returns those without words."""
    elsewhere = {
        first(message.id)
        for name, languages in catalogues().items()
        if "/desk/" not in name and "zh_Hans" in languages
        for message in read(languages["zh_Hans"])
    }
    path = DESK / "zh_Hans" / "LC_MESSAGES" / "django.po"
    old = read(path) if path.exists() else Catalog(locale="zh_Hans")
    plurals = {first(m.id): m.id for m in old if isinstance(m.id, tuple | list)}
    plurals |= PLURALS
    new = Catalog(locale="zh_Hans")
    for one in sorted((set(used_in_sources()) | data_words()) - elsewhere):
        held = old.get(one)
        words = held.string if held else None
        new.add(plurals.get(one, one), string=words or None)
    save(DESK, "zh_Hans", new)
    return [first(m.id) for m in new if m.id and not any(m.string or ())]


def derive(folder: Path, source: Catalog, english: Catalog | None) -> None:
    """zh_Hant and en of one folder."""
    convert = OpenCC("s2twp").convert
    hant, en = Catalog(locale="zh_Hant"), Catalog(locale="en")
    for message in source:
        if not message.id:
            continue
        words = message.string
        many = isinstance(message.id, tuple | list)
        hant.add(message.id, string=tuple(map(convert, words)) if many else convert(words))
        held = english.get(first(message.id)) if english else None
        own = held is not None and "by hand" in held.user_comments
        en.add(
            message.id,
            string=held.string if own and held else message.id,
            user_comments=["by hand"] if own else [],
        )
    save(folder, "zh_Hant", hant)
    save(folder, "en", en)


def derive_field(words: dict[str, Any]) -> dict[str, Any]:
    """The field app's words in Traditional Chinese, key by key."""
    convert = OpenCC("s2twp").convert
    return {
        key: derive_field(value) if isinstance(value, dict) else convert(value)
        for key, value in words.items()
    }


def main() -> None:
    """Merge, derive, and say what still has no words."""
    for msgid in merge_desk():
        print(f"no words yet: {msgid!r}")
    for languages in catalogues().values():
        if path := languages.get("zh_Hans"):
            english = read(languages["en"]) if "en" in languages else None
            derive(path.parent.parent.parent, read(path), english)
    field = derive_field(json.loads((FIELD / "zh-Hans.json").read_text(encoding="utf-8")))
    told = json.dumps(field, ensure_ascii=False, indent=2) + "\n"
    (FIELD / "zh-Hant.json").write_text(told, encoding="utf-8")


if __name__ == "__main__":
    main()
