"""文书与告知 Papers served on people (C6), notices and patrols (L1-L2)."""
