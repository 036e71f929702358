"""Routes of the doctor's round and of papers."""

from __future__ import annotations

from tests.access.route import AROUND, DONE, RECORD, TOWN, Route

TEMPLATE = frozenset({"town-clerk", "administrator"})

ROUTES: dict[str, Route] = {
    "round": Route(RECORD),
    "round-evening": Route(RECORD),
    "round-order": Route(RECORD, method="post", good=DONE),
    "round-make": Route(RECORD, method="post", good=DONE),
    "round-find": Route(RECORD, good=frozenset({404})),
    "round-sheet": Route(RECORD, {"sheet_id": "sheet"}, AROUND),
    "round-print": Route(RECORD, {"sheet_id": "sheet"}, AROUND, method="post", good=DONE),
    "household-locate": Route(
        RECORD,
        {"household_id": "household"},
        AROUND,
        method="post",
        data={"position": "29.6012, 105.7034"},
        good=frozenset({404}),  # the tests' household has no door of its own
    ),
    "papers": Route(TOWN),
    "paper": Route(TOWN, {"paper_id": "paper"}, AROUND),
    "paper-serve": Route(
        TOWN,
        {"paper_id": "paper"},
        AROUND,
        method="post",
        data={
            "id": "01a200a2-4264-70a6-8813-f4c6718d3913",
            "how": "in-person",
            "served_at": "2020-02-01T17:00",
        },
        good=DONE,
    ),
    "paper-revoke": Route(
        TOWN, {"paper_id": "paper"}, AROUND, method="post", data={"reason": "写错"}, good=DONE
    ),
    "paper-reissue": Route(
        TOWN, {"paper_id": "paper"}, AROUND, method="post", data={"reason": "写错"}, good=DONE
    ),
    "file-pledge": Route(TOWN, {"file_id": "file"}, AROUND, method="post", good=DONE),
    "paper-doors": Route(TOWN),
    "paper-templates": Route(TEMPLATE),
    "paper-logo": Route(TEMPLATE, method="post", good=DONE),
    "paper-template": Route(TEMPLATE, {"kind": "paper_kind"}),
    "paper-preview": Route(TEMPLATE, {"kind": "paper_kind"}, method="post", good=DONE),
    "paper-picture": Route(TEMPLATE, {"kind": "paper_kind"}),
}
