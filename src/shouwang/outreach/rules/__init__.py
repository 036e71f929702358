"""Papers as plain values: what is printed, its serial, its wording, and the seal that the QR carries."""

from shouwang.outreach.rules.content import (
    CertificateContent,
    Content,
    FileContent,
    FileDay,
    Member,
    NoticeContent,
    PaperKind,
    ReadingLine,
    join_content,
    split_content,
)
from shouwang.outreach.rules.seal import (
    DOCUMENT_WORD,
    content_digest,
    make_token,
    masked_holder,
    paper_seal,
    read_token,
    serial_text,
    token_matches,
    town_of,
)
from shouwang.outreach.rules.wording import Wording, chinese_day, chinese_days, default_wording, fill

__all__ = [
    "DOCUMENT_WORD",
    "CertificateContent",
    "Content",
    "FileContent",
    "FileDay",
    "Member",
    "NoticeContent",
    "PaperKind",
    "ReadingLine",
    "Wording",
    "chinese_day",
    "chinese_days",
    "content_digest",
    "default_wording",
    "fill",
    "join_content",
    "make_token",
    "masked_holder",
    "paper_seal",
    "read_token",
    "serial_text",
    "split_content",
    "token_matches",
    "town_of",
]
