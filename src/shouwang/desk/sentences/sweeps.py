"""Sentences of refusals about rounds and visits to doors."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.desk.sentences.rooms import Sentence

_LIST = _("Choose one from the list.")

MORE: dict[str, Sentence] = {
    "sweep-not-found": Sentence(_("There is no such round.")),
    "sweep-closed": Sentence(
        _("This round is closed."),
        _("Visits made before it was closed are still taken in; for others open the next round."),
    ),
    "sweep-due-past": Sentence(_("The due date lies in the past."), _("Choose today or a later day.")),
    "sweep-open-already": Sentence(
        _("Another round over the same doors is still open: {place} {name}"),
        _("Close it first; what it missed goes over to the next round."),
    ),
    "sweep-no-doors": Sentence(
        _("No door and no household is known there."), _("Import the register of the place first.")
    ),
    "sweep-sheet-too-long": Sentence(
        _("{doors} doors are more than one print may hold."), _("Choose a village or a grid, and print that.")
    ),
    "door-not-found": Sentence(_("There is no such door on the list of this round.")),
    "door-address-missing": Sentence(
        _("The address names no door."), _("Write it as people say it: 3组15号, 2栋1单元3-2.")
    ),
    "visit-not-found": Sentence(_("There is no such visit.")),
    "visit-outcome-unknown": Sentence(
        _("There is no such outcome of a visit."), _("Type a key from 1 to 6.")
    ),
    "visit-in-future": Sentence(_("The visit lies in the future."), _("Look at the day and the time.")),
    "visit-before-round": Sentence(
        _("The visit was before this round was opened."), _("Look at the day and the time.")
    ),
    "visit-people-impossible": Sentence(
        _("That number of people cannot be right."),
        _("Count everybody met, those ticked by name among them."),
    ),
    "visit-people-not-met": Sentence(
        _("People are counted only where somebody was met."), _("Leave the number out, or choose met.")
    ),
    "visit-differs": Sentence(
        _("This visit was sent before with another content. The first stands; both are kept."),
        _("If the first is wrong, correct it."),
    ),
    "visit-corrected-already": Sentence(
        _("This visit was corrected already."), _("Correct the visit that stands in its place.")
    ),
    "visit-unreadable": Sentence(_("This row cannot be read: {field}."), _("Look at what was typed.")),
    "too-many-visits": Sentence(_("More than {most} visits in one call."), _("Send them in parts.")),
    "level-unknown": Sentence(_("There is no such way to group places."), _LIST),
}
