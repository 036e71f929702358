"""Shouwang 守望."""
