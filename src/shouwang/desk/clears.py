"""The three clears and the lists of gaps as pages show them."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext

from shouwang.desk.gaps import detail_words, lines_of
from shouwang.desk.packwords import language
from shouwang.desk.paging import PAGE, cut
from shouwang.kernel.scope import Scope
from shouwang.oversight.queries import clear_states, closing_places, gap_count, gap_rows, moment_of
from shouwang.oversight.queries.gaps.reading import cursor_of
from shouwang.oversight.rules import BASES, BY_CODE
from shouwang.places.queries import spoken_names
from shouwang.places.rules import village_name

BASE_WORDS = dict(BASES)


def the_clears(scope: Scope, area: str, day: date, at: datetime) -> dict[str, object]:
    """Each clear with its criteria, and the places below as columns of one table."""
    moment = moment_of(scope, area, day, at)
    states = clear_states(scope, moment)
    places = closing_places(scope, area)
    table = [
        (
            place.path,
            village_name(place.name),
            [sum(c.below.get(place.path, 0) for c in state.criteria) for state in states],
        )
        for place in places
    ]
    table.sort(key=lambda row: (-sum(row[2]), row[0]))
    return {
        "clears": [
            {
                "title": state.clear.title.text(language()),
                "convention": state.clear.convention.text(language()) if state.clear.convention else "",
                "source": state.clear.source,
                "state": state,
                "criteria": [(c, gettext(c.gap.title), gettext(c.gap.definition)) for c in state.criteria],
            }
            for state in states
        ],
        "titles": [state.clear.title.text(language()) for state in states],
        "table": [row for row in table if sum(row[2])],
        "clean": sum(1 for row in table if not sum(row[2])),
        **{"area": area, "day": day, "place": spoken_names([area]).get(area, area), "up": area[:-3]},
    }


def the_list(
    scope: Scope, kind: str, area: str, day: date, at: datetime, *, after: str = ""
) -> dict[str, object]:
    """One page of the list behind a gap, with who and where."""
    moment = moment_of(scope, area, day, at)
    pages = cut(gap_rows(scope, kind, moment, after=after, limit=PAGE + 1), cursor_of)
    gap = BY_CODE[kind]
    lines = lines_of(scope, list(pages.rows), moment.pack)
    return {
        "gap": gap,
        "title": gettext(gap.title),
        "definition": gettext(gap.definition),
        "lines": lines,
        "count": gap_count(scope, kind, moment),
        "next": pages.next,
        "places": spoken_names([area, *(line.row.area for line in lines)]),
        **{"area": area, "day": day, "kind": kind, "detail_words": detail_words},
    }
