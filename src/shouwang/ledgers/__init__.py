"""台账 Ledgers: definitions of a pack over the one person table, as of any moment."""
