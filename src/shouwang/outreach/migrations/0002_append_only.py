"""What was printed is never changed: a paper can only be revoked, a record of service only be followed."""

from django.db import migrations

FORWARD = """
create function outreach_paper_frozen() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or old.revoked_at is not null
        or (to_jsonb(new) - '{revoked_at,revoked_by_name,revoked_reason}'::text[])
        is distinct from (to_jsonb(old) - '{revoked_at,revoked_by_name,revoked_reason}'::text[]) then
        raise exception 'an issued paper is never changed' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger outreach_paper_frozen before update or delete on outreach_paper
    for each row execute function outreach_paper_frozen();
create function outreach_served_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'a record of service is never changed' using errcode = 'restrict_violation';
end $$;
create trigger outreach_served_append_only before update or delete on outreach_servedrecord
    for each row execute function outreach_served_append_only();
"""
BACK = """
drop trigger outreach_paper_frozen on outreach_paper;
drop function outreach_paper_frozen();
drop trigger outreach_served_append_only on outreach_servedrecord;
drop function outreach_served_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("outreach", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
