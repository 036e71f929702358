"""病例 Line list, investigation, chains (D1-D6; issue to come)."""
