"""Codes of the house in words: what the journal's verbs, problems and states are called on a page."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.desk import gridwords, messagewords, sweepwords

Text = str | Promise

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
}

GROUPS: dict[str, tuple[Text, tuple[str, ...]]] = {
    "reads": (_("Reads"), ("people.person.revealed", "people.telephone.revealed")),
    "exports": (_("Exports"), ("ledgers.exported",)),
    "overrides": (
        _("Overrides"),
        ("observation.file.released-early", "observation.file.extended", "observation.file.restarted"),
    ),
    "approvals": (_("Approvals"), ("accounts.approval.",)),
    "roles": (_("Roles"), ("accounts.role.", "accounts.user.")),
    "imports": (_("Imports"), ("screening.",)),
    "packs": (_("Packs"), ("policy.",)),
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


FIELDS: dict[str, Text] = {
    "name": _("Name"),
    "sex": _("Sex"),
    "birth_date": _("Date of birth"),
    "relation": _("Relation to the head"),
}
"""Fields of a person that can be corrected."""

IDS: dict[str, Text] = {
    "id-18": _("Identity card"),
    "id-15": _("Identity card, 15 digits"),
    "permit-hk": _("Residence permit, Hong Kong"),
    "permit-mo": _("Residence permit, Macau"),
    "permit-tw": _("Residence permit, Taiwan"),
    "passport": _("Passport"),
    "other": _("Other paper"),
    "none": _("No paper"),
    "telephone": _("Telephone"),
}


def id_words(kind: str) -> str:
    """A kind of identity paper in words."""
    return str(IDS.get(kind, kind))


SEXES: dict[str, Text] = {"m": _("male"), "f": _("female"), "": "—"}


CHANNELS: dict[str, Text] = {
    "visit": _("at the door"),
    "phone": _("by telephone"),
    "video": _("by video"),
    "chat": _("by message"),
    "self": _("told by the person"),
    "facility": _("at the facility"),
    "": _("release"),
}
OUTCOMES: dict[str, Text] = {
    "done": _("seen"),
    "not-home": _("not at home"),
    "refused": _("refused"),
    "unreachable": _("not reached"),
}
SEEN: dict[str, Text] = {
    "person": _("the person"),
    "household": _("somebody of the household"),
    "nobody": _("nobody"),
}
STATES: dict[str, Text] = {
    "open": _("under observation"),
    "released": _("released"),
    "released-early": _("released early"),
    "transferred": _("transferred"),
    "moved": _("moved away"),
    "cancelled": _("cancelled"),
    "died": _("died"),
}
EVENTS: dict[str, Text] = {
    "extended": _("Extended"),
    "restarted": _("Counted anew"),
    "re-anchored": _("Counted from the day now known"),
    "handed-over": _("Handed over"),
    "relocated": _("Moved house"),
    "released": _("Released"),
    "released-early": _("Released early"),
    "transferred": _("Transferred"),
    "moved": _("Moved away"),
    "cancelled": _("Cancelled"),
    "died": _("Died"),
}
REASONS: dict[str, Text] = {
    "release-condition-not-met": _("The condition of the pack for release does not hold yet."),
    "never-checked": _("Nobody has seen this person yet."),
    "last-check-abnormal": _("The last check was abnormal."),
    "alert-open": _("An alarm is still open."),
    "second-person-needed": _("A second person has to decide."),
    "reason-missing": _("A reason is missing."),
}


def channel_words(code: str) -> str:
    """Through which channel."""
    return str(CHANNELS.get(code, code))


def reason_code_words(code: str) -> str:
    """Why something may not be done."""
    return str(REASONS.get(code, code))


WHYS: dict[str, Text] = {
    "verified": _("made sure on the to-verify list"),
    "correction-import": _("from the correction spreadsheet"),
    "team-assigned": _("a team was assigned"),
    "anchor-learnt": _("the day was made sure"),
}


def why_words(reason: str) -> str:
    """A reason as somebody wrote it; what the house itself wrote stands as a code and is put into words."""
    return str(WHYS.get(reason, reason))


CHANGES: dict[str, Text] = {
    "trip-recorded": _("a journey was recorded"),
    "trip-withdrawn": _("a journey was corrected"),
    "moved": _("moved"),
    "person-added": _("became known"),
    "tag-recorded": _("a mark was set"),
    "tag-withdrawn": _("a mark was taken off"),
    "exposure-recorded": _("a contact was recorded"),
    "exposure-withdrawn": _("a contact was corrected"),
    "identifier-recorded": _("an identity paper was recorded"),
    "identifier-withdrawn": _("an identity paper was corrected"),
    "corrected": _("data were corrected"),
    "decided": _("classified again"),
    "pack-changed": _("the rule or its day's values changed"),
}


def change_words(code: str, params: Mapping[str, object]) -> str:
    """Why somebody came into a ledger, left it, or changed."""
    told = str(CHANGES.get(code, code))
    detail = params.get("reason") or params.get("origin_text") or ""
    return f"{told}（{detail}）" if detail else told


PROBLEMS: dict[str, Text] = {
    "id-numeric-cell": _("identity number stood in a number cell: digits may be lost"),
    "id-checksum": _("identity number: check digit is wrong"),
    "id-length": _("identity number: wrong length"),
    "id-missing": _("identity number is missing"),
    "id-birth-date": _("identity number: impossible date of birth"),
    "id-division": _("identity number: unknown division"),
    "id-conflict": _("identity number belongs to somebody else here"),
    "name-missing": _("name is missing"),
    "met-elsewhere": _("was met at another door than the register says"),
    "name-unclear": _("name is unclear"),
    "date-unclear": _("return date is unclear"),
    "date-impossible": _("return date is impossible"),
    "date-missing": _("return date is missing"),
    "date-in-future": _("date lies in the future"),
    "phone-invalid": _("telephone number cannot be right"),
    "phone-missing": _("telephone number is missing"),
    "address-unclear": _("address is unclear"),
    "village-unknown": _("village is not known"),
    "origin-unclear": _("place of origin is unclear"),
    "origin-missing": _("place of origin is missing"),
    "same-person-twice": _("perhaps the same person twice"),
}


def problem_words(code: str) -> str:
    """What is to be verified, in words."""
    return str(PROBLEMS.get(code, code))


PROBLEMS |= {
    "id-characters": _("identity number: characters that cannot be"),
    "id-region": _("identity number: unknown division"),
    "birth-date-differs": _("date of birth differs from what is known"),
    "phone-unclear": _("telephone number is unclear"),
    "temperature-unclear": _("temperature is unclear"),
    "temperature-impossible": _("temperature is impossible"),
    "no-person": _("the row names no person"),
    "other-person": _("the same number, but another name"),
}

KINDS: dict[str, Text] = {"register": _("Register of residents"), "returnees": _("List of returnees")}
BATCH_STATES: dict[str, tuple[Text, str]] = {
    "read": (_("read"), ""),
    "previewed": (_("waits for you"), "amber"),
    "running": (_("running"), "accent"),
    "committed": (_("done"), ""),
    "cancelled": (_("cancelled"), ""),
    "undone": (_("undone"), ""),
    "failed": (_("failed"), "red"),
}
"""State of an import → (words, kind of badge)."""
NOTICES: dict[str, Text] = {
    "extension-lies": _("The file is of another kind than its name says; it was read all the same."),
    "hidden-sheet-read": _("A hidden sheet was read too."),
    "macros-ignored": _("The file carries macros; they were not run."),
    "sheet-not-read": _("A sheet without people was left out."),
    "formulas": _("Some cells are formulas; their last values were read."),
}
COLUMNS: dict[str, Text] = {
    "name": _("Name"),
    "id_no": _("Identity number"),
    "id_type": _("Kind of paper"),
    "phone": _("Telephone"),
    "sex": _("Sex"),
    "born_on": _("Date of birth"),
    "age": _("Age"),
    "nation": _("Ethnic group"),
    "household_no": _("Household number"),
    "head_name": _("Head of household"),
    "relation": _("Relation to the head"),
    "origin": _("Came from"),
    "origin_province": _("Came from: province"),
    "origin_city": _("Came from: city"),
    "origin_county": _("Came from: county"),
    "left_on": _("Went away on"),
    "returned_on": _("Came back on"),
    "watch_from": _("Observed from"),
    "watch_until": _("Observed until"),
    "transport": _("Transport"),
    "via": _("By way of"),
    "contact_in_area": _("Contact in the affected area"),
    "temperature": _("Temperature"),
    "symptoms": _("Symptoms"),
    "division_code": _("Division code"),
    "town": _("Town"),
    "village": _("Village"),
    "group": _("Group"),
    "door": _("Door"),
    "address": _("Address"),
    "registered_address": _("Registered address"),
    "resident": _("Lives here"),
    "tags": _("Marks"),
    "employer": _("Employer"),
    "note": _("Note"),
    "seq": _("Running number"),
    "row_key": _("Correction number"),
    "other-person": _("Somebody else's data"),
    "other-checked": _("What the office did"),
    "other-count": _("A count"),
}
"""Fields that a column of a spreadsheet may be taken for."""
IMPORT_FIGURES: dict[str, Text] = {
    "new": _("New people"),
    "known": _("Known already"),
    "repeats": _("Repeats"),
    "to_verify": _("To verify"),
    "not_usable": _("Not usable"),
}

APPROVAL_KINDS: dict[str, Text] = {
    "observation.release-early": _("Early release"),
    "ledgers.export-full": _("Export with full numbers"),
}
APPROVAL_STATES: dict[str, Text] = {
    "waiting": _("waits"),
    "approved": _("approved"),
    "refused": _("refused"),
    "expired": _("lapsed"),
}
VERBS |= {
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
}

PAPERS: dict[str, Text] = {
    "notice-of-observation": _("Notice of observation"),
    "release-certificate": _("Certificate of release"),
    "person-file": _("File"),
    "door-notice": _("Notice at the door"),
}
"""Kinds of papers."""

VERBS |= {
    "observation.sheet.made": _("put a round on paper"),
    "observation.sheet.printed": _("printed a round sheet"),
}
SUBJECTS |= {"round-sheet": _("round sheet")}
PAPERS |= {"pledge": _("Pledge form")}
WAYS: dict[str, Text] = {
    "in-person": _("handed to the person"),
    "family": _("handed to the family"),
    "posted": _("posted on the door"),
    "sent": _("sent by post"),
    "refused": _("not accepted; left there, witnessed"),
}
"""How a paper reached somebody."""
PAPER_STATES: dict[str, Text] = {
    "unserved": _("Not yet delivered"),
    "served": _("Delivered"),
    "revoked": _("Revoked"),
    "all": _("All"),
}
VERBS |= {
    "outreach.papers.issued": _("issued notices for doors"),
    "outreach.papers.printed": _("printed notices for doors"),
    "outreach.template.saved": _("changed the wording or looks of a paper"),
    "outreach.logo.added": _("added a logo"),
    "places.dwelling.located": _("put a door on the map"),
}
SUBJECTS |= {
    "paper": _("paper"),
    "papers": _("papers"),
    "paper-template": _("paper template"),
    "dwelling": _("door"),
}
PAPER_FIELDS: dict[str, Text] = {
    "office": _("the issuing office"),
    "name": _("name"),
    "sex": _("sex"),
    "telephone": _("telephone"),
    "address": _("address"),
    "id_kind": _("kind of identity paper"),
    "id_number": _("number of the identity paper"),
    "employer": _("employer"),
    "employer_contact": _("contact at the employer"),
    "legal_ground": _("legal ground"),
    "reason": _("why"),
    "evidence": _("evidence"),
    "appeal": _("whom to turn to"),
    "contact": _("whom to ring"),
    "start": _("first day"),
    "last": _("last day"),
    "days": _("number of days"),
    "place": _("where the person stays"),
    "review": _("sentence on the review"),
    "review_on": _("day of the review"),
    "street_cadre": _("cadre of the town"),
    "grid_worker": _("cadre of the village"),
    "checks_a_day": _("checks a day"),
    "fever_line": _("fever line"),
    "released_on": _("day of release"),
    "outcome": _("what was found"),
    "signed_by": _("who signs"),
    "about": _("sex, paper and address in brackets"),
    "age": _("age"),
    "household_head": _("head of the household"),
    "category": _("category"),
    "origin": _("came from"),
    "returned_on": _("came back on"),
    "came_by": _("transport"),
    "state": _("state"),
}
"""Fields that may stand in the wording of a paper."""

VERBS |= sweepwords.VERBS | gridwords.VERBS
