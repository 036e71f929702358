"""Refusals of facts put right by hand."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.desk.sentences.rooms import Sentence

MORE: dict[str, Sentence] = {
    "value-missing": Sentence(
        _("The right value is missing."), _("Write it, or choose “cannot be known”. Nothing was changed.")
    ),
    "value-not-a-day": Sentence(_("That is not a day."), _("Choose it from the calendar, as 2020-01-23.")),
    "value-still-wrong": Sentence(
        _("That cannot be right either: {problem}."), _("Compare it with the paper once more.")
    ),
    "returned-in-future": Sentence(_("{day} lies in the future."), _("Write the day of return.")),
    "classified-since": Sentence(
        _("People here have been classified after that moment."),
        _("Classify as of now; how it stood then is in the ledgers, as of then."),
    ),
    "origin-missing": Sentence(_("It must be said where the person came from."), _("Write the place.")),
    "exposure-kind-unknown": Sentence(
        _("The pack knows no such kind of contact."), _("Choose one from the list.")
    ),
    "export-needs-second-person": Sentence(
        _("Full numbers leave only when a second person approves."), _("Ask for it on the ledger's page.")
    ),
    "export-taken": Sentence(_("The file of this approval was taken already."), _("Ask again.")),
    "export-not-approved": Sentence(
        _("There is no approval of yours for this file, or its day is over."), _("Ask again.")
    ),
    "export-in-full-searched": Sentence(
        _("An export with full numbers cannot be asked for from a search."),
        _("Clear the search; filter by village or category."),
    ),
    "id-of-somebody-else": Sentence(
        _("Somebody else here has this identity number."),
        _("Look that person up first: perhaps it is the same person twice."),
    ),
}
