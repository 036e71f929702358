"""Sentences of tests, hand-overs, discharges."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.desk.sentences.rooms import Sentence

_LAB = _("Look at the slip of the laboratory again.")
_AGAIN = _("Open the page again and look at what is there now.")

MORE: dict[str, Sentence] = {
    "test-kind-unknown": Sentence(
        _("The pack knows no test “{kind}” for this observation."), _("Choose one from the list.")
    ),
    "test-not-found": Sentence(_("There is no such test here.")),
    "test-not-sampled": Sentence(
        _("Nobody recorded that the sample {label} was taken."), _("Record the sample first.")
    ),
    "specimen-unknown": Sentence(_("There is no specimen “{specimen}”."), _("Choose one from the list.")),
    "label-taken": Sentence(
        _("A sample labelled {label} waits for its result already."),
        _("Compare the tubes; give this one its own label."),
    ),
    "lab-missing": Sentence(_("The laboratory is missing."), _("Fill it in.")),
    "sent-in-future": Sentence(_("The samples cannot have been sent in the future."), _("Correct the time.")),
    "sent-before-taken": Sentence(
        _("A sample cannot have been sent before it was taken."), _("Correct the time.")
    ),
    "outcome-unreadable": Sentence(
        _("The result of {label} cannot be read."),
        _("Write - for negative, + for positive, ? for inconclusive."),
    ),
    "outcome-missing": Sentence(_("No result was filled in."), _("Write at least one.")),
    "result-there-already": Sentence(
        _("The sample {label} has another result already."),
        _("Correct it on the person's page, with a reason."),
    ),
    "result-corrected-already": Sentence(_("This result was corrected already."), _AGAIN),
    "resulted-in-future": Sentence(_("The result of {label} lies in the future."), _LAB),
    "resulted-before-taken": Sentence(_("The result of {label} is older than the sample."), _LAB),
    "published-before-result": Sentence(_("The result of {label} was reported before it was found."), _LAB),
    "results-columns-missing": Sentence(
        _("No line of the file names both the tube and the result."),
        _("The sheet needs the columns 样本编号 and 检测结果; 姓名 and 检测时间 help."),
    ),
    "thermometer-unknown": Sentence(_("There is no such thermometer."), _("Choose one from the list.")),
    "witness-unknown": Sentence(_("It is not clear who saw the reading."), _("Choose one from the list.")),
    "witness-impossible": Sentence(
        _("By telephone no worker sees a thermometer."), _("Choose video, or say who saw the reading.")
    ),
    "destination-missing": Sentence(_("The hospital is missing."), _("Say where the person went.")),
    "event-without-cause": Sentence(
        _("Nothing on record says so."), _("Record the check or the result of the test first.")
    ),
    "event-does-not-end": Sentence(_("This event does not end an observation.")),
    "file-open-already": Sentence(_("Such a file is open for this person already."), _AGAIN),
    "stage-refused": Sentence(_("The person cannot move on yet.")),
    "request-not-found": Sentence(_("There is no such request here.")),
    "request-closed": Sentence(_("The request was answered already."), _AGAIN),
    "home-unknown": Sentence(
        _("It is not known where this person lives."), _("Give the person a household first.")
    ),
    "hospital-missing": Sentence(_("The hospital is missing."), _("Fill it in.")),
    "discharge-in-future": Sentence(_("The discharge lies in the future."), _("Correct the day.")),
    "discharge-not-found": Sentence(_("There is no such discharge here.")),
    "no-convalescents": Sentence(
        _("The pack in force knows no protocol for people discharged from hospital."),
        _("Propose a revision of the pack with one."),
    ),
    "convalescent-already": Sentence(
        _("This person is under observation as convalescent already, or was for this discharge."), _AGAIN
    ),
    "discharge-unreadable": Sentence(
        _("The day of the discharge cannot be read."), _("Write it as 2020-02-06.")
    ),
    "test-unreadable": Sentence(_("A field of the test could not be read."), _("Correct it and send again.")),
}
