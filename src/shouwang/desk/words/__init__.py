"""Codes of the house in words: what the journal's verbs, problems and states are called on a page."""

from __future__ import annotations

from shouwang.desk.sentences.rooms import Text
from shouwang.desk.words.approvals import APPROVAL_KINDS, APPROVAL_STATES
from shouwang.desk.words.imports import (
    BATCH_STATES,
    COLUMNS,
    IMPORT_FIGURES,
    KINDS,
    NOTICES,
    PROBLEMS,
    problem_words,
)
from shouwang.desk.words.journal import GROUPS, SUBJECTS, VERBS, role_words, subject_words, verb_words
from shouwang.desk.words.noted import noted, number_of
from shouwang.desk.words.observing import (
    CHANNELS,
    EVENTS,
    OUTCOMES,
    REASONS,
    SEEN,
    STATES,
    WHYS,
    channel_words,
    reason_code_words,
    why_words,
)
from shouwang.desk.words.papers import PAPER_FIELDS, PAPER_STATES, PAPERS, WAYS
from shouwang.desk.words.persons import CHANGES, FIELDS, IDS, SEXES, change_words, id_words

__all__ = [
    "APPROVAL_KINDS",
    "APPROVAL_STATES",
    "BATCH_STATES",
    "CHANGES",
    "CHANNELS",
    "COLUMNS",
    "EVENTS",
    "FIELDS",
    "GROUPS",
    "IDS",
    "IMPORT_FIGURES",
    "KINDS",
    "NOTICES",
    "OUTCOMES",
    "PAPERS",
    "PAPER_FIELDS",
    "PAPER_STATES",
    "PROBLEMS",
    "REASONS",
    "SEEN",
    "SEXES",
    "STATES",
    "SUBJECTS",
    "VERBS",
    "WAYS",
    "WHYS",
    "Text",
    "change_words",
    "channel_words",
    "id_words",
    "noted",
    "number_of",
    "problem_words",
    "reason_code_words",
    "role_words",
    "subject_words",
    "verb_words",
    "why_words",
]
