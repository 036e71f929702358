"""通行 Passes, gates, closures, pledges (F1-F5; issue to come)."""
