"""Routes of tests, hand-overs, discharges, quorum."""

from __future__ import annotations

from tests.access.route import AROUND, CARE, DONE, RECORD, TOWN, Route
from tests.town import OTHER_VILLAGE

MANAGE = TOWN | {"epidemiologist"}

ROUTES: dict[str, Route] = {
    "tests": Route(CARE),
    "tests-results": Route(RECORD),
    "tests-file": Route(RECORD),
    "tests-send": Route(
        RECORD,
        exists=AROUND,
        method="post",
        data={"test": "@sample", "lab": "区疾控中心", "sent_at": "2020-02-01T17:30"},
        good=DONE,
    ),
    "test-sample": Route(RECORD, {"file_id": "tested"}, AROUND),
    "test-correct": Route(
        RECORD,
        {"fact_id": "fact"},
        AROUND,
        method="post",
        data={
            "id": "0198a1b2-0000-7000-8000-000000000001",
            "outcome": "inconclusive",
            "resulted_at": "2020-01-30T16:00",
            "reason": "录错",
        },
        good=DONE,
    ),
    "hand-overs": Route(CARE),
    "hand-over-answer": Route(
        MANAGE,
        {"request_id": "request"},
        AROUND | {"other village"},
        frozenset({"other village"}),
        method="post",
        data={"decision": "reject", "note": "家中有孕妇"},
        good=DONE,
    ),
    "file-ask-home": Route(
        MANAGE, {"file_id": "tested"}, AROUND, method="post", data={"reason": "期满"}, good=DONE
    ),
    "file-settle": Route(
        MANAGE,
        {"file_id": "tested"},
        AROUND,
        method="post",
        data={"site": OTHER_VILLAGE, "reason": "集中观察"},
        good=DONE,
    ),
    "file-send-on": Route(
        MANAGE,
        {"file_id": "tested"},
        AROUND,
        method="post",
        data={"event": "tested-positive", "to": "区人民医院", "reason": "阳性"},
        good=DONE,
    ),
    "discharge": Route(MANAGE, {"person_id": "person"}, AROUND),
    "quorum": Route(CARE),
}
