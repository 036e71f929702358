"""Routes of the first thread."""

from __future__ import annotations

from tests.access.route import (
    ABOVE,
    ALL,
    AROUND,
    CARE,
    DISTRICT,
    DONE,
    OPEN_OR_NO_PACK,
    OWN_PACK,
    RECORD,
    REPORT,
    TOWN,
    Route,
)
from tests.town import OTHER_VILLAGE, VILLAGE

ROUTES: dict[str, Route] = {
    "today": Route(ALL),
    "search": Route(CARE),
    "household": Route(CARE, {"household_id": "household"}, AROUND),
    "household-move": Route(
        TOWN,
        {"household_id": "household"},
        AROUND,
        method="post",
        data={"area": OTHER_VILLAGE, "address": "5组8号", "reason": "投亲"},
        good=DONE,
    ),
    "person": Route(CARE, {"person_id": "person"}, AROUND),
    "person-reveal": Route(
        frozenset({"village-doctor", "epidemiologist"}) | TOWN,
        {"person_id": "person"},
        AROUND,
        method="post",
        data={"purpose": "核对"},
        good=DONE,
    ),
    "person-correct": Route(
        TOWN, {"person_id": "person"}, AROUND, method="post", data={"field": "sex"}, good=DONE
    ),
    "check": Route(RECORD, {"file_id": "file"}, AROUND),
    "check-correct": Route(RECORD, {"file_id": "file", "check_id": "check"}, AROUND),
    "check-countersign": Route(
        frozenset({"village-doctor"}) | TOWN,
        {"file_id": "file", "check_id": "check"},
        AROUND,
        method="post",
        good=DONE,
    ),
    "day-sign": Route(
        RECORD, {"file_id": "file"}, AROUND, method="post", data={"day": "2020-01-31"}, good=DONE
    ),
    "file-release": Route(TOWN, {"file_id": "file"}, AROUND, method="post", good=DONE),
    "file-release-early": Route(
        frozenset({"town-commander", "district-commander"}),
        {"file_id": "file"},
        AROUND,
        method="post",
        data={"reason": "转院"},
        good=DONE,
    ),
    "file-extend": Route(
        TOWN | {"epidemiologist"},
        {"file_id": "file"},
        AROUND,
        method="post",
        data={"until": "2020-02-12", "reason": "家人发热"},
        good=DONE,
    ),
    "file-hand-over": Route(
        TOWN | {"epidemiologist"},
        {"file_id": "file"},
        AROUND,
        method="post",
        data={"worker": "@worker", "reason": "调岗"},
        good=DONE,
    ),
    "file-notice": Route(TOWN, {"file_id": "file"}, AROUND, method="post", good=DONE),
    "file-print": Route(TOWN, {"file_id": "file"}, AROUND, method="post", good=DONE),
    "paper-print": Route(TOWN, {"paper_id": "paper"}, AROUND, method="post", good=DONE),
    "due": Route(CARE),
    "alerts": Route(CARE),
    "alert-answer": Route(
        CARE, {"alert_id": "alert"}, AROUND, method="post", data={"answer": "已送发热门诊"}, good=DONE
    ),
    "watched": Route(CARE),
    "watched-moved": Route(CARE),
    "ledgers": Route(CARE, good=OPEN_OR_NO_PACK),
    "ledger": Route(CARE, {"code": "ledger"}, good=OPEN_OR_NO_PACK),
    "ledger-changes": Route(CARE, {"code": "ledger"}, good=OPEN_OR_NO_PACK),
    "ledger-export": Route(
        TOWN | {"epidemiologist"}, {"code": "ledger"}, method="post", data={"purpose": "核对"}, good=DONE
    ),
    "imports": Route(TOWN),
    "import-upload": Route(TOWN, method="post", good=DONE),
    "import": Route(TOWN, {"batch_id": "batch"}, ABOVE),
    "import-progress": Route(TOWN, {"batch_id": "batch"}, ABOVE),
    "import-confirm": Route(TOWN, {"batch_id": "batch"}, ABOVE, method="post", good=DONE),
    "import-commit": Route(TOWN, {"batch_id": "batch"}, ABOVE, method="post", good=DONE),
    "import-cancel": Route(TOWN, {"batch_id": "batch"}, ABOVE, method="post", good=DONE),
    "import-undo": Route(
        TOWN, {"batch_id": "batch"}, ABOVE, method="post", data={"reason": "发错"}, good=DONE
    ),
    "import-corrections": Route(TOWN, {"batch_id": "batch"}, ABOVE),
    "verify": Route(TOWN),
    "verify-resolve": Route(
        TOWN, {"item_id": "item"}, AROUND, method="post", data={"how": "confirmed"}, good=DONE
    ),
    "vacancies": Route(CARE),
    "workers": Route(CARE | {"administrator"}, good=OPEN_OR_NO_PACK),
    "worker-add": Route(TOWN, method="post", good=DONE),
    "worker-replace": Route(
        TOWN,
        {"worker_id": "worker"},
        AROUND,
        method="post",
        data={"successor": "@worker", "reason": "调岗"},
        good=DONE,
    ),
    "household-assign": Route(
        TOWN,
        {"household_id": "household"},
        AROUND,
        method="post",
        data={"worker": "@worker", "role": "village-cadre"},
        good=DONE,
    ),
    "report": Route(REPORT),
    "report-figure": Route(REPORT, {"code": "figure"}),
    "report-download": Route(REPORT, {"form": "form"}),
    "report-close": Route(frozenset({"town-commander", "district-commander"}), method="post", good=DONE),
    "approvals": Route(frozenset({"town-commander", "district-commander"})),
    "approval-decide": Route(
        frozenset({"town-commander", "district-commander"}),
        {"approval_id": "approval"},
        AROUND,
        method="post",
        data={"decision": "refuse"},
        good=DONE,
    ),
    "approval-fetch": Route(
        frozenset({"town-commander"}), {"approval_id": "approval"}, AROUND, method="post", good=DONE
    ),
    "packs": Route(ALL),
    "pack": Route(ALL, {"revision_id": "revision"}, OWN_PACK),
    "pack-preview": Route(TOWN | {"district-commander"}, {"revision_id": "revision"}, OWN_PACK),
    "pack-propose": Route(TOWN | DISTRICT | {"administrator"}, method="post", good=DONE),
    "pack-approve": Route(
        frozenset({"town-commander", "district-commander"}),
        {"revision_id": "revision"},
        frozenset({"own town", "district"}),
        frozenset({"own village", "other village"}),
        method="post",
        good=DONE,
    ),
    "journal": Route(frozenset({"auditor", "administrator"})),
    "users": Route(frozenset({"administrator"})),
    "user-add": Route(frozenset({"administrator"}), method="post", good=DONE),
    "user-give": Route(frozenset({"administrator"}), {"user_id": "user"}, AROUND, method="post", good=DONE),
    "user-password": Route(
        frozenset({"administrator"}), {"user_id": "user"}, AROUND, method="post", good=DONE
    ),
    "user-take": Route(
        frozenset({"administrator"}),
        {"user_id": "user"},
        AROUND,
        method="post",
        data={"role": "village-doctor", "area": VILLAGE},
        good=DONE,
    ),
}
