"""What is known of a person: fields, papers, sexes; what changed on a ledger."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from shouwang.desk.sentences.rooms import Text

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
