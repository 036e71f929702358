"""Sentences of refusals that the rooms of the domain raise, by code; a file for each part of the work."""

from shouwang.desk.sentences.rooms import Sentence, Text

__all__ = ["Sentence", "Text"]
