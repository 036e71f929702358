"""Sentences of refusals about teams: staffing proposals, rosters, standing in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.desk.sentences.rooms import Sentence

_LOOK = _("Open the page again and look at what is there now.")
_REST = _("Choose somebody else, or take them off the other shift first.")

MORE: dict[str, Sentence] = {
    "proposal-not-found": Sentence(_("There is no such proposal here.")),
    "proposal-closed": Sentence(_("This proposal is closed already."), _("Compute a new one.")),
    "proposal-nothing-chosen": Sentence(
        _("No open line was chosen."), _("Tick at least one line that has somebody in it.")
    ),
    "team-not-found": Sentence(_("There is no such team here.")),
    "site-needs-village": Sentence(
        _("A site lies in a village or community."), _("Choose the one it lies in.")
    ),
    "team-ended": Sentence(
        _("This team was taken off."), _("Put it on again if the target needs it once more.")
    ),
    "team-exists": Sentence(_("This team is on it already."), _LOOK),
    "absence-kind-unknown": Sentence(_("Say whether they are ill or away."), _("Choose one of the two.")),
    "absence-not-found": Sentence(_("They are not away.")),
    "worker-absent": Sentence(_("{name} is away."), _("Choose somebody who is there.")),
    "roster-not-found": Sentence(_("There is no such roster here.")),
    "roster-exists": Sentence(_("A roster is open for it already."), _LOOK),
    "roster-closed": Sentence(_("This watch is over."), _("Open a new one if it is needed again.")),
    "roster-backwards": Sentence(_("The end is not after the beginning."), _("Put the dates right.")),
    "roster-needs-people": Sentence(
        _("{people} people are on duty at once, and fewer were chosen."), _("Choose more people.")
    ),
    "shift-not-found": Sentence(_("There is no such shift here.")),
    "shift-backwards": Sentence(_("The hours of the shift are not right."), _("Say from when to when.")),
    "shift-overlaps": Sentence(_("Somebody would be on two shifts at once. Nothing was written."), _REST),
    "shift-begun": Sentence(_("This shift has begun."), _("Hand it over instead.")),
    "shift-early": Sentence(_("This shift begins in more than an hour."), _("Say it when you are there.")),
    "shift-not-begun": Sentence(_("This shift has not begun."), _("First say that you are there.")),
    "shift-handed-over": Sentence(_("This shift was handed over already."), _LOOK),
    "shift-not-next": Sentence(_("That shift does not follow this one."), _LOOK),
    "lines-missing": Sentence(_("Nothing was pasted."), _("Paste at least one line.")),
    "team-not-there": Sentence(
        _("This team was not put on {place}."), _("Put it there first, or choose another team.")
    ),
    "role-not-in-team": Sentence(
        _("No role of this team is called “{role}”."), _("The roles stand behind the team in the list.")
    ),
    "line-too-wide": Sentence(
        _("The line goes on after the telephone."), _("Village, name, role, unit, telephone; nothing more.")
    ),
    "note-missing": Sentence(
        _("A note is needed."), _("Write what the next must know, or that there was nothing.")
    ),
    "note-not-found": Sentence(_("There is no such note on this shift.")),
}
