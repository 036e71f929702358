"""台账 Ledgers: definitions over one person table; exports with a receipt."""
