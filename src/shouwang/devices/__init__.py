"""设备 Phones in the field, what they sent and what became of it, epochs and backups."""
