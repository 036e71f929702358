"""What a how-to calls a button, a field or a list is what the page calls it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import allauth
import pytest
from babel.messages.pofile import read_po
from tools import messages

from tests.contracts.source import ROOT

PACKAGE = ROOT / "src" / "shouwang"
FIELD_WORDS = ROOT / "web" / "apps" / "field" / "src" / "words"
HOW_TO = {language: sorted((ROOT / "docs" / language / "how-to").glob("*.md")) for language in ("zh", "en")}
_QUOTED = re.compile("“([^”]{1,60})”")
_CHANGING = re.compile(r"\{[^}]*\}|%\(\w+\)[sd]|\d+|…|某某|[＋−]|\s+")
"""What stands for something else on every page: placeholders, numbers, anybody's name; signs; and spaces."""


def _plain(text: str) -> str:
    return _CHANGING.sub("", text)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


@cache
def _said(language: str) -> tuple[str, ...]:
    """Everything the desk, the papers, the field app, the packs, the log-in and what is sent say in a language."""
    found: list[str] = []
    for languages in messages.catalogues().values():
        for message in messages.read(languages["zh_Hans"]):
            found += _texts(message.string if language == "zh" else message.id)
            if language == "en" and isinstance(message.id, tuple):
                found += message.id
    if language == "zh":
        log_in = Path(allauth.__file__).parent / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
        with log_in.open("rb") as words:
            found += [text for message in read_po(words) for text in _texts(message.string)]
    app = FIELD_WORDS / {"zh": "zh-Hans.json", "en": "en.json"}[language]
    found += _texts(json.loads(app.read_text()))
    written = [*PACKAGE.joinpath("packs").rglob("*.toml"), PACKAGE / "outreach" / "rules" / "messages.py"]
    files = tuple(re.sub(r"\d+|\s+", "", path.read_text()) for path in written)
    return tuple(_plain(text) for text in found) + files


@pytest.mark.parametrize(
    ("language", "page"),
    [pytest.param(lang, page, id=f"{lang}-{page.stem}") for lang, pages in HOW_TO.items() for page in pages],
)
def test_a_name_in_quotes_stands_on_a_page(language: str, page: Path) -> None:
    named = _QUOTED.findall(page.read_text())
    unknown = [name for name in named if not any(_plain(name) in text for text in _said(language))]
    assert not unknown, f"{page.name}: {unknown}"
