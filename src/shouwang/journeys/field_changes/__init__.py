"""下行 Changes: what a telephone in the field must know, and how that differs from what it holds."""

from shouwang.journeys.field_changes.documents import Documents, documents
from shouwang.journeys.field_changes.pull import Changes, Told, pull_changes, written_documents

__all__ = ["Changes", "Documents", "Told", "documents", "pull_changes", "written_documents"]
