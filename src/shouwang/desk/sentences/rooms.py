"""Sentences of refusals that the rooms of the domain raise, by code."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Sentence:
    """What happened and why (`told`, may hold `{params}` of the refusal), and what to do now."""

    told: Text
    now: Text = ""


MORE: dict[str, Sentence] = {
    "worker-unknown": Sentence(_("There is no such worker here."), _("Choose one from the list.")),
    "figure-not-found": Sentence(_("There is no figure of that name.")),
    "import-file-missing": Sentence(_("No file was chosen."), _("Choose the spreadsheet and read it again.")),
    "alert-closed": Sentence(
        _("The alarm is already closed."), _("Open the page again and look at what is there now.")
    ),
    "alert-not-found": Sentence(_("There is no such alarm here.")),
    "answer-missing": Sentence(_("It must be said what was done."), _("Write it in a few words.")),
    "already-asked": Sentence(
        _("Somebody has asked for this already, and it waits for a second person."),
        _("Look among the approvals."),
    ),
    "already-there": Sentence(
        _("The household lives in that village already."), _("Choose another village.")
    ),
    "report-revision-not-found": Sentence(_("That day has no such revision.")),
    "report-form-not-found": Sentence(_("The report is there as PDF and as xlsx.")),
    "assignments-open": Sentence(
        _("This worker still answers for {count} households or posts."),
        _("Hand them over to somebody first."),
    ),
    "batch-held": Sentence(
        _("This import is being worked on at this moment."), _("Wait a little and open the page again.")
    ),
    "nothing-restricted": Sentence(
        _("This observation restricts nothing, so there is no order to give notice of."),
        _("Tell the person what to look out for; no paper is needed."),
    ),
    "files-built-on": Sentence(
        _("{files} observation files of this import already bear checks or decisions, so they stay."),
        _("Correct the people one by one."),
    ),
    "hand-over-to-self": Sentence(
        _("Work cannot be handed over to the one who has it."), _("Choose somebody else.")
    ),
    "assignment-not-found": Sentence(_("There is no such assignment here.")),
    "batch-built-on": Sentence(
        _(
            "{people} people of this import already have files, checks or later facts: it cannot be undone whole."
        ),
        _("Correct the single persons instead."),
    ),
    "batch-cancelled": Sentence(
        _("The import was cancelled; nothing of it was written."), _("Start it again if it is still wanted.")
    ),
    "batch-content-gone": Sentence(_("The file is no longer kept."), _("Choose the file again.")),
    "batch-not-found": Sentence(_("There is no such import here.")),
    "batch-state": Sentence(
        _("The import is at another step by now."), _("Open the page again and look at what is there now.")
    ),
    "check-corrected-already": Sentence(
        _("This check was corrected already."), _("Correct the one that stands in its place.")
    ),
    "check-not-found": Sentence(_("There is no such check here.")),
    "check-signed": Sentence(_("This check is already countersigned.")),
    "check-unreadable": Sentence(
        _("The field “{field}” of the check cannot be read."), _("Fill it in again.")
    ),
    "cursor-invalid": Sentence(
        _("The page mark in the address is not of this list."), _("Go back to the first page.")
    ),
    "day-in-future": Sentence(_("A day that has not begun cannot be signed.")),
    "day-missing": Sentence(_("The day is missing or cannot be read."), _("Choose it again.")),
    "day-signed": Sentence(
        _("The day is signed already; it can only be corrected, with a reason."),
        _("Use “correct” beside the check."),
    ),
    "day-without-check": Sentence(
        _("Nobody was seen on that day, so there is nothing to sign."), _("Record the check first.")
    ),
    "decision-not-found": Sentence(_("There is no such decision here.")),
    "division-unknown": Sentence(_("There is no division {division}."), _("Look at the code again.")),
    "encoding-unknown": Sentence(
        _("The text of the file is in no encoding that is known."), _("Save it as xlsx and send it again.")
    ),
    "end-missing": Sentence(_("The new last day is missing."), _("Choose it.")),
    "ending-unknown": Sentence(_("There is no such way to end a file."), _("Choose one from the list.")),
    "event-does-not-extend": Sentence(
        _("The pack does not extend on that event."), _("Give a last day instead.")
    ),
    "event-does-not-restart": Sentence(_("The pack does not count anew on that event.")),
    "export-incomplete": Sentence(
        _("The spreadsheet did not hold everybody ({written} of {wanted}), so it was thrown away."),
        _("Try again; tell the administrator if it happens twice."),
    ),
    "exposure-not-found": Sentence(_("There is no such contact here.")),
    "exposure-order": Sentence(
        _("The last day of contact lies before the first."), _("Look at the dates again.")
    ),
    "fact-differs": Sentence(
        _("The same record came again with other content; the first is kept."),
        _("Open the page again and look at what is there now."),
    ),
    "figure-unknown": Sentence(_("There is no figure of that name.")),
    "file-bomb": Sentence(
        _("The file unpacks to something far too large."), _("Save it again as a plain xlsx.")
    ),
    "file-closed": Sentence(
        _("The observation file is closed."), _("Look at the person's page for what happened.")
    ),
    "file-damaged": Sentence(_("The file is damaged or cut off."), _("Ask for it again, or save it again.")),
    "file-empty": Sentence(_("The file is empty."), _("Choose another file.")),
    "file-not-a-spreadsheet": Sentence(
        _("This is not a spreadsheet ({found})."), _("Send xlsx, xls, ods or csv.")
    ),
    "file-not-found": Sentence(_("There is no such observation file here.")),
    "file-password": Sentence(
        _("The file is locked with a password."), _("Take the password off and send it again.")
    ),
    "file-too-large": Sentence(_("The file is too large to be read safely."), _("Cut it into parts.")),
    "file-xml-entities": Sentence(
        _("The file holds instructions that a spreadsheet does not need."),
        _("Save it again with a spreadsheet program."),
    ),
    "font-missing": Sentence(
        _("The font for Chinese papers is missing on this server."), _("Tell the administrator: {package}.")
    ),
    "id-conflict": Sentence(
        _("The same record came again with other content; it is kept for somebody to look at."),
        _("Open the page again and look at what is there now."),
    ),
    "in-force-before-previous": Sentence(
        _("The revision would begin before the one it follows ({previous})."), _("Choose a later moment.")
    ),
    "in-force-in-the-past": Sentence(
        _("A revision cannot come into force in the past."), _("Choose a moment from now on.")
    ),
    "kind-unknown": Sentence(_("There is no such kind of import."), _("Choose one from the list.")),
    "ledger-not-found": Sentence(_("There is no such ledger here.")),
    "no-duty-desk": Sentence(
        _("No duty desk is set up for this place."), _("The administrator runs “shouwang init” for it.")
    ),
    "no-pack-in-force": Sentence(_("No pack is in force here at that time."), _("Adopt one under Packs.")),
    "no-people-found": Sentence(
        _("No sheet of the file looks like a list of people."),
        _("Look whether it has a header row with names."),
    ),
    "not-an-extension": Sentence(
        _("{until} is not after the last day ({last_day})."), _("Choose a later day.")
    ),
    "own-check": Sentence(_("Nobody countersigns their own check."), _("Ask a colleague.")),
    "owner-missing": Sentence(
        _("Nobody would be responsible for this person, so no file was opened."), _("Assign a worker first.")
    ),
    "pack-area-missing": Sentence(
        _("The pack names an area that it does not hold."), _("Propose a corrected revision.")
    ),
    "pack-entry-missing": Sentence(
        _("The pack has no {kind} “{entry}”."), _("Propose a corrected revision.")
    ),
    "pack-file-missing": Sentence(
        _("No pack file was chosen, or it is too large."), _("Choose a TOML or YAML file.")
    ),
    "pack-in-force": Sentence(_("A pack is in force here already."), _("Propose a revision of it.")),
    "pack-invalid": Sentence(
        _("The pack has errors ({count}): {first}"), _("Correct the file and propose it again.")
    ),
    "pack-unknown": Sentence(_("There is no pack “{pack}”."), _("Choose one from the list.")),
    "pack-value-missing": Sentence(
        _("The pack has no value “{value}” on {on}."), _("Propose a corrected revision.")
    ),
    "pack-value-not-a-day": Sentence(
        _("The value “{value}” of the pack is not a day."), _("Propose a corrected revision.")
    ),
    "pack-value-not-a-number": Sentence(
        _("The value “{value}” of the pack is not a number."), _("Propose a corrected revision.")
    ),
    "paper-already-issued": Sentence(
        _("This paper was issued already."), _("Print that one, or revoke it first.")
    ),
    "paper-already-revoked": Sentence(_("This paper was revoked already.")),
    "paper-altered": Sentence(_("The paper is no longer what was issued."), _("Tell the auditor.")),
    "paper-days-reversed": Sentence(_("The last day lies before the first."), _("Look at the dates again.")),
    "paper-field-missing": Sentence(_("The paper needs “{field}”."), _("Complete the person's data first.")),
    "paper-field-unknown": Sentence(
        _("The wording names a field “{field}” that there is not."), _("Tell the administrator.")
    ),
    "paper-not-found": Sentence(_("There is no such paper here.")),
    "payload-outdated": Sentence(
        _("The file changed since this was asked, so the request no longer holds."), _("Ask again.")
    ),
    "place-kind": Sentence(_("There is no such kind of place."), _("Choose one from the list.")),
    "place-name-missing": Sentence(_("The place needs a name."), _("Fill it in.")),
    "place-not-found": Sentence(_("There is no such place here.")),
    "purpose-missing": Sentence(_("A purpose is needed: what is it for?"), _("Write it in a few words.")),
    "release-refused": Sentence(_("The rule does not allow the release.")),
    "report-closed-meanwhile": Sentence(
        _("Somebody else closed this day meanwhile."), _("Open the page again and look at what is there now.")
    ),
    "report-day-not-begun": Sentence(_("The day has not begun.")),
    "report-unchanged": Sentence(_("Nothing changed since the day was closed.")),
    "restart-in-future": Sentence(_("Counting anew cannot begin in the future."), _("Choose another day.")),
    "restart-shortens": Sentence(_("Counting anew would end earlier than now ({last_day}).")),
    "restriction-without-grounds": Sentence(
        _(
            "A restriction needs a legal ground, evidence, a reason, an expiry, a review day and a way to appeal."
        ),
        _("Complete the pack."),
    ),
    "revision-closed": Sentence(
        _("This revision is decided already."), _("Open the page again and look at what is there now.")
    ),
    "revision-not-found": Sentence(_("There is no such revision here.")),
    "revision-unchanged": Sentence(_("It says the same as the revision in force.")),
    "role-set-missing": Sentence(
        _("The pack names no team for households."), _("Propose a corrected revision.")
    ),
    "served-conflict": Sentence(
        _("The same service record came again with other content."),
        _("Open the page again and look at what is there now."),
    ),
    "served-not-found": Sentence(_("There is no such record of service.")),
    "served-way-unknown": Sentence(_("There is no such way of service."), _("Choose one from the list.")),
    "temperature-unreadable": Sentence(_("“{value}” is not a temperature."), _("Write it as 36.5.")),
    "too-many-checks": Sentence(_("More than {most} checks in one call."), _("Send them in parts.")),
    "too-many-columns": Sentence(
        _("The sheet has too many columns ({columns})."), _("Delete the empty columns.")
    ),
    "too-many-rows": Sentence(_("The sheet has too many rows ({rows})."), _("Cut the file into parts.")),
    "trip-not-found": Sentence(_("There is no such journey here.")),
    "verify-how": Sentence(_("It must be said how it was settled."), _("Choose one from the list.")),
    "verify-item-not-found": Sentence(_("There is no such item to verify here.")),
    "verify-item-resolved": Sentence(_("Somebody has settled this already.")),
    "worker-not-found": Sentence(_("There is no such worker here."), _("Choose one from the list.")),
    "taken-in-future": Sentence(_("The check lies in the future."), _("Look at the time again.")),
    "before-day-zero": Sentence(
        _("The check lies before the observation began."), _("Look at the time again.")
    ),
    "temperature-impossible": Sentence(
        _("Nobody has such a temperature."), _("Measure again, or write it as 36.5.")
    ),
    "symptom-unknown": Sentence(_("The pack does not know that symptom."), _("Choose one from the list.")),
    "channel-unknown": Sentence(_("There is no such way to check."), _("Choose one from the list.")),
    "outcome-unknown": Sentence(_("There is no such outcome."), _("Choose one from the list.")),
    "seen-unknown": Sentence(_("It must be said who was seen."), _("Choose one from the list.")),
    "nobody-seen": Sentence(
        _("Nobody was seen, so it cannot count as done."), _("Choose who was seen, or another outcome.")
    ),
    "nobody-measured": Sentence(
        _("No temperature and no symptoms: nothing was checked."), _("Measure, or say how the person is.")
    ),
    "slot-unknown": Sentence(_("There is no such check on that day."), _("Look at the time again.")),
    "slot-not-yet": Sentence(_("It is too early for that check."), _("Look at the time again.")),
    "slot-too-old": Sentence(
        _("That check lies too far back to be recorded now."), _("Write it as a note to today's check.")
    ),
    "reading-failed": Sentence(_("The file could not be read."), _("Save it as xlsx and send it again.")),
    "approval-kind-unknown": Sentence(_("This kind of request is decided elsewhere.")),
}
