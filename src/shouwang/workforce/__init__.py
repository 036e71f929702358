"""队伍 Workers and assignments: who, in which role, to what, from when to when."""
