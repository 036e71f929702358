"""Tries and their results are facts: appended, never changed, never deleted."""

from django.db import migrations

TABLES = ("outreach_deliveryattempt", "outreach_deliveryresult")
FORWARD = """
create function outreach_delivery_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'a delivery is never changed' using errcode = 'restrict_violation';
end $$;
""" + "".join(
    f"create trigger {table}_append_only before update or delete on {table} "
    "for each row execute function outreach_delivery_append_only();\n"
    for table in TABLES
)
BACK = (
    "".join(f"drop trigger {table}_append_only on {table};\n" for table in TABLES)
    + "drop function outreach_delivery_append_only();"
)


class Migration(migrations.Migration):
    dependencies = [("outreach", "0003_groups_and_messages")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
