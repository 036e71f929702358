"""旅程 Stories that cross rooms, one file each."""
