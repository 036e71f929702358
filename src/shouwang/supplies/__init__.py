"""物资 Stock, burn, donations, price (H1-H4; issue to come)."""
