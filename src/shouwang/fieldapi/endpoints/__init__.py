"""One module for each address of the field protocol (docs/reference/sync.md)."""
