"""What an event of the journal noted, in words: an auditor reads it, not a programmer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.desk.dates import day_words
from shouwang.desk.sentences.rooms import Text
from shouwang.desk.words.journal import role_words
from shouwang.desk.words.observing import CHANNELS
from shouwang.desk.words.persons import FIELDS

NOTED: dict[str, Text] = {
    "reason": _("reason"),
    "purpose": _("for what"),
    "people": _("which people"),
    "day": _("date"),
    "kind": _("kind"),
    "to": _("to"),
    "from": _("what was before"),
    "count": _("how many"),
    "new": _("newly added"),
    "assignments": _("assignments"),
    "code": _("code"),
    "rows": _("rows"),
    "shifts": _("shifts"),
    "role": _("role"),
    "revision": _("revision"),
    "field": _("which field"),
    "digest": _("fingerprint"),
    "hash": _("fingerprint"),
    "payload_hash": _("fingerprint of the request"),
    "corrects": _("instead of"),
    "instead_of": _("instead of"),
    "user": _("log-in"),
    "until": _("until"),
    "trip": _("journey"),
    "source": _("source"),
    "script": _("script"),
    "request": _("request"),
    "outcome": _("outcome"),
    "number": _("number"),
    "numbers": _("numbers"),
    "name": _("the name"),
    "how": _("in what way"),
    "due": _("to be done by"),
    "due_at": _("to be done by"),
    "due_on": _("to be done by"),
    "doors": _("doors"),
    "closed": _("Closed"),
    "check": _("Check"),
    "checks": _("checks"),
    "channel": _("channel"),
    "appointment": _("appointment"),
    "added": _("added"),
    "workers": _("workers"),
    "version": _("revision"),
    "vacant": _("vacant"),
    "title": _("title"),
    "through": _("through whom"),
    "tests": _("tests"),
    "test": _("test"),
    "templates": _("kinds of message"),
    "statement": _("statement"),
    "state": _("state"),
    "starts": _("starts at"),
    "stand_in": _("stand-in"),
    "stale": _("no longer true"),
    "stage": _("stage"),
    "slots": _("places to fill"),
    "size": _("size"),
    "bytes": _("size"),
    "server_seq": _("number of the last entry inside"),
    "serial": _("serial number"),
    "replaced": _("replaced"),
    "record": _("Record"),
    "printed": _("printed"),
    "owner": _("owner"),
    "origin": _("origin"),
    "ordinal": _("which round"),
    "only_left": _("only what the last round left"),
    "note": _("note"),
    "named": _("named"),
    "moved": _("Moved"),
    "moves": _("from where to where"),
    "method": _("method"),
    "messages": _("messages"),
    "media": _("kind of file"),
    "mark": _("mark"),
    "lines": _("lines"),
    "level": _("level"),
    "late": _("was late"),
    "lapsed": _("Lapsed"),
    "lab": _("laboratory"),
    "judged": _("judged"),
    "changed": _("changed"),
    "renewed": _("renewed"),
    "items": _("items"),
    "issued": _("issued"),
    "revoked": _("how many revoked"),
    "ids": _("whom or what"),
    "households": _("households"),
    "groups": _("groups"),
    "format": _("format"),
    "form": _("form"),
    "files": _("files"),
    "file": _("file"),
    "facts": _("facts"),
    "found_late": _("Found late"),
    "exposure": _("contact"),
    "events": _("events"),
    "dropped": _("Dropped"),
    "door": _("door"),
    "discharge": _("discharge"),
    "decisions": _("decisions"),
    "corrected": _("corrected"),
    "conflicts": _("contradictions"),
    "cause": _("cause"),
    "cancelled": _("how many cancelled"),
    "before": _("before"),
    "after": _("after"),
    "built_in": _("back to what came with it"),
    "attempts": _("attempts"),
    "arrival": _("Arrival"),
    "arrivals": _("arrivals"),
    "app": _("version of the app"),
    "answers": _("answers"),
    "alert": _("alarm"),
    "alerts": _("alarms"),
    "again": _("once more"),
    "accepted": _("Accepted"),
    "about": _("about what"),
    "abnormal": _("abnormal"),
    "recorded": _("recorded"),
    "repeats": _("repeats"),
    "papers": _("papers"),
    "told": _("told"),
    "ledger": _("ledger"),
    "full": _("in full"),
    "proposal": _("staffing proposal"),
    "group": _("chat group"),
    "reach": _("person to reach"),
    "person": _("person"),
    "searched": _("narrowed by a search"),
    "village": _("which village"),
    "category": _("which category"),
    "pack": _("which pack"),
    "in_force_from": _("in force from"),
    "role_set": _("set of roles"),
    "unit": _("of which unit"),
    "commands": _("number of entries"),
    "refused": _("number turned down"),
    "quarantined": _("number kept back"),
    "first": _("first number"),
    "removed": _("number taken out"),
    "known": _("known before"),
    "to_verify": _("values to verify"),
    "not_usable": _("lines not usable"),
    "left": _("what is left"),
    "without": _("what was left out"),
}
"""Keys of what events note; a contract test finds one without words."""

SHOWN = 3
"""Of a longer list only the length is told: an export names every person it holds."""
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LONG = 20
_VOCABULARIES: dict[str, Mapping[str, Text]] = {"field": FIELDS, "channel": CHANNELS}


def number_of(subject: object) -> str:
    """The short number of a thing: the end of its id, which chance made; nothing where it is no such id."""
    try:
        return UUID(str(subject)).hex[-6:].upper()
    except ValueError:
        return ""


def noted(payload: Mapping[str, object]) -> list[tuple[str, str]]:
    """What was noted, line by line; what is empty is left out."""
    return list(_lines(payload))


def _lines(payload: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for key, value in payload.items():
        text = _value(key, value)
        if text:
            yield str(NOTED.get(key, key)), text


def _value(key: str, value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, Mapping):
        return "；".join(f"{label}：{text}" for label, text in _lines(value))
    if isinstance(value, list):
        if len(value) > SHOWN:
            return gettext("{n} in all").format(n=len(value))
        return "、".join(filter(None, (_value(key, one) for one in value)))
    return _text(key, str(value))


def _text(key: str, text: str) -> str:
    if key == "role":
        return role_words(text)
    known = _VOCABULARIES.get(key, {}).get(text)
    if known is not None:
        return str(known)
    try:
        if _INSTANT.match(text):
            at = datetime.fromisoformat(text).astimezone(timezone.get_current_timezone())
            return f"{day_words(at.date(), weekday=False)} {at:%H:%M}"
        if _DAY.fullmatch(text):
            return day_words(date.fromisoformat(text), weekday=False)
    except ValueError:
        pass
    return number_of(text) or (f"{text[:_LONG]}…" if len(text) > 2 * _LONG and text.isalnum() else text)
