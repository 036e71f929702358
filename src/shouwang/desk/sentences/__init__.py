"""Sentences of refusals that the rooms of the domain raise, by code; a file for each part of the work.

Every module here that has a `MORE` is found by itself.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from shouwang.desk.sentences.rooms import Sentence, Text

MORE: dict[str, Sentence] = {}
for _part in iter_modules(__path__):
    MORE |= import_module(f"{__name__}.{_part.name}").MORE

__all__ = ["MORE", "Sentence", "Text"]
