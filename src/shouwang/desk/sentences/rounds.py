"""Sentences of refusals of the doctor's round and of papers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.desk.sentences.rooms import Sentence

MORE: dict[str, Sentence] = {
    "round-empty": Sentence(
        _("Nobody is due on this round."), _("Whom to see later today stands under To do.")
    ),
    "sheet-not-found": Sentence(_("There is no such round sheet here."), _("Look at the number on the paper again.")),
    "line-unknown": Sentence(_("The sheet has no line {line}.")),
    "symptom-key-unknown": Sentence(
        _("“{key}” is no number of a symptom on the sheet."), _("The numbers stand above the lines.")
    ),
    "hours-unreadable": Sentence(_("“{value}” is not an hour."), _("Write it as 9:30.")),
    "speed-unreadable": Sentence(_("“{value}” is not a speed."), _("Write whole kilometres an hour, 1 to 60.")),
}
