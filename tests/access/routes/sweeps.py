"""Routes of rounds over doors. The round is the town's: every village of it has its part."""

from __future__ import annotations

from tests.access.route import AROUND, CARE, DONE, OWN_PACK, RECORD, TOWN, Route
from tests.town import VILLAGE

SHARED = OWN_PACK
"""The town's round is seen from every village of the town, and from above."""
MANAGE = TOWN | {"district-commander"}
ROUND = {"sweep_id": "sweep"}

ROUTES: dict[str, Route] = {
    "sweeps": Route(CARE),
    "sweep-open": Route(MANAGE, method="post", good=DONE),
    "sweep": Route(CARE, ROUND, SHARED),
    "sweep-close": Route(
        MANAGE, ROUND, SHARED, refused=frozenset({"own village", "other village"}), method="post", good=DONE
    ),
    "sweep-owner": Route(
        TOWN,
        ROUND,
        SHARED,
        refused=frozenset({"other village"}),
        method="post",
        data={"area": VILLAGE, "worker": "@worker"},
        good=DONE,
    ),
    "sweep-print": Route(RECORD, ROUND, SHARED, method="post", data={"area": VILLAGE}),
    "sweep-missed": Route(CARE, ROUND, SHARED),
    "sweep-door-add": Route(
        RECORD, ROUND, SHARED, method="post", data={"area": VILLAGE, "address": "3组16号"}, good=DONE
    ),
    "sweep-entry": Route(RECORD, ROUND, SHARED),
    "sweep-door": Route(CARE, {"door_id": "door"}, AROUND),
    "sweep-visit-correct": Route(RECORD, {"visit_id": "visit"}, AROUND),
}
