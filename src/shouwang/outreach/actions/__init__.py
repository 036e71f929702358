"""Issuing papers, recording that they were served, revoking them, printing them."""

from shouwang.outreach.actions.papers import (
    WAYS,
    issue_paper,
    print_paper,
    record_served,
    revoke_paper,
)

__all__ = [
    "WAYS",
    "issue_paper",
    "print_paper",
    "record_served",
    "revoke_paper",
]
