"""观察 Observation files, duties, checks, alerts, release."""
