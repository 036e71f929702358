"""Words of tests, hand-overs and remote checks on pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.desk.words import EVENTS, REASONS, VERBS, Text

OUTCOMES: dict[str, Text] = {
    "negative": _("negative"),
    "positive": _("positive"),
    "inconclusive": _("inconclusive"),
}
CAUSES: dict[str, Text] = {
    "protocol": "",
    "repeat": _("again, the last was inconclusive"),
    "extra": _("extra"),
}
SPECIMENS: dict[str, Text] = {
    "throat": _("throat swab"),
    "nose": _("nose swab"),
    "sputum": _("sputum"),
    "blood": _("blood"),
    "stool": _("stool"),
    "other": _("other"),
}
STATES: dict[str, tuple[Text, str]] = {
    "due": (_("to be taken"), ""),
    "sampled": (_("taken"), "accent"),
    "sent": (_("sent to the laboratory"), "accent"),
    "done": (_("result there"), ""),
    "missed": (_("missed"), "amber"),
}
STEPS: dict[str, Text] = {
    "sampled": _("Sample taken"),
    "sent": _("Sample sent"),
    "resulted": _("Result"),
}
LISTS: dict[str, Text] = {
    "due": _("To be taken today"),
    "late": _("Late"),
    "awaited": _("Waiting for a result"),
    "found": _("Results"),
}
THERMOMETERS: dict[str, Text] = {
    "mercury": _("glass"),
    "electronic": _("electronic"),
    "ear": _("in the ear"),
    "forehead": _("on the forehead"),
    "none": _("not measured"),
}
WITNESSES: dict[str, Text] = {
    "worker": _("I saw it on video"),
    "family": _("somebody of the family"),
    "nobody": _("only the person"),
}
REQUESTS: dict[str, tuple[Text, str]] = {
    "asked": (_("waits for an answer"), "amber"),
    "accepted": (_("accepted"), ""),
    "rejected": (_("rejected"), "red"),
    "withdrawn": (_("withdrawn"), ""),
}
ROW_STATES: dict[str, tuple[Text, str]] = {
    "accepted": (_("taken in"), ""),
    "duplicate": (_("there already"), "accent"),
    "rejected": (_("not taken"), "red"),
}
ROW_CODES: dict[str, Text] = {
    "label-missing": _("The row names no tube."),
    "label-unknown": _("No sample here bears this label."),
    "label-ambiguous": _("Several samples that wait bear this label."),
    "label-twice": _("The list says two things of this tube."),
    "name-differs": _("The tube belongs to somebody of another name."),
    "outcome-unreadable": _("The result cannot be read."),
    "resulted-unreadable": _("The time cannot be read."),
    "result-there-already": _("Another result is known already; correct it on the person's page."),
    "test-not-sampled": _("Nobody recorded that this sample was taken."),
    "resulted-in-future": _("The result lies in the future."),
    "resulted-before-taken": _("The result is older than the sample."),
    "published-before-result": _("It was reported before it was found."),
}

EVENTS |= {
    "received": _("Received from the site"),
    "reopened": _("Reopened from an earlier file"),
}
REASONS |= {
    "tested-positive": _("The last test was positive."),
    "test-awaited": _("A sample waits for its result."),
    "stage-not-over": _("The stage is not over: checks of it are still due."),
    "leave-condition-not-met": _("What the pack asks before moving on does not hold yet."),
}
VERBS |= {
    "observation.test.sampled": _("recorded a sample"),
    "observation.tests.sent": _("sent samples to a laboratory"),
    "observation.tests.resulted": _("recorded results of tests"),
    "observation.test.corrected": _("corrected the result of a test"),
    "observation.hand-over.asked": _("asked a home team to receive somebody"),
    "observation.hand-over.rejected": _("rejected a hand-over"),
    "observation.file.received": _("received somebody from a site"),
    "observation.file.reopened": _("reopened an observation"),
    "observation.discharge.recorded": _("recorded a discharge from hospital"),
    "people.person.marked": _("set a mark on a person"),
}
