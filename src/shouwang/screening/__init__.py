"""排查 Finding people: imports, trips, exposures, the to-verify list; later sweeps, self-report, matching."""
