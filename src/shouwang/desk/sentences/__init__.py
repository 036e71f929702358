"""Sentences of refusals that the rooms of the domain raise, by code."""

from shouwang.desk.sentences import rooms, rounds
from shouwang.desk.sentences.rooms import (
    Sentence,
    Text,
)

MORE: dict[str, Sentence] = {**rooms.MORE, **rounds.MORE}

__all__ = [
    "MORE",
    "Sentence",
    "Text",
]
