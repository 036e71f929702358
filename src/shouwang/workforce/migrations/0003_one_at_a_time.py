"""The database itself refuses one person on two shifts at once, and a changed hand-over note or proposal.

A range of ids stands in for btree_gist, which the embedded server lacks: any type with an order has ranges.
"""

from django.db import migrations

FORWARD = """
create type workforce_idrange as range (subtype = uuid);
alter table workforce_shift add constraint workforce_shift_one_at_a_time exclude using gist (
    workforce_idrange(worker_id, worker_id, '[]') with &&,
    tstzrange(starts_at, ends_at) with &&
) where (cancelled_at is null);

create function workforce_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'what was handed over is never changed, only corrected' using errcode = 'restrict_violation';
end $$;
create trigger workforce_shiftnote_append_only before update or delete on workforce_shiftnote
    for each row execute function workforce_append_only();

create function workforce_proposal_frozen() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and to_jsonb(new) - 'state' - 'closed_at' = to_jsonb(old) - 'state' - 'closed_at' then
        return new;
    end if;
    raise exception 'a proposal stays as it was computed' using errcode = 'restrict_violation';
end $$;
create trigger workforce_proposal_frozen before update or delete on workforce_proposal
    for each row execute function workforce_proposal_frozen();
create trigger workforce_slot_frozen before update or delete on workforce_slot
    for each row execute function workforce_proposal_frozen();
"""
BACK = """
drop trigger workforce_slot_frozen on workforce_slot;
drop trigger workforce_proposal_frozen on workforce_proposal;
drop function workforce_proposal_frozen();
drop trigger workforce_shiftnote_append_only on workforce_shiftnote;
drop function workforce_append_only();
alter table workforce_shift drop constraint workforce_shift_one_at_a_time;
drop type workforce_idrange;
"""


class Migration(migrations.Migration):
    dependencies = [("workforce", "0002_staffing_rosters")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
