"""Sentences of refusals of the doctor's round and of papers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.desk.sentences.rooms import Sentence

MORE: dict[str, Sentence] = {
    "round-empty": Sentence(
        _("Nobody is due on this round."), _("Whom to see later today stands under To do.")
    ),
    "sheet-not-found": Sentence(
        _("There is no such round sheet here."), _("Look at the number on the paper again.")
    ),
    "line-unknown": Sentence(_("The sheet has no line {line}.")),
    "symptom-key-unknown": Sentence(
        _("“{key}” is no number of a symptom on the sheet."), _("The numbers stand above the lines.")
    ),
    "hours-unreadable": Sentence(_("“{value}” is not an hour."), _("Write it as 9:30.")),
    "speed-unreadable": Sentence(
        _("“{value}” is not a speed."), _("Write whole kilometres an hour, 1 to 60.")
    ),
    "served-in-future": Sentence(
        _("The paper cannot have been delivered in the future."), _("Look at the time again.")
    ),
    "served-refusal-unexplained": Sentence(
        _("Where it was not accepted it must be said what was done."),
        _("Write who witnessed it and where the paper was left."),
    ),
    "paper-not-reissued": Sentence(
        _("This paper is not issued anew from here."),
        _("A certificate comes with the release, a notice for the door with its village."),
    ),
    "too-many-papers": Sentence(
        _("More than {most} papers are too many for one file."), _("Print village by village.")
    ),
    "no-doors": Sentence(
        _("Nobody here must stay at home, so no door needs a notice."), _("Choose another village.")
    ),
    "wording-empty": Sentence(
        _("Title and text are needed."), _("Leave both empty to keep the wording of the pack.")
    ),
    "wording-too-long": Sentence(
        _("The wording is too long for its page ({title} characters of title, {body} of text)."),
        _("Shorten it."),
    ),
    "paper-field-dropped": Sentence(
        _("The wording no longer says “{field}”, which this paper must say."),
        _("Put it back, in curly brackets."),
    ),
    "style-too-long": Sentence(
        _("A line at the head or the seal has {most} characters at most."), _("Shorten it.")
    ),
    "logo-too-large": Sentence(
        _("The picture is larger than {most} kB."), _("Save it smaller and choose it again.")
    ),
    "logo-kind": Sentence(_("Only PNG and JPEG pictures can be printed."), _("Save it as PNG.")),
    "logo-damaged": Sentence(_("The picture is damaged or cut off."), _("Save it again as PNG.")),
    "logo-size": Sentence(_("The picture has more than {most} dots on a side."), _("Save it smaller.")),
    "logo-not-found": Sentence(_("There is no such picture here."), _("Upload it again.")),
    "paper-kind-not-found": Sentence(_("There is no such kind of paper.")),
    "place-missing": Sentence(_("It must be said for which place."), _("Choose one of your own places.")),
    "dwelling-not-found": Sentence(_("There is no such door here.")),
    "position-impossible": Sentence(
        _("“{position}” is no place on the map."), _("Write latitude and longitude, as 29.6012, 105.7034.")
    ),
}
