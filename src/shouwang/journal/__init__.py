"""日志 The append-only, hash-chained record of what was done; the scope guard of every table."""
