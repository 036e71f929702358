"""后台 Background work on the PostgreSQL queue."""
