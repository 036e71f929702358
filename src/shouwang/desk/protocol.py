"""What the person's page shows of tests, hand-overs and discharges, and which of its buttons are there."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from shouwang.desk.gate import DeskRequest
from shouwang.desk.labwords import OUTCOMES, REQUESTS
from shouwang.desk.packwords import event_titles, test_kinds
from shouwang.desk.views.crossing import sites
from shouwang.desk.views.laboratory import told_test
from shouwang.kernel.ids import uuid7
from shouwang.observation.queries import (
    FilePage,
    FileRow,
    TestFactRow,
    discharges_of,
    hand_over_requests,
    laboratory_facts,
    laboratory_of_files,
)
from shouwang.packs.schema import Pack
from shouwang.places.queries import spoken_names
from shouwang.policy.queries import pack_of


def facts_of_pages(request: DeskRequest, pages: Sequence[FilePage]) -> dict[UUID, list[TestFactRow]]:
    """What was recorded about tests of these files, for the story."""
    return (
        laboratory_facts(request.scope.only("observation.view"), [p.file.id for p in pages]) if pages else {}
    )


def told(request: DeskRequest, person_id: UUID, pages: Sequence[FilePage]) -> dict[str, object]:
    """Tests of the file on top, hand-overs, discharges, and what may be done."""
    health = request.scope.only("observation.view")
    context: dict[str, object] = {"discharges": discharges_of(health, [person_id]).get(person_id, [])}
    if not pages:
        return context
    file = next((p for p in pages if p.file.state == "open"), pages[0]).file
    pack = pack_of(file.revision_id)
    requests = hand_over_requests(health, file_id=file.id, limit=10)
    return context | {
        "tests": [told_test(row) for row in laboratory_of_files(health, [file.id]).get(file.id, [])],
        "hand_overs": [(row, REQUESTS[row.state]) for row in requests],
        "hand_over_places": spoken_names([row.area for row in requests]),
        "outcomes": list(OUTCOMES.items()),
        "correction_id": str(uuid7()),
        **_may(request, file, pack, asked=any(r.state in ("asked", "accepted") for r in requests)),
    }


def _may(request: DeskRequest, file: FileRow, pack: Pack, *, asked: bool) -> dict[str, object]:
    """Which buttons are there."""
    is_open = file.state == "open"
    manages = request.scope.allows("observation.manage", file.area)
    places = {stage.place for stage in pack.protocol(file.protocol).stages}
    at_sites = sites(request) if manages and is_open and "facility" in places else []
    at_site = file.area in {path for path, _ in at_sites}
    effects = ("transfer", "reopen") if is_open else ("reopen",) if file.state.startswith("released") else ()
    return {
        "may_sample": bool(test_kinds(pack, file.protocol)) and (is_open or "reopen" in effects),
        "moves_on": event_titles(pack, file.protocol, *effects) if manages and effects else {},
        "sites": [] if at_site else at_sites,
        "may_ask_home": at_site and "home" in places and not asked,
    }
