"""Refusals in words: which, why, what now. The domain raises codes; here they become sentences.

`tests/contracts/test_refusals.py` finds every code raised under `src/` and asks for its sentence.
"""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.desk.sentences import MORE, Sentence
from shouwang.desk.words import problem_words
from shouwang.kernel.errors import Refused
from shouwang.places.queries import spoken_names


def sentence(refused: Refused) -> str:
    """The refusal in the language of the request."""
    entry = SENTENCES.get(refused.code)
    if entry is None:
        return gettext("Refused: {code}. Nothing was written.").format(code=refused.code)
    params = _Params({key: _said(key, str(value)) for key, value in refused.params.items()})
    told, now = str(entry.told).format_map(params), str(entry.now).format_map(params)
    return f"{told}{'' if told.endswith('。') else ' '}{now}".strip()


def _said(key: str, value: str) -> str:
    if key == "place" and value[:1].isdigit():
        return spoken_names([value]).get(value, value)
    return problem_words(value) if key == "problem" else value


def status_of(refused: Refused) -> int:
    """The HTTP status a refusal has on a page."""
    if refused.code.endswith("-not-found"):
        return 404
    return 403 if refused.code == "not-permitted" else 422


class _Params(dict[str, str]):
    """A parameter that the domain did not give reads as a dash, never as an error inside an error."""

    def __missing__(self, key: str) -> str:
        return "—"


_ASK_AGAIN = _("Open the page again and look at what is there now.")
_REASON = _("Write why in a few words: whoever reads this later was not here.")

_OWN: dict[str, Sentence] = {
    "not-permitted": Sentence(
        _("Your role does not allow this here."), _("Ask the administrator, or somebody whose role does.")
    ),
    "reason-missing": Sentence(_("A reason is needed."), _REASON),
    "approval-not-found": Sentence(_("There is no such request for approval.")),
    "approval-closed": Sentence(_("Somebody has already decided this request."), _ASK_AGAIN),
    "approval-lapsed": Sentence(
        _("The request lapsed after three days without an answer."),
        _("Ask again if it is still needed."),
    ),
    "second-person-needed": Sentence(
        _("The one who asks cannot approve."), _("Another person with this right has to decide.")
    ),
    "payload-changed": Sentence(
        _("What was asked for is no longer what was frozen, so it cannot be approved."),
        _("Tell the auditor, and ask again."),
    ),
    "grant-not-found": Sentence(_("This person does not hold that role there."), _ASK_AGAIN),
    "role-unknown": Sentence(_("There is no role “{role}”."), _("Choose one from the list.")),
    "username-taken": Sentence(_("The log-in name {username} is in use."), _("Choose another.")),
    "person-not-found": Sentence(_("There is no such person here.")),
    "household-not-found": Sentence(_("There is no such household here.")),
    "user-reaches-further": Sentence(
        _("This log-in also has a role outside your places."), _("Ask the administrator of the place above.")
    ),
    "user-not-found": Sentence(_("There is no such log-in here.")),
    "name-missing": Sentence(_("A name is missing."), _("Fill it in.")),
    "place-unknown": Sentence(
        _("There is no place “{place}” among yours."), _("Give the division code of a place of your own.")
    ),
    "field-unknown": Sentence(_("The field “{field}” cannot be corrected here.")),
    "seal-broken": Sentence(
        _("A sealed value could not be opened: its key or its place is wrong."), _("Tell the administrator.")
    ),
}

SENTENCES: dict[str, Sentence] = _OWN | MORE
"""Every code with its sentence."""
