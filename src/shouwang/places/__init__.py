"""地点 Divisions, grids, compounds, dwellings, and how people write them."""
