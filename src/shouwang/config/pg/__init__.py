"""Django's PostgreSQL backend, with the embedded server behind it when no `DATABASE_URL` is set."""
