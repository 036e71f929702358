"""Papers: kinds, states, ways of serving, fields of their wording."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.desk.sentences.rooms import Text

PAPERS: dict[str, Text] = {
    "notice-of-observation": _("Notice of observation"),
    "release-certificate": _("Certificate of release"),
    "person-file": _("File"),
    "door-notice": _("Notice at the door"),
    "pledge": _("Pledge form"),
}
"""Kinds of papers."""


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
