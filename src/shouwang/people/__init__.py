"""居民 Persons, households, residence over time, identifiers."""
