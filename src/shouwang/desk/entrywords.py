"""What a phone sent, in words: a check, a visit, an arrival, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.desk.labwords import THERMOMETERS, WITNESSES
from shouwang.desk.sweepwords import VISITS
from shouwang.desk.words import CHANNELS, OUTCOMES, SEEN

Text = str | Promise

FIELDS: Mapping[str, Text] = {
    "outcome": _("What came of it"),
    "deci": _("Temperature"),
    "symptoms": _("Symptoms"),
    "channel": _("How"),
    "seen": _("Who was seen"),
    "roles": _("In which roles"),
    "thermometer": _("Thermometer"),
    "witness": _("Who saw the reading"),
    "people": _("People met"),
    "found": _("Found on no register"),
    "name": _("Name"),
    "from": _("Where from"),
    "plate": _("Plate or number"),
    "address": _("Address"),
    "note": _("Note"),
    "reason": _("Reason"),
}
"""What is shown of an entry, in this order; ids and full numbers are not."""
_CODES: Mapping[str, Mapping[str, Text]] = {
    "channel": CHANNELS,
    "outcome": {**OUTCOMES, **VISITS},
    "seen": SEEN,
    "thermometer": THERMOMETERS,
    "witness": WITNESSES,
}


def content_words(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(field, what it says) of everything that says something."""
    told = []
    for name, title in FIELDS.items():
        said = _said(name, content.get(name))
        if said:
            told.append((str(title), said))
    return told


def _said(name: str, value: Any) -> str:
    if value in (None, "", [], ()):
        return ""
    if name == "deci":
        return f"{value // 10}.{value % 10} ℃"
    if name == "found":
        return gettext("{n} people").format(n=len(value))
    if isinstance(value, list | tuple):
        return "、".join(str(one) for one in value)
    return str(_CODES.get(name, {}).get(str(value), value))
