"""Whom to reach, in words: the codes of attempts, calls, workers away and arrivals, and who a subject is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.desk.packwords import language
from shouwang.desk.words import PROBLEMS, SUBJECTS
from shouwang.kernel.scope import Scope
from shouwang.packs.schema import Pack, Question, Script
from shouwang.people.queries import households_by_ids, people_by_ids
from shouwang.places.queries import dwelling_labels
from shouwang.screening.queries import StatementRow, arrivals_by_ids

Text = str | Promise
CHANNELS: dict[str, Text] = {
    "door": _("at the door"),
    "form": _("a form left"),
    "phone": _("by telephone"),
    "appointment": _("by appointment"),
    "": _("a person decides"),
}
OUTCOMES: dict[str, dict[str, Text]] = {
    "door": {
        "met": _("met"),
        "not-home": _("nobody at home"),
        "refused": _("refused"),
        "cannot-locate": _("door cannot be found"),
        "moved": _("moved away"),
    },
    "form": {"left": _("form left"), "filled": _("form filled in")},
    "phone": {
        "no-answer": _("no answer"),
        "wrong-number": _("wrong number"),
        "refused": _("refused"),
        "answered": _("answered"),
    },
}
ALL_OUTCOMES: dict[str, Text] = {
    **{code: words for some in OUTCOMES.values() for code, words in some.items()},
    "vacant": _("nobody lives there"),
    "kept": _("appointment kept"),
    "missed": _("appointment missed"),
}
PURPOSES: dict[str, Text] = {
    "sweep": _("sweep"),
    "away": _("coming home"),
    "away-home": _("family of a worker away"),
    "arrival": _("arrived"),
}
AWAY: dict[str, Text] = {
    "not-asked": _("not asked yet"),
    "deferred": _("stays away"),
    "returning": _("returns on a day"),
    "undecided": _("undecided"),
    "returned": _("is home"),
}
AWAY_FIGURES: dict[str, Text] = {"listed": _("away"), **AWAY, "left-at-home": _("families to visit")}
POSTS: dict[str, Text] = {
    "road": _("checkpoint"),
    "station": _("station"),
    "wharf": _("wharf"),
    "entrance": _("village entrance"),
}
SOURCES: dict[str, Text] = {
    "call": _("asked by telephone"),
    "self": _("rang by themselves"),
    "door": _("asked at the door"),
    "form": _("filled in a form"),
}
FACTS: dict[str, Text] = {
    "trip": _("a journey was recorded"),
    "exposure": _("a contact was recorded"),
    "check": _("a check was recorded"),
    "verify": _("put on the to-verify list"),
    "away": _("noted with the workers away"),
    "visits": _("family is to be visited"),
}
YES_NO: dict[str, Text] = {"yes": _("yes"), "no": _("no"), "unknown": _("not known")}
PROBLEMS |= {
    "contact-told": _("a contact was told on the telephone"),
    "household-observed": _("says that somebody at home is under observation"),
    "symptoms-told": _("symptoms were told on the telephone"),
    "returned-untold": _("day of return was not told"),
    "told-otherwise": _("an earlier answer was taken back"),
}
SUBJECTS |= {"reach": _("call"), "post": _("post"), "arrival": _("arrival"), "dwelling": _("door")}


class _Named(Protocol):
    """A row that names a subject."""

    @property
    def subject_kind(self) -> str: ...
    @property
    def subject_id(self) -> UUID: ...


@dataclass(frozen=True, slots=True)
class Subject:
    """Who or what is to be reached, as a list shows it."""

    name: str
    address: str = ""
    phone_masked: str = ""
    kind: str = ""
    id: UUID | None = None


def subjects(scope: Scope, rows: Iterable[_Named]) -> dict[UUID, Subject]:
    """The subjects of these rows as far as they are in sight. At most seven queries, however many."""
    ids: dict[str, list[UUID]] = {}
    for row in rows:
        ids.setdefault(row.subject_kind, []).append(row.subject_id)
    found: dict[UUID, Subject] = {}
    for person in people_by_ids(scope, ids["person"]) if "person" in ids else ():
        found[person.id] = Subject(person.name, person.address, person.phone_masked, "person", person.id)
    for home in households_by_ids(scope, ids["household"]) if "household" in ids else ():
        found[home.id] = Subject(home.head_name or "—", home.address, "", "household", home.id)
    for door, label in dwelling_labels(scope, ids["dwelling"]).items() if "dwelling" in ids else ():
        found[door] = Subject(label, "", "", "dwelling", door)
    for one in arrivals_by_ids(scope, ids["arrival"]) if "arrival" in ids else ():
        found[one.id] = Subject(one.name or one.plate, one.address, one.telephone_masked, "arrival", one.id)
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as the page asks it. `choices`: (code, words, is it chosen)."""

    code: str
    text: str
    kind: str
    choices: tuple[tuple[str, str, bool], ...] = ()
    value: str = ""
    after: str = ""
    after_answers: str = ""


def asked(script: Script, pack: Pack, sent: dict[str, list[str]]) -> list[Asked]:
    """The questions of a script with what was answered so far."""
    return [_asked(question, pack, sent.get(question.code, [])) for question in script.questions]


def _asked(question: Question, pack: Pack, said: Sequence[str]) -> Asked:
    lang = language()
    titles: dict[str, str] = {}
    if question.kind == "yes-no":
        titles = {code: str(words) for code, words in YES_NO.items()}
    elif question.kind == "choice":
        titles = {choice.code: choice.title.text(lang) for choice in question.choices}
    elif question.kind == "symptoms":
        titles = {"none": gettext("none"), **{s.code: s.title.text(lang) for s in pack.symptoms}}
    after = question.only_after
    return Asked(
        question.code,
        question.text.text(lang),
        question.kind,
        tuple((code, title, code in said) for code, title in titles.items()),
        said[0] if said else "",
        after.question if after else "",
        " ".join(after.answer) if after else "",
    )


def answers_told(row: StatementRow, pack: Pack) -> list[tuple[str, str]]:
    """(question, answer) of a statement in words."""
    script = next((one for one in pack.scripts if one.code == row.script), None)
    if script is None:
        return list(row.answers.items())
    told = []
    for question in script.questions:
        if (answer := row.answers.get(question.code)) is not None:
            told.append((question.text.text(language()), _answer(question, answer, pack)))
    return told


def _answer(question: Question, answer: str, pack: Pack) -> str:
    titles = {code: title for code, title, _ in _asked(question, pack, []).choices}
    if question.kind == "temperature":
        return f"{answer[:-1]}.{answer[-1]} ℃"
    if question.kind == "symptoms":
        return "、".join(titles.get(code, code) for code in answer.split(","))
    return titles.get(answer, answer)


def script_titles(pack: Pack) -> dict[str, str]:
    """Script code → title."""
    return {script.code: script.title.text(language()) for script in pack.scripts}


def purpose_words(code: str, pack: Pack | None = None) -> str:
    """What somebody is to be reached for: one of ours, or a script of the pack."""
    if code in PURPOSES:
        return str(PURPOSES[code])
    return script_titles(pack).get(code, code) if pack else code


def outcome_words(code: str) -> str:
    """How an attempt ended."""
    return str(ALL_OUTCOMES.get(code, code))


def day_or_none(text: str) -> date | None:
    """A day from a form; anything else is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def moment_or_none(text: str, zone: object) -> datetime | None:
    """An instant from a form, on the wall clock of the page; anything else is none."""
    try:
        typed = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return typed if typed.tzinfo else typed.replace(tzinfo=zone)  # type: ignore[arg-type]
