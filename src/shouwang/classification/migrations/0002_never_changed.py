"""The database refuses to change a decision, whoever asks."""

from django.db import migrations

FORWARD = """
create function classification_decision_never_changed() returns trigger language plpgsql as $$
begin
    raise exception 'a decision is never changed' using errcode = 'restrict_violation';
end $$;
create trigger classification_decision_never_changed before update on classification_decision
    for each row execute function classification_decision_never_changed();
"""
BACK = """
drop trigger classification_decision_never_changed on classification_decision;
drop function classification_decision_never_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("classification", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
