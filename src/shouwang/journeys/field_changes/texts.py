"""Texts as documents carry them: in three languages, the telephone chooses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from django.utils.translation import gettext, override

from shouwang.kernel.areas import village_of
from shouwang.kernel.days import local_time
from shouwang.packs.schema import Lang, Texts
from shouwang.places.queries import names_of
from shouwang.places.rules import full_name, village_name

Doc = dict[str, object]
"""One document: plain data."""
Titles = dict[str, str]

LANGUAGES: tuple[tuple[str, Lang], ...] = (("zh-Hans", "zh-hans"), ("zh-Hant", "zh-hant"), ("en", "en"))


def titles(texts: Texts) -> Titles:
    """A pack's text in the three languages."""
    return {
        "zh-Hans": texts.text("zh-hans"),
        "zh-Hant": texts.text("zh-hant"),
        "en": texts.text("en"),
    }


@cache
def own_titles(message: str) -> Titles:
    """A text of the product in the three languages."""
    told = {}
    for name, code in LANGUAGES:
        with override(code):
            told[name] = gettext(message)
    return told


def clock(instant: datetime, zone: str) -> str:
    """An instant on the wall clock of a place, with its offset."""
    return local_time(instant, zone).isoformat()


def spoken_names(areas: Iterable[str]) -> dict[str, str]:
    """Path → the place as people say it; a grid with its village: 海螺村第一网格. One query."""
    paths = {area for area in areas if area}
    names = names_of(sorted(paths | {village_of(path) for path in paths}))
    told = {path: village_name(name) for path, name in names.items()}
    return {path: full_name(told, path) for path in paths}
