"""Facts are appended: the database itself refuses to change or delete a check, a signature or a file's event."""

from django.db import migrations

TABLES = ("dailycheck", "countersign", "daysignature", "fileevent", "handover", "timetable")

FORWARD = """
create function observation_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'what was observed is never changed, only corrected' using errcode = 'restrict_violation';
end $$;
""" + "".join(
    f"create trigger observation_{table}_append_only before update or delete on observation_{table}"
    " for each row execute function observation_append_only();\n"
    for table in TABLES
)
BACK = (
    "".join(f"drop trigger observation_{table}_append_only on observation_{table};\n" for table in TABLES)
    + "drop function observation_append_only();"
)


class Migration(migrations.Migration):
    dependencies = [("observation", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
