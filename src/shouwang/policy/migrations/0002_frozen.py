"""A revision's content is frozen, and after adoption only its end is written, in the database itself."""

from django.db import migrations

FORWARD = """
create function policy_revision_frozen() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if old.state in ('adopted', 'retired') then
            raise exception 'an adopted revision is never deleted' using errcode = 'restrict_violation';
        end if;
        return old;
    end if;
    if (new.id, new.area, new.pack_id, new.revision, new.disease, new.content_hash, new.source, new.original,
        new.reason, new.proposed_by, new.proposed_by_name, new.proposed_at) is distinct from
       (old.id, old.area, old.pack_id, old.revision, old.disease, old.content_hash, old.source, old.original,
        old.reason, old.proposed_by, old.proposed_by_name, old.proposed_at) then
        raise exception 'the content of a revision is frozen' using errcode = 'restrict_violation';
    end if;
    if old.state in ('adopted', 'retired') and (
        (new.approved_by, new.approved_by_name, new.approved_at, new.adopted_by, new.adopted_at,
         new.in_force_from) is distinct from
        (old.approved_by, old.approved_by_name, old.approved_at, old.adopted_by, old.adopted_at,
         old.in_force_from)
        or not (old.state = 'adopted' and new.state = 'retired' and old.in_force_until is null)) then
        raise exception 'an adopted revision is immutable' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger policy_revision_frozen before update or delete on policy_packrevision
    for each row execute function policy_revision_frozen();
"""
BACK = """
drop trigger policy_revision_frozen on policy_packrevision;
drop function policy_revision_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
