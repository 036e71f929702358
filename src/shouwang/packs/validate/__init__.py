"""What is wrong with a pack, entry by entry: "category[1].when.all[0].stayed-in: …", in three languages."""

from __future__ import annotations

from shouwang.packs.validate.problems import Problem, problem_words
from shouwang.packs.validate.shape import schema_problems
from shouwang.packs.validate.whole import validate

__all__ = ["Problem", "problem_words", "schema_problems", "validate"]
