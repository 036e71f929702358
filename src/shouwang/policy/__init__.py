"""政策 Adopted pack revisions: what is in force where, since when, by whom."""
