"""下行 Changes: what a telephone in the field must know, and how that differs from what it holds."""
