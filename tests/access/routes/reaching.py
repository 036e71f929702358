"""Routes of reaching people: calls, appointments, workers away, arrivals."""

from __future__ import annotations

from tests.access.route import AROUND, CARE, DONE, RECORD, TOWN, Route
from tests.town import VILLAGE

OFFICE = TOWN | {"administrator"}
ROUTES: dict[str, Route] = {
    "calls": Route(CARE, good=frozenset({200, 422})),
    "call-next": Route(RECORD, method="post", good=DONE),
    "call-list": Route(
        RECORD, method="post", data={"script": "four-questions", "category": "wuhan"}, good=DONE
    ),
    "reach": Route(RECORD, {"reach_id": "reach"}, AROUND, good=DONE),
    "reach-attempt": Route(
        RECORD,
        {"reach_id": "reach"},
        AROUND,
        method="post",
        data={"channel": "phone", "outcome": "no-answer"},
        good=DONE,
    ),
    "reach-appointment": Route(
        RECORD,
        {"reach_id": "reach"},
        AROUND,
        method="post",
        data={"from": "2020-02-02T09:00", "minutes": "60"},
        good=DONE,
    ),
    "reach-leave": Route(RECORD, {"reach_id": "reach"}, AROUND, method="post", good=DONE),
    "reach-number": Route(RECORD, {"reach_id": "reach"}, AROUND, method="post", good=DONE),
    "appointment-end": Route(
        RECORD,
        {"appointment_id": "appointment"},
        AROUND,
        method="post",
        data={"outcome": "kept"},
        good=DONE,
    ),
    "statement": Route(RECORD, {"person_id": "person"}, AROUND),
    "away": Route(CARE),
    "away-add": Route(RECORD, method="post", good=frozenset({302, 404})),
    "away-register": Route(RECORD, method="post", good=DONE),
    "away-say": Route(
        RECORD, {"person_id": "away"}, AROUND, method="post", data={"outcome": "deferred"}, good=DONE
    ),
    "arrivals": Route(CARE),
    "post-add": Route(
        OFFICE,
        method="post",
        data={"area": VILLAGE, "name": "西口", "kind": "road"},
        good=DONE | {403},
    ),
    "arrival-register": Route(RECORD, {"post_id": "gate"}, AROUND),
    "arrival-meet": Route(RECORD, {"arrival_id": "arrival"}, AROUND),
}
