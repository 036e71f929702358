"""Sentences of refusals about reaching people: attempts, appointments, calls, workers away, arrivals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.desk.sentences.rooms import Sentence

_LOOK = _("Open the page again and look at what is there now.")

MORE: dict[str, Sentence] = {
    "attempt-unreadable": Sentence(
        _("The attempt cannot be read: {field}."), _("Choose a channel and an outcome; the time has passed.")
    ),
    "attempt-not-found": Sentence(
        _("There is no such attempt to correct, or it is corrected already."), _LOOK
    ),
}
