"""Who was told is never changed: the database itself refuses."""

from django.db import migrations

FORWARD = """
create trigger observation_telling_append_only before update or delete on observation_telling
    for each row execute function observation_append_only();
"""
BACK = "drop trigger observation_telling_append_only on observation_telling;"


class Migration(migrations.Migration):
    dependencies = [("observation", "0003_tellings")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
