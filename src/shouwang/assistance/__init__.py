"""帮扶 Requests, volunteers, deliveries, care, hotline (G1-G5; issue to come)."""
