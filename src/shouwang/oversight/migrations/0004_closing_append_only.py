"""What was said and closed in an evening is never changed; a correction is another row."""

from django.db import migrations

TABLES = (
    "oversight_carrieditem",
    "oversight_closeout",
    "oversight_daytask",
    "oversight_taskmark",
    "oversight_reporttemplate",
)
FORWARD = """
create function oversight_evening_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'a row of % is never changed', tg_table_name using errcode = 'restrict_violation';
end $$;
""" + "".join(
    f"create trigger {table}_append_only before update or delete on {table}"
    " for each row execute function oversight_evening_append_only();\n"
    for table in TABLES
)
BACK = "".join(f"drop trigger {table}_append_only on {table};\n" for table in TABLES) + (
    "drop function oversight_evening_append_only();"
)


class Migration(migrations.Migration):
    dependencies = [("oversight", "0003_closing")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
