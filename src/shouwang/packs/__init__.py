"""方案 Policy packs: schema, conditions and their three faces, words. Pure."""
