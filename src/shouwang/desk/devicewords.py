"""Words of phones in the field and of what they sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

Text = str | Promise

SHOWN: Mapping[str, Text] = {
    "": _("In use"),
    "gaps": _("Something is missing"),
    "clock": _("Clock is wrong"),
    "revoked": _("No longer in use"),
    "all": _("All"),
}
"""Filters of the list of phones."""

KINDS: Mapping[str, Text] = {
    "check": _("a check"),
    "visit": _("a visit to a door"),
    "arrival": _("an arrival at a post"),
}
"""What a command is."""

KEPT: Mapping[str, tuple[Text, str, Text]] = {
    "quarantined": (
        _("Kept aside"),
        "amber",
        _("It could not be taken as this person's. Take it over by your own right, or dismiss it."),
    ),
    "refused": (
        _("Did not pass"),
        "red",
        _("It was read and did not pass. Where the reason has gone, take it over; else dismiss it."),
    ),
    "conflict": (
        _("Two contents under one number"),
        "red",
        _("The first one stands. Ask whoever sent it which is right; correct the first where it is not."),
    ),
    "date": (
        _("Date in doubt"),
        "amber",
        _("The record was taken; the phone's clock was far off. Confirm the date, or correct it."),
    ),
}
"""Why an entry waits: title, colour, what to do."""

CODES: Mapping[str, Text] = {
    "not-permitted": _("the log-in may not do this there (any more)"),
    "device-revoked": _("the phone was revoked before this arrived"),
    "actor-differs": _("it was done under another log-in than the phone's"),
    "unreadable": _("it could not be opened or read"),
    "kind-unknown": _("this server does not know this kind of entry"),
    "key-unknown": _("it was sealed to a key this server does not have"),
    "hash-differs": _("its content is not what the phone signed"),
    "id-conflict": _("another content came under the same number before"),
    "date-quarantined": _("the date was told by a clock that was far off"),
}
"""Codes of the field itself; those of the rooms have their sentences."""


def kind_words(kind: str) -> str:
    """What a command is, in words."""
    return str(KINDS.get(kind, kind))


def gap_words(gaps: Sequence[tuple[int, int]], most: int = 3) -> str:
    """The numbers that are missing: "12–13, 20"."""
    told = [str(first) if first == last else f"{first}–{last}" for first, last in gaps[:most]]
    return ", ".join(told) + (" …" if len(gaps) > most else "")


def skew_words(seconds: float) -> str:
    """How far a phone's clock is off; the server's time less the phone's."""
    minutes = round(abs(seconds) / 60)
    if minutes >= 120:
        span = ngettext("{n} hour", "{n} hours", minutes // 60).format(n=minutes // 60)
    else:
        span = ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
    return (gettext("{span} slow") if seconds > 0 else gettext("{span} fast")).format(span=span)


FLAGS: Mapping[str, Text] = {
    "clock-off": _("the phone's clock was wrong"),
    "date-quarantined": _("the date is in doubt"),
}
VERDICTS: Mapping[str, Text] = {
    "accepted": _("taken over"),
    "dismissed": _("dismissed"),
    "confirmed": _("date confirmed"),
}
