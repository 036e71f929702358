"""集中点 Isolation sites and rooms (E1-E2; issue to come)."""
