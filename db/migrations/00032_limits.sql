-- +goose Up

-- How many calls run at once; 0: no limit. Trunks that are here go on without
-- one: nobody asked that their calls be refused from now on.
alter table numbers add column calls_at_once int not null default 0 check (calls_at_once between 0 and 1000);
alter table trunks add column calls_at_once int not null default 0 check (calls_at_once between 0 and 5000);
alter table trunks alter column calls_at_once set default 30;

-- One row for each running call that counts towards a limit. It goes with the
-- last save of the call's ledger entry.
create table call_slots (
    call   text primary key,
    number text not null,
    trunk  text, -- null: from a phone of ours
    taken  timestamptz not null default now()
);
create index call_slots_by_number on call_slots (number);
create index call_slots_by_trunk on call_slots (trunk);

-- Counts a call in and returns '', or says whose limit is reached. The locks
-- make the calls of one number, and of one trunk, come one after the other, so
-- that a burst is counted to the last; each is always taken in this order. A
-- call that is counted already stays so. A slot is worth no wait for the disk:
-- a crash of the database may forget the last half second of them.
-- +goose StatementBegin
create function take_slot(the_call text, the_number text, of_number int, the_trunk text, of_trunk int) returns text language plpgsql as $$
declare
    oldest constant timestamptz := now() - interval '2 days'; -- longer than any call
begin
    perform set_config('synchronous_commit', 'off', true);
    if of_number > 0 then
        perform pg_advisory_xact_lock(hashtextextended('calls of number ' || the_number, 0));
    end if;
    if of_trunk > 0 then
        perform pg_advisory_xact_lock(hashtextextended('calls of trunk ' || the_trunk, 0));
    end if;
    if exists (select from call_slots where call = the_call) then
        return '';
    end if;
    if of_number > 0 and (select count(*) from call_slots where number = the_number and taken > oldest) >= of_number then
        return 'number';
    end if;
    if of_trunk > 0 and (select count(*) from call_slots where trunk = the_trunk and taken > oldest) >= of_trunk then
        return 'trunk';
    end if;
    insert into call_slots (call, number, trunk) values (the_call, the_number, nullif(the_trunk, ''));
    return '';
end $$;
-- +goose StatementEnd

-- +goose Down
drop function take_slot;
drop table call_slots;
alter table trunks drop column calls_at_once;
alter table numbers drop column calls_at_once;
