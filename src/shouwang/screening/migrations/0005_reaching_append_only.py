"""Attempts, appointments and how they ended are facts: the database itself refuses to change or delete one."""

from django.db import migrations

TABLES = ("reachattempt", "appointment", "appointmentend")

FORWARD = """
create function screening_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'what was told is never changed, only corrected' using errcode = 'restrict_violation';
end $$;
""" + "".join(
    f"create trigger screening_{table}_append_only before update or delete on screening_{table}"
    " for each row execute function screening_append_only();\n"
    for table in TABLES
)
BACK = (
    "".join(f"drop trigger screening_{table}_append_only on screening_{table};\n" for table in TABLES)
    + "drop function screening_append_only();"
)


class Migration(migrations.Migration):
    dependencies = [("screening", "0004_reaching")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
