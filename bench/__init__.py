"""How fast it is (`make bench`): seeded large data, one table."""
