"""办公端 Server-rendered pages for offices."""
