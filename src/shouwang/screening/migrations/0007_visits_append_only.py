"""Visits are appended: the database itself refuses to change or delete one, or who was found at it."""

from django.db import migrations

TABLES = ("doorvisit", "sweepfound", "visitconflict")

FORWARD = "".join(
    f"create trigger screening_{table}_append_only before update or delete on screening_{table}"
    " for each row execute function screening_append_only();\n"
    for table in TABLES
)
BACK = "".join(f"drop trigger screening_{table}_append_only on screening_{table};\n" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("screening", "0006_sweeps")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
