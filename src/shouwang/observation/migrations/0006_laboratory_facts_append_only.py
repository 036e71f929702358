"""What a laboratory found and when somebody left hospital is never changed; the database refuses it."""

from django.db import migrations

TABLES = ("testfact", "discharge")

FORWARD = "".join(
    f"create trigger observation_{table}_append_only before update or delete on observation_{table}"
    " for each row execute function observation_append_only();\n"
    for table in TABLES
)
BACK = "".join(f"drop trigger observation_{table}_append_only on observation_{table};\n" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("observation", "0005_laboratory_tests")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
