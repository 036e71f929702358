"""Routes of the evening."""

from __future__ import annotations

from tests.access.route import ABOVE, AROUND, CARE, DONE, OWN_PACK, REPORT, TOWN, Route
from tests.town import TOWN as TOWN_PATH
from tests.town import VILLAGE

CLOSES = TOWN | {"village-cadre", "district-commander"}
HERE = {"area": VILLAGE}

ROUTES: dict[str, Route] = {
    "close-out": Route(CARE, exists=OWN_PACK),
    "close-out-explain": Route(
        CLOSES,
        exists=AROUND,
        method="post",
        data={**HERE, "kind": "alarm-open", "all": "yes", "reason": "time"},
        good=DONE,
    ),
    "close-out-close": Route(CLOSES, exists=AROUND, method="post", data={**HERE, "looked": "x"}, good=DONE),
    "close-out-reopen": Route(CLOSES, exists=AROUND, method="post", data={**HERE, "reason": "补"}, good=DONE),
    "evening": Route(CARE, exists=OWN_PACK),
    "task-write": Route(
        CLOSES,
        exists=AROUND,
        method="post",
        data={**HERE, "text": "补送告知书", "due": "2020-02-02T18:00"},
        good=DONE,
    ),
    "task-mark": Route(
        CLOSES, {"task_id": "task"}, AROUND, method="post", data={**HERE, "outcome": "done"}, good=DONE
    ),
    "tomorrow": Route(CARE, exists=OWN_PACK),
    "clears": Route(CARE, exists=OWN_PACK),
    "gap": Route(CARE, {"kind": "gap"}, OWN_PACK),
    "report-tree": Route(REPORT),
    "report-form": Route(REPORT, {"code": "report_form"}, OWN_PACK),
    "report-template": Route(REPORT, {"code": "report_form"}, OWN_PACK),
    "report-template-set": Route(
        frozenset({"town-commander", "district-commander"}),
        {"code": "report_form"},
        exists=ABOVE,
        method="post",
        data={"area": TOWN_PATH, "built-in": "yes"},
        good=DONE,
    ),
}
