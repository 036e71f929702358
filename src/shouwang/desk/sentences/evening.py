"""Refusals of the evening: closing a day, tasks, forms."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.desk.sentences.rooms import Sentence

_LOOK = _("Look at what is there now, and close again.")

MORE: dict[str, Sentence] = {
    "close-out-changed": Sentence(
        _("Since you looked, something was done, came in or was closed below; nothing was closed."), _LOOK
    ),
    "items-unexplained": Sentence(
        _("{number} items have no reason yet."), _("Give each a reason, or all of a kind at once.")
    ),
    "places-not-closed": Sentence(
        _("{number} places below have not closed."), _("Wait for them, or write why you close without them.")
    ),
    "day-closed": Sentence(
        _("This day is closed already (revision {revision})."), _("Open it again first, and say why.")
    ),
    "day-not-closed": Sentence(_("This day is not closed."), _("Open the page again.")),
    "day-closed-meanwhile": Sentence(_("Somebody else closed this day in the same moment."), _LOOK),
    "carry-reason-unknown": Sentence(
        _("There is no such reason in the pack."), _("Choose one from the list.")
    ),
    "carry-note-missing": Sentence(
        _("This reason says nothing by itself."), _("Write in a few words what it was.")
    ),
    "nothing-to-explain": Sentence(
        _("Nothing of this kind is chosen, or nothing is left without a reason."),
        _("Tick the items, or open the page again."),
    ),
    "gap-unknown": Sentence(_("There is no such kind of work: {kind}.")),
    "gap-not-found": Sentence(_("There is no such list.")),
    "task-empty": Sentence(_("The task says nothing."), _("Write what is to be done.")),
    "task-due-past": Sentence(
        _("The hour by which it must be done is missing or already over."), _("Choose a later one.")
    ),
    "task-conflict": Sentence(
        _("Another task was sent under the same number."), _("Open the page again and write it anew.")
    ),
    "task-not-found": Sentence(_("There is no such task here.")),
    "task-marked": Sentence(_("What became of this task is written already.")),
    "task-outcome-unknown": Sentence(_("It must be said whether it was done or dropped.")),
    "template-too-large": Sentence(
        _("The template is too large ({bytes} bytes)."), _("Leave pictures out; 2 MB is the most.")
    ),
    "template-unusable": Sentence(
        _("Word opens this file, but no report can be made from it: {why}"),
        _("Take the present template, change it and send it again. The one before stays in force."),
    ),
}
