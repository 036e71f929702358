"""A pack read as a regulation: sentences in three languages, each with its source and its day."""

from shouwang.packs.words.entries import value_words
from shouwang.packs.words.fieldwork import at_the_door
from shouwang.packs.words.regulation import Section, diff, lines, regulation
from shouwang.packs.words.sentence import Sentence

__all__ = ["Section", "Sentence", "at_the_door", "diff", "lines", "regulation", "value_words"]
