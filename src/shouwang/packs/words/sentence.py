"""One sentence of the regulation, and what sentences are put together with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shouwang.packs.conditions.words import pick
from shouwang.packs.schema import (
    Lang,
    Texts,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; `entry` is the path of what it tells, `since` the day from which it holds.

    `source` says where it comes from, `convention` that the choice is ours, and why.
    """

    entry: str
    text: str
    source: str = ""
    since: date | None = None
    convention: str = ""


def title_of(title: Texts | None, code: str, lang: Lang) -> str:
    """The title, or the code where there is none."""
    return title.text(lang) if title else code


def fill(texts: tuple[str, str, str], lang: Lang, **given: object) -> str:
    """The template of `lang` with its values."""
    return pick(texts, lang).format(**given)


def text_of(texts: Texts | None, lang: Lang) -> str:
    """The text, empty where there is none."""
    return texts.text(lang) if texts else ""


def listed(parts: list[str], lang: Lang) -> str:
    """Parts in a row, as `lang` writes them."""
    return (", " if lang == "en" else "、").join(parts)
