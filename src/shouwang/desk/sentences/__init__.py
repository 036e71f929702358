"""Sentences of refusals that the rooms of the domain raise, by code."""

from shouwang.desk.sentences.rooms import (
    MORE,
    Sentence,
    Text,
)

__all__ = [
    "MORE",
    "Sentence",
    "Text",
]
