"""Issuing papers, recording that they were served, revoking them, printing them."""

from shouwang.outreach.actions.papers import (
    WAYS,
    issue_paper,
    print_paper,
    record_served,
    revoke_paper,
)
from shouwang.outreach.actions.templates import (
    add_logo,
    save_template,
)
from shouwang.outreach.actions.doors import (
    MOST_PAPERS,
    NewPaper,
    issue_papers,
    print_doors,
)

__all__ = [
    "MOST_PAPERS",
    "WAYS",
    "NewPaper",
    "add_logo",
    "issue_paper",
    "issue_papers",
    "print_doors",
    "print_paper",
    "record_served",
    "revoke_paper",
    "save_template",
]
