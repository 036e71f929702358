"""The journal refuses UPDATE and DELETE in the database itself, whoever asks."""

from django.db import migrations

FORWARD = """
create function journal_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the journal is append-only' using errcode = 'restrict_violation';
end $$;
create trigger journal_event_append_only before update or delete on journal_event
    for each row execute function journal_append_only();
"""
BACK = """
drop trigger journal_event_append_only on journal_event;
drop function journal_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
