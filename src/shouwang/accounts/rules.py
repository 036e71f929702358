"""角色 Roles as classes: a permission list and a description that a newcomer understands.

Source: issue 2 §1; ARCHITECTURE idea 4. A role says what may be done; the grant says where.
"""

from __future__ import annotations

from typing import ClassVar

PERMISSIONS: dict[str, str] = {
    "person.view": "See people and households, identifiers masked",
    "person.reveal": "See one full identifier or telephone, with a purpose that is recorded",
    "person.edit": "Correct what is known of a person",
    "place.view": "See places",
    "place.edit": "Add grids, compounds and dwellings",
    "import.run": "Import spreadsheets, cancel and undo them",
    "verify.resolve": "Resolve entries of the to-verify list",
    "ledger.view": "Open ledgers",
    "ledger.export": "Export a ledger with masked identifiers",
    "ledger.export-full": "Export full identifiers, with a purpose and a watermark",
    "classification.run": "Reclassify everyone of a place by the pack in force",
    "pack.view": "Read policy packs",
    "pack.propose": "Propose a pack revision",
    "pack.approve": "Approve a revision somebody else proposed",
    "observation.view": "See observation files, checks and alerts",
    "observation.record": "Record and correct daily checks",
    "observation.countersign": "Countersign somebody else's check",
    "observation.manage": "Open, extend, hand over files",
    "observation.release": "Release on time, when the rule allows",
    "observation.release-early": "Ask for or approve an early release (two persons)",
    "reach.record": "Note attempts to reach people, make calls, register arrivals and workers away",
    "alert.answer": "Answer alerts",
    "team.view": "See teams",
    "team.assign": "Assign workers",
    "group.view": "See chat groups and who belongs in them",
    "group.manage": "Mark groups and members as done, connect a group's robot",
    "message.view": "See messages and whether they arrived",
    "message.manage": "Send a message again, or say that it arrived",
    "channel.manage": "Set up robots, SMS and mail of a place, and test them",
    "sweep.view": "See sweeps: rounds over doors, coverage, missed doors",
    "sweep.record": "Record and correct visits to doors",
    "sweep.manage": "Open and close a round of a sweep",
    "paper.issue": "Issue notices and certificates",
    "paper.template": "Change wording and looks of papers: logo, seal line, office",
    "report.view": "See daily reports",
    "report.close": "Close a day's report",
    "day.close": "Close the day of a place: what is left, why, who takes it; tasks for tomorrow",
    "journal.view": "Read the journal: who did, read, exported and overrode what",
    "approval.decide": "Decide requests of a second person",
    "user.manage": "Give and take roles",
    "device.manage": "Enrol and revoke phones, decide what they sent that was kept",
}
"""Every permission there is, with what it allows."""


class Role:
    """What a person does here. Subclass once for each role; never make one at run time."""

    code: ClassVar[str]
    title: ClassVar[str]
    description: ClassVar[str]
    permissions: ClassVar[frozenset[str]]
    desk: ClassVar[bool] = True
    """Works at a desk: must have a second factor."""


_FIELD = frozenset(
    {
        *("person.view", "place.view", "ledger.view", "observation.view", "observation.record"),
        *("alert.answer", "team.view", "pack.view", "group.view", "group.manage"),
        *("sweep.view", "sweep.record", "reach.record"),
    }
)
_RECORDS = frozenset({"observation.record", "sweep.record", "reach.record", "group.manage"})
"""What only those do who are at the door or on the telephone."""
_OFFICE = _FIELD | {
    *("person.reveal", "person.edit", "place.edit", "import.run", "verify.resolve", "ledger.export"),
    *("classification.run", "pack.propose", "observation.countersign", "observation.manage"),
    *("observation.release", "team.assign", "paper.issue", "report.view", "sweep.manage"),
    "day.close",
    *("message.view", "message.manage"),
    "device.manage",
}


class VillageCadre(Role):
    code = "village-cadre"
    title = "Village cadre"
    description = "Knocks on doors, visits and checks the households of one village or grid."
    permissions = _FIELD | {"day.close"}
    desk = False


class VillageDoctor(Role):
    code = "village-doctor"
    title = "Village doctor"
    description = "Phones and visits the households under observation, measures, answers alarms."
    permissions = _FIELD | {"observation.countersign", "person.reveal"}
    desk = False


class TownClerk(Role):
    code = "town-clerk"
    title = "Town clerk"
    description = "Imports what villages send, keeps the ledgers, resolves what must be verified."
    permissions = _OFFICE | {"paper.template"}


class TownCommander(Role):
    code = "town-commander"
    title = "Town commander"
    description = "Answers for the town: sees trouble first, approves what needs a second person."
    permissions = _OFFICE | {
        *("pack.approve", "observation.release-early", "approval.decide", "report.close"),
        *("ledger.export-full",),
    }


class DistrictCommander(Role):
    code = "district-commander"
    title = "District commander"
    description = "Sees every town of the district, adopts packs, decides approvals."
    permissions = (_FIELD - _RECORDS) | {
        *("pack.propose", "pack.approve", "classification.run", "approval.decide", "report.view"),
        *("sweep.manage", "message.view", "day.close"),
        *("report.close", "observation.release-early"),
    }


class Epidemiologist(Role):
    code = "epidemiologist"
    title = "Epidemiologist"
    description = "Follows cases and contacts of the district, orders extensions."
    permissions = (_FIELD - _RECORDS) | {
        *("person.reveal", "ledger.export", "observation.manage", "pack.propose", "report.view"),
    }


class Auditor(Role):
    code = "auditor"
    title = "Auditor"
    description = "Reads who looked, exported, overrode and approved; changes nothing."
    permissions = frozenset({"journal.view", "report.view", "pack.view", "place.view"})


class Administrator(Role):
    code = "administrator"
    title = "Administrator"
    description = "Sets up places and log-ins. Does not see health data by that role."
    permissions = frozenset(
        {"user.manage", "place.view", "place.edit", "pack.view", "pack.propose", "team.view", "journal.view"}
        | {"channel.manage", "paper.template", "device.manage"}
    )


ROLES: dict[str, type[Role]] = {
    role.code: role
    for role in (
        VillageCadre,
        VillageDoctor,
        TownClerk,
        TownCommander,
        DistrictCommander,
        Epidemiologist,
        Auditor,
        Administrator,
    )
}
"""Every role by code."""
