"""A closed report is never changed; a correction is another revision."""

from django.db import migrations

FORWARD = """
create function oversight_closed_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'a closed report is never changed' using errcode = 'restrict_violation';
end $$;
create trigger oversight_closed_append_only before update or delete on oversight_closedreport
    for each row execute function oversight_closed_append_only();
"""
BACK = """
drop trigger oversight_closed_append_only on oversight_closedreport;
drop function oversight_closed_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("oversight", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
