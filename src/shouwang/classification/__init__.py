"""分类 Who is of which kind, since when, by which revision of the pack, and why."""
