"""Translations: find msgids, merge them into the catalogues, compile, check. Development and set-up.

    python tools/messages.py extract    new msgids into every zh_Hans catalogue, those gone out of it
    python tools/messages.py compile    .po → .mo (set-up; nothing but Babel is needed)
    python tools/messages.py check      every msgid has a sound entry in every language; exit 1 if not

zh_Hans is written by hand; zh_Hant and en come from `tools/hant.py`.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "shouwang"
LANGUAGES = ("zh_Hans", "zh_Hant", "en")
SINGLE = {"gettext", "gettext_lazy", "_", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]*\}")
CALL = re.compile(r"\b(n?)gettext\(u?((?:'(?:[^'\\]|\\.)*')|(?:\"(?:[^\"\\]|\\.)*\"))(?:,\s*u?((?:'(?:[^'\\]|\\.)*')|(?:\"(?:[^\"\\]|\\.)*\")))?")
MessageId = str | tuple[str, str]


def rooms() -> list[Path]:
    """Rooms that have words of their own."""
    return sorted(p.parent for p in PACKAGE.glob("*/locale"))


def python_ids(source: str) -> Iterator[MessageId]:
    """Msgids of gettext calls in Python."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        words = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if name in SINGLE and words:
            yield words[0]
        elif name in PLURAL and len(words) >= 2:
            yield words[0], words[1]


def template_ids(source: str) -> Iterator[MessageId]:
    """Msgids of translate and blocktranslate tags."""
    from django.utils.translation.template import templatize

    for plural, first, second in CALL.findall(templatize(source)):
        one = ast.literal_eval(first)
        yield (one, ast.literal_eval(second)) if plural and second else one


def data_ids(room: Path) -> Iterator[MessageId]:
    """English words that live in data, where a person reads them: roles and permissions."""
    if room.name != "desk":
        return
    tree = ast.parse((PACKAGE / "accounts" / "rules.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for line in node.body:
                if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant):
                    if getattr(line.targets[0], "id", "") in {"title", "description"}:
                        yield str(line.value.value)
        elif isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "PERMISSIONS":
            for value in getattr(node.value, "values", []):
                yield value.value


def wanted(room: Path) -> dict[MessageId, set[str]]:
    """Every msgid of a room with the files it stands in. Rooms without a catalogue belong to the desk's."""
    owners = [room]
    if room.name == "desk":
        owners += [p for p in PACKAGE.iterdir() if p.is_dir() and not (p / "locale").exists()]
    found: dict[MessageId, set[str]] = {}
    for owner in owners:
        for path in sorted([*owner.rglob("*.py"), *owner.rglob("templates/**/*.html")]):
            text = path.read_text(encoding="utf-8")
            ids = python_ids(text) if path.suffix == ".py" else template_ids(text)
            for msgid in ids:
                found.setdefault(msgid, set()).add(path.relative_to(PACKAGE).as_posix())
    for msgid in data_ids(room):
        found.setdefault(msgid, set()).add("accounts/rules.py")
    found.pop("", None)
    return found


def catalogue(room: Path, language: str) -> Catalog:
    """The catalogue of a room in a language; empty when there is none yet."""
    path = room / "locale" / language / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def save(room: Path, language: str, entries: Catalog) -> None:
    """Write a catalogue, sorted, without line numbers: they would change with every edit."""
    path = room / "locale" / language / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        write_po(stream, entries, width=0, sort_output=True, no_location=True, omit_header=False)


def fresh(language: str) -> Catalog:
    """An empty catalogue with a header that does not change by itself."""
    made = Catalog(locale=language, project="shouwang", version="1", fuzzy=False)
    made.mime_headers  # noqa: B018 - builds the header once
    return made


def extract() -> None:
    """Bring the zh_Hans catalogues in line with the code; say what has no words yet."""
    for room in rooms():
        old = catalogue(room, "zh_Hans")
        new = fresh("zh_Hans")
        for msgid in wanted(room):
            key = msgid[0] if isinstance(msgid, tuple) else msgid
            held = old.get(key)
            new.add(msgid, string=held.string if held else None)
        save(room, "zh_Hans", new)
        empty = [m.id for m in new if m.id and not _filled(m.string)]
        print(f"{room.name}: {len(new)} entries, {len(empty)} without words")
        for msgid in empty:
            print(f"    {msgid!r}")


def compile_all() -> None:
    """.po → .mo."""
    for room in rooms():
        for language in LANGUAGES:
            path = room / "locale" / language / "LC_MESSAGES" / "django.po"
            if path.exists():
                with path.with_suffix(".mo").open("wb") as stream:
                    write_mo(stream, catalogue(room, language))


def problems() -> list[str]:
    """What is missing, empty, fuzzy or has lost a placeholder."""
    told = []
    for room in rooms():
        ids = wanted(room)
        for language in LANGUAGES:
            entries = catalogue(room, language)
            where = f"{room.name}/{language}"
            for msgid in ids:
                key = msgid[0] if isinstance(msgid, tuple) else msgid
                held = entries.get(key)
                if held is None or not _filled(held.string):
                    told.append(f"{where}: no words for {key!r}")
                elif held.fuzzy:
                    told.append(f"{where}: fuzzy {key!r}")
                elif _placeholders(held.string) - _placeholders(msgid):
                    told.append(f"{where}: unknown placeholder in {key!r}")
                elif isinstance(msgid, str) and _placeholders(msgid) - _placeholders(held.string):
                    told.append(f"{where}: lost placeholder in {key!r}")
    return told


def _filled(string: object) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


def _placeholders(string: object) -> set[str]:
    parts = string if isinstance(string, tuple) else (str(string),)
    return {found for part in parts for found in PLACEHOLDER.findall(part)}


def main(argv: list[str]) -> int:
    if argv == ["extract"]:
        extract()
    elif argv == ["compile"]:
        compile_all()
    elif argv == ["check"]:
        told = problems()
        print("\n".join(told))
        return 1 if told else 0
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
