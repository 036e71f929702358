"""The server's own numbers; and facts are appended: the database refuses to change or delete what came."""

from django.db import migrations

TABLES = ("command", "conflict", "settlement", "epoch", "backup")

FORWARD = """
create sequence devices_server_seq;
create function devices_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'what a phone sent is never changed, only settled' using errcode = 'restrict_violation';
end $$;
""" + "".join(
    f"create trigger devices_{table}_append_only before update or delete on devices_{table}"
    " for each row execute function devices_append_only();\n"
    for table in TABLES
)
BACK = (
    "".join(f"drop trigger devices_{table}_append_only on devices_{table};\n" for table in TABLES)
    + "drop function devices_append_only(); drop sequence devices_server_seq;"
)


class Migration(migrations.Migration):
    dependencies = [("devices", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
