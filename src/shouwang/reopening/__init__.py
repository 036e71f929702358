"""复工 Firms, filings, three officers (J1-J5; issue to come)."""
