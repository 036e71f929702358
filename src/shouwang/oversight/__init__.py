"""督导 Daily report, figures with their rows (K1-K8)."""
