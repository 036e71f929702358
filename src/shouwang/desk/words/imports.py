"""Imports: problems to verify, kinds of lists, columns, states, notices."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.desk.sentences.rooms import Text

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
    "id-characters": _("identity number: characters that cannot be"),
    "id-region": _("identity number: unknown division"),
    "birth-date-differs": _("date of birth differs from what is known"),
    "phone-unclear": _("telephone number is unclear"),
    "temperature-unclear": _("temperature is unclear"),
    "temperature-impossible": _("temperature is impossible"),
    "no-person": _("the row names no person"),
    "other-person": _("the same number, but another name"),
}


def problem_words(code: str) -> str:
    """What is to be verified, in words."""
    return str(PROBLEMS.get(code, code))


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
