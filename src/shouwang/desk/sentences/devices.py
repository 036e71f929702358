"""Refusals about phones in the field and what they sent. Most are told to the app, which has its own words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.desk.sentences.rooms import Sentence

_ASK_AGAIN = _("Open the page again and look at what is there now.")
_NEW_CODE = _("Have a new code made at the desk.")

MORE: dict[str, Sentence] = {
    "backup-differs": Sentence(
        _("The trial does not hold what the database held ({tables}); this is no backup."), _("Make another.")
    ),
    "backup-older": Sentence(
        _("A newer backup was proved ({file}); phones have forgotten what it holds and this one lacks."),
        _("Restore the newer one. If it is lost, use “--older”: what lies between the two is lost too."),
    ),
    "backup-chain-broken": Sentence(
        _("In the trial the journal's chain is broken; this is no backup."), _("Run “shouwang verify”.")
    ),
    "backup-other-keys": Sentence(
        _("What is sealed in this backup does not open with the keys in {folder}; nothing was replaced."),
        _("Put the keys.json that was kept apart from the backup there, then restore again."),
    ),
    "database-tool-missing": Sentence(
        _("The program “{tool}” of PostgreSQL is not here."), _("Install PostgreSQL's client programs.")
    ),
    "database-tool-failed": Sentence(_("“{tool}” failed: {told}")),
    "device-not-found": Sentence(_("There is no such phone here.")),
    "device-unknown": Sentence(_("This phone is not enrolled here."), _NEW_CODE),
    "device-revoked": Sentence(_("This phone was revoked."), _NEW_CODE),
    "enrol-code-wrong": Sentence(_("The code is wrong, has been used, or is older than a day."), _NEW_CODE),
    "enrol-too-often": Sentence(
        _("Too many wrong codes were tried from here."), _("Wait a quarter of an hour.")
    ),
    "app-too-old": Sentence(
        _("The app on this phone is too old."), _("Open it on line once; it renews itself.")
    ),
    "batch-unreadable": Sentence(_("What the phone sent could not be read; nothing was written.")),
    "batch-too-large": Sentence(_("The phone sent too much at once; nothing was written.")),
    "command-not-found": Sentence(_("There is no such entry of the field here.")),
    "command-settled": Sentence(_("{by} has already decided this entry."), _ASK_AGAIN),
    "command-unreadable": Sentence(
        _("This entry cannot be taken over: it cannot be read."),
        _("Ask whoever made it, enter it by hand, and dismiss it with the reason."),
    ),
}
