"""Codes of the house in words: what the journal's verbs, problems and states are called on a page."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

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
    "people.household.added": _("added a household"),
    "classification.area.classified": _("reclassified everyone of a place"),
    "classification.people.classified": _("classified people"),
}

GROUPS: dict[str, tuple[Text, tuple[str, ...]]] = {
    "reads": (_("Reads"), ("people.person.revealed",)),
    "exports": (_("Exports"), ("ledgers.ledger.exported", "ledgers.exported", "screening.export")),
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
