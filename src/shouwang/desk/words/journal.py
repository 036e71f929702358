"""What the journal's verbs, subjects and roles are called."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.desk import gridwords, messagewords, sweepwords
from shouwang.desk.sentences.rooms import Text
from shouwang.desk.words import happened

VERBS: dict[str, Text] = {
    "accounts.user.created": _("made a log-in"),
    "accounts.user.closed": _("closed a log-in"),
    "accounts.role.granted": _("gave a role"),
    "accounts.role.ended": _("took a role away"),
    "accounts.approval.asked": _("asked for a second person"),
    "accounts.approval.approved": _("approved as the second person"),
    "accounts.approval.refused": _("refused as the second person"),
    "people.admitted": _("admitted people from a source"),
    "people.person.moved": _("moved a person"),
    "people.person.corrected": _("corrected a person's data"),
    "people.person.revealed": _("saw full identifiers of a person"),
    "people.telephone.revealed": _("saw the number to ring for a call"),
    "people.household.added": _("added a household"),
    "classification.area.classified": _("reclassified everyone of a place"),
    "classification.people.classified": _("classified people"),
    "ledgers.exported": _("exported a ledger"),
    "screening.import.read": _("read a file"),
    "screening.import.previewed": _("previewed an import"),
    "screening.import.committed": _("took an import into the books"),
    "screening.import.cancelled": _("cancelled an import"),
    "screening.import.undone": _("undid an import"),
    "screening.import.followed-up": _("watched over whom an import found"),
    "screening.mapping.confirmed": _("confirmed columns"),
    "screening.verify.resolved": _("settled a value to verify"),
    "screening.trip.recorded": _("recorded a journey"),
    "screening.exposure.recorded": _("recorded a contact"),
    "observation.files.opened": _("opened observation files"),
    "observation.check.recorded": _("recorded checks"),
    "observation.check.corrected": _("corrected a check"),
    "observation.check.countersigned": _("countersigned a check"),
    "observation.day.signed": _("signed a day"),
    "observation.file.released": _("released"),
    "observation.file.released-early": _("released early"),
    "observation.file.extended": _("extended an observation"),
    "observation.file.restarted": _("had an observation counted anew"),
    "observation.file.re-anchored": _("had an observation counted from the day now known"),
    "observation.file.transferred": _("transferred"),
    "observation.file.moved": _("closed a file: moved away"),
    "observation.files.handed-over": _("handed files over"),
    "observation.alert.answered": _("answered an alarm"),
    "observation.alerts.climbed": _("alarms were told, and climbed"),
    "observation.missed.noted": _("missed checks were noted"),
    "observation.telling.put-off": _("telling failed and was put off"),
    "workforce.heads.appointed": _("named who answers for places"),
    **messagewords.VERBS,
    "outreach.paper.issued": _("issued a paper"),
    "outreach.paper.printed": _("printed a paper"),
    "outreach.paper.revoked": _("revoked a paper"),
    "outreach.paper.served": _("recorded that a paper was served"),
    "oversight.report.closed": _("closed a day's report"),
    "oversight.day.closed": _("closed the day of a place"),
    "oversight.day.reopened": _("opened a closed day again"),
    "oversight.items.carried": _("carried unfinished items to the next day"),
    "oversight.task.written": _("wrote a task"),
    "oversight.task.marked": _("said what became of a task"),
    "oversight.template.set": _("changed a report's Word template"),
    "policy.revision.proposed": _("proposed a pack revision"),
    "policy.revision.approved": _("approved a pack revision"),
    "policy.revision.adopted": _("put a pack revision in force"),
    "workforce.absence.begun": _("put somebody in the place of who is away"),
    "workforce.absence.ended": _("let somebody take back what was held for them"),
    "workforce.assigned": _("assigned workers"),
    "workforce.assignment.fixed": _("fixed an assignment"),
    "workforce.assignment.freed": _("let a fixed assignment go"),
    "workforce.roster.closed": _("ended a watch"),
    "workforce.roster.opened": _("opened a roster"),
    "workforce.shift.begun": _("began a shift"),
    "workforce.shift.cancelled": _("took somebody off a shift"),
    "workforce.shift.handed-over": _("handed a shift over"),
    "workforce.shift.noted": _("wrote something down at a shift"),
    "workforce.shifts.given": _("gave out shifts"),
    "workforce.staffing.accepted": _("accepted a staffing proposal"),
    "workforce.staffing.dropped": _("laid a staffing proposal aside"),
    "workforce.staffing.proposed": _("computed a staffing proposal"),
    "workforce.team.ended": _("took a team off"),
    "workforce.team.paired": _("paired a unit"),
    "workforce.team.put": _("put a team on something"),
    "workforce.assignment.ended": _("ended an assignment"),
    "workforce.assignment.handed-over": _("handed an assignment over"),
    "workforce.workers.enlisted": _("enlisted workers"),
    "places.divisions.loaded": _("loaded divisions"),
    "accounts.user.password-set": _("set a password"),
    "classification.people.withdrawn": _("withdrew classifications"),
    "observation.files.relocated": _("moved observation files with a household"),
    "observation.files.withdrawn": _("withdrew observation files"),
    "people.identifier.replaced": _("replaced an identity paper"),
    "people.telephone.replaced": _("replaced a telephone number"),
    "people.withdrawn": _("withdrew people of an import"),
    "places.alias.added": _("added a name of a place"),
    "places.dwellings.added": _("added doors"),
    "places.place.added": _("added a place"),
    "screening.exposure.corrected": _("corrected a contact"),
    "screening.import.interrupted": _("an import was interrupted"),
    "screening.trip.corrected": _("corrected a journey"),
    "workforce.worker.discharged": _("ended a worker's service"),
    "workforce.worker.handed-over": _("handed a worker's charges over"),
    "workforce.worker.tied": _("tied a log-in to a worker"),
    "observation.sheet.made": _("put a round on paper"),
    "observation.sheet.printed": _("printed a round sheet"),
    "outreach.papers.issued": _("issued notices for doors"),
    "outreach.papers.printed": _("printed notices for doors"),
    "outreach.template.saved": _("changed the wording or looks of a paper"),
    "outreach.logo.added": _("added a logo"),
    "places.dwelling.located": _("put a door on the map"),
    **sweepwords.VERBS,
    **gridwords.VERBS,
    **happened.VERBS,
}


GROUPS: dict[str, tuple[Text, tuple[str, ...]]] = {
    "reads": (_("Reads"), ("people.person.revealed", "people.telephone.revealed", "devices.command.opened")),
    "exports": (_("Exports"), ("ledgers.exported",)),
    "overrides": (
        _("Overrides"),
        ("observation.file.released-early", "observation.file.extended", "observation.file.restarted"),
    ),
    "approvals": (_("Approvals"), ("accounts.approval.",)),
    "roles": (_("Roles"), ("accounts.role.", "accounts.user.")),
    "imports": (_("Imports"), ("screening.",)),
    "packs": (_("Packs"), ("policy.",)),
    "phones": (_("Phones"), ("devices.code.", "devices.device.", "devices.command.", "devices.date.")),
    "backups": (_("Backups"), ("devices.backup.", "devices.epoch.")),
}
"""Filters of the journal page: title, verb prefixes."""


SUBJECTS: dict[str, Text] = {
    "person": _("person"),
    "household": _("household"),
    "user": _("log-in"),
    "approval": _("request"),
    "area": _("place"),
    "source": _("source"),
    "file": _("observation file"),
    "check": _("check"),
    "alert": _("alarm"),
    "batch": _("import"),
    "ledger": _("ledger"),
    "sweep": _("round"),
    "round-sheet": _("round sheet"),
    "paper": _("paper"),
    "papers": _("papers"),
    "paper-template": _("paper template"),
    "dwelling": _("door"),
    **happened.SUBJECTS,
}


def verb_words(verb: str) -> str:
    """A verb of the journal in words; an unknown one as it is."""
    return str(VERBS.get(verb, verb))


def subject_words(kind: str) -> str:
    """A kind of subject in words."""
    return str(SUBJECTS.get(kind, kind))


def role_words(code: str) -> str:
    """A role's title."""
    from shouwang.accounts.rules import ROLES

    return gettext(ROLES[code].title) if code in ROLES else code
