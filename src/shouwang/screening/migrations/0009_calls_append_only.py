"""Statements, what workers away said, arrivals and meetings are facts: the database refuses to change one."""

from django.db import migrations

TABLES = ("statement", "awayoutcome", "arrival", "arrivalmeeting")

FORWARD = "".join(
    f"create trigger screening_{table}_append_only before update or delete on screening_{table}"
    " for each row execute function screening_append_only();\n"
    for table in TABLES
)
BACK = "".join(f"drop trigger screening_{table}_append_only on screening_{table};\n" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("screening", "0008_calls_away_arrivals")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
