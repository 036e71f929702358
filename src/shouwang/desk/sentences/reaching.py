"""Sentences of refusals about reaching people: attempts, appointments, calls, workers away, arrivals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.desk.sentences.rooms import Sentence

_LOOK = _("Open the page again and look at what is there now.")
_CHOOSE = _("Choose one from the list.")

MORE: dict[str, Sentence] = {
    "call-not-yours": Sentence(
        _("This call is not yours just now."),
        _("Take it first; the number is shown to whoever makes the call."),
    ),
    "attempt-unreadable": Sentence(
        _("The attempt cannot be read: {field}."), _("Choose a channel and an outcome; the time has passed.")
    ),
    "attempt-not-found": Sentence(
        _("There is no such attempt to correct, or it is corrected already."), _LOOK
    ),
    "reach-not-found": Sentence(_("There is nobody to reach here by that address.")),
    "call-taken": Sentence(
        _("{name} is speaking with this household or number just now."), _("Take the next call.")
    ),
    "appointment-not-found": Sentence(_("There is no such appointment here.")),
    "appointment-pending": Sentence(
        _("There is an appointment already."), _("Say how it ended, or put it off, before making another.")
    ),
    "appointment-order": Sentence(
        _("The appointment ends before it begins, or has passed."), _("Choose another time.")
    ),
    "appointment-outcome": Sentence(_("An appointment is kept, missed or put off."), _CHOOSE),
    "appointment-ended": Sentence(_("It was already said how this appointment ended."), _LOOK),
    "appointment-not-yet": Sentence(
        _("The appointment has not begun, so nobody can have missed it."), _("Put it off, with a reason.")
    ),
    "answer-unreadable": Sentence(
        _("The answer “{value}” to the question “{question}” cannot be read."), _("Answer it again.")
    ),
    "statement-empty": Sentence(
        _("Nothing was answered."), _("If nobody answered the call, choose that instead.")
    ),
    "statement-unreadable": Sentence(_("The statement cannot be read: {field}."), _LOOK),
    "nothing-to-correct": Sentence(
        _("There is no earlier answer to correct."), _("Record the answers as new ones.")
    ),
    "told-in-future": Sentence(_("It cannot have been said later than now."), _("Correct the time.")),
    "away-not-found": Sentence(
        _("This person is not on the list of workers away."), _("Put them on the list first.")
    ),
    "away-outcome": Sentence(_("There is no such answer about coming home."), _CHOOSE),
    "away-day-missing": Sentence(
        _("The day of the return is missing."), _("Fill it in, or choose “undecided”.")
    ),
    "away-not-yet-home": Sentence(
        _("That day has not come yet."), _("Choose “returns on a day” until they are home.")
    ),
    "post-not-found": Sentence(_("There is no such post here.")),
    "post-kind": Sentence(_("There is no such kind of post."), _CHOOSE),
    "arrival-not-found": Sentence(_("There is no such arrival here, or it was corrected since.")),
    "arrival-met": Sentence(_("This arrival was already met."), _LOOK),
    "arrival-unreadable": Sentence(
        _("The registration cannot be read: {field}."),
        _("A name or a plate, where from, and a temperature between 30 and 45 ℃."),
    ),
    "too-many-arrivals": Sentence(_("More than {most} arrivals at once."), _("Send them in several parts.")),
}
