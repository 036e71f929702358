"""Translations: `compile` makes the .mo files, `check` proves that nothing is missing in three languages.

Neither needs the gettext programs: catalogues are read and written by Babel, templates by Django's own lexer.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src" / "shouwang"
LANGUAGES = ("zh_Hans", "zh_Hant", "en")
_KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}
_CALL = re.compile(r"""\b(?:_|gettext|ngettext)\(\s*(u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))""")
_COUNTED = re.compile(r"{%\s*blocktrans(?:late)? count\b[^%]*%}(.*?){%\s*plural\s*%}", re.DOTALL)
_VALUE = re.compile(r"{{\s*(\w+)\s*}}")
_PLACEHOLDER = re.compile(r"%\([a-z_0-9]+\)[sd]|(?<!\{)\{[a-z_0-9]+\}")


def catalogues() -> dict[str, dict[str, Path]]:
    """Every catalogue of the product: folder (relative) → language → path of the .po."""
    found: dict[str, dict[str, Path]] = {}
    for path in sorted(SOURCES.rglob("locale/*/LC_MESSAGES/*.po")):
        language, folder = path.parent.parent.name, path.parent.parent.parent
        found.setdefault(f"{folder.relative_to(ROOT)}:{path.stem}", {})[language] = path
    return found


def read(path: Path) -> Catalog:
    """One catalogue."""
    with path.open("rb") as stream:
        return read_po(stream, locale=path.parent.parent.name)


def compile_all() -> int:
    """Write a .mo beside every .po whose .mo is missing or older; return how many were written."""
    written = 0
    for languages in catalogues().values():
        for po in languages.values():
            mo = po.with_suffix(".mo")
            if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
                continue
            with mo.open("wb") as stream:
                write_mo(stream, read(po))
            written += 1
    return written


def used_in_sources(root: Path = SOURCES) -> dict[str, str]:
    """Every message id that code and templates name literally → where it is first used."""
    used: dict[str, str] = {}
    for path in sorted(root.rglob("*.py")):
        with path.open("rb") as stream:
            for line, message, _comments, _context in extract("python", stream, keywords=_KEYWORDS):
                for one in (message,) if isinstance(message, str) else message[:1]:
                    used.setdefault(one, f"{path.relative_to(root)}:{line}")
    for path in sorted(p for p in root.rglob("templates/**/*") if p.suffix in {".html", ".txt"}):
        for one in _used_in_template(path.read_text()):
            used.setdefault(one, str(path.relative_to(root)))
    return used


def used_as_plural(root: Path = SOURCES) -> set[str]:
    """The singular of every message that is used with a number; as a plain entry it would never be found."""
    used: set[str] = set()
    for path in root.rglob("*.py"):
        with path.open("rb") as stream:
            found = extract("python", stream, keywords=_KEYWORDS)
            used |= {message[0] for _line, message, *_ in found if isinstance(message, tuple)}
    for path in root.rglob("templates/**/*.html"):
        for text in _COUNTED.findall(path.read_text()):
            used.add(_VALUE.sub(r"%(\1)s", text))
    return used


def problems() -> Iterator[str]:
    """What is missing, one line each."""
    known: dict[str, set[str]] = {language: set() for language in LANGUAGES}
    for name, languages in catalogues().items():
        ids: dict[str, set[object]] = {}
        for language in LANGUAGES:
            if language not in languages:
                yield f"{name}: no {language}"
                continue
            catalogue = read(languages[language])
            ids[language] = {message.id for message in catalogue if message.id}
            for message in catalogue:
                if not message.id:
                    continue
                first = message.id[0] if isinstance(message.id, tuple) else message.id
                known[language].add(first)
                if (wrong := _wrong(message)) is not None:
                    yield f"{name} {language}: {first!r} {wrong}"
        for language, own in ids.items():
            for missing in set().union(*ids.values()) - own:
                yield f"{name} {language}: lacks {missing!r}"
    plural = {m.id[0] for one in catalogues().values() for m in read(one["en"]) if isinstance(m.id, tuple)}
    for message_id in sorted(used_as_plural() - plural):
        yield f"{message_id!r} is used as a plural: put it into PLURALS of tools/hant.py"
    for message_id, where in used_in_sources().items():
        for language in LANGUAGES:
            if message_id not in known[language]:
                yield f"{where}: {message_id!r} has no {language}"


def _used_in_template(text: str) -> Iterator[str]:
    from django.utils.translation.template import templatize

    for literal in _CALL.findall(templatize(text)):
        yield ast.literal_eval(literal)


def _wrong(message: Message) -> str | None:
    texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
    if message.fuzzy:
        return "is fuzzy"
    if not all(texts):
        return "is not translated"
    originals = message.id if isinstance(message.id, tuple) else (message.id,)
    wanted = set().union(*(_PLACEHOLDER.findall(one) for one in originals))
    for text in texts:
        if not set(_PLACEHOLDER.findall(text)) <= wanted:
            return f"names a value that the original does not: {text!r}"
        if len(originals) == 1 and set(_PLACEHOLDER.findall(text)) != wanted:
            return f"loses a value of the original: {text!r}"
    return None


def main(arguments: list[str]) -> int:
    """Run a sub-command; 0 when nothing is wrong."""
    match arguments:
        case ["compile"]:
            compile_all()
            return 0
        case ["check"]:
            found = list(problems())
            sys.stdout.writelines(f"{line}\n" for line in found)
            return 1 if found else 0
        case _:
            sys.stderr.write("usage: python tools/messages.py compile|check\n")
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
