"""分类 Decisions by pack revision, with reasons."""
