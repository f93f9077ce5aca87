-- +goose Up

-- Calls through drafts, and each draft as it stood: such a call is looked at
-- later, and may have promised to call back, long after the draft has changed.
-- The flow is plain text, as in the ledger.
create table test_calls (
    id          text primary key check (id ~ '^[0-9a-f]{32}$'),
    flow        text not null,
    revision    int not null check (revision > 0),
    content     jsonb not null, -- as a call walks it
    entry       text not null,
    caller      text not null,
    caller_name text not null,
    by          text not null,
    at          timestamptz not null default now(),
    call        text unique check (call <> '') -- the one that walks it; null: none yet
);
create index test_calls_by_time on test_calls (at);

-- Whoever has placed a test call waits for its call.
-- +goose StatementBegin
create function tell_test_call() returns trigger language plpgsql as $$
begin
    perform pg_notify('tandem_test_calls', new.id);
    return null;
end $$;
-- +goose StatementEnd
create trigger tell after update on test_calls for each row execute function tell_test_call();

-- What is drawn of a call, and what counts.
alter table calls
    add column flow_draft int not null default 0,
    add column flow_test text not null default '',
    add column tested boolean generated always as (direction = 'test' or flow_draft > 0) stored;

-- +goose Down
delete from calls where tested;
alter table calls drop column tested, drop column flow_test, drop column flow_draft;
drop table test_calls;
drop function tell_test_call;
