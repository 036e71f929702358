"""Reading papers: those of a subject, one, and what its QR tells a stranger."""

from shouwang.outreach.queries.deliveries import Delivery, deliveries
from shouwang.outreach.queries.papers import (
    UNKNOWN,
    PaperRow,
    ServedRow,
    Status,
    Verdict,
    altered_papers,
    digest_of,
    paper,
    paper_count,
    papers_of,
    seal_of,
    serial_of,
    served_records,
    sheet_of,
    subjects_with_papers,
    token_of,
    verify_paper,
)

__all__ = [
    "UNKNOWN",
    "Delivery",
    "PaperRow",
    "ServedRow",
    "Status",
    "Verdict",
    "altered_papers",
    "deliveries",
    "digest_of",
    "paper",
    "paper_count",
    "papers_of",
    "seal_of",
    "serial_of",
    "served_records",
    "sheet_of",
    "subjects_with_papers",
    "token_of",
    "verify_paper",
]
