-- +goose Up

-- Where running calls are. Not logged, since it is worth nothing after a crash:
-- calls that go on tell it again, and Temporal can be asked for the others.
create unlogged table positions (
    call     text primary key,
    seq      int not null, -- of the position within its call
    position jsonb not null,
    told     timestamptz not null default now()
);

-- A channel of its own: nodes listen on "tandem" and care for none of this.
-- +goose StatementBegin
create function tell_positions() returns trigger language plpgsql as $$
begin
    perform pg_notify('tandem_positions', '');
    return null;
end $$;
-- +goose StatementEnd
create trigger tell after insert or update or delete or truncate on positions execute function tell_positions();
-- A call that has ended is news for whoever watches calls.
create trigger tell_watchers after insert or update on calls execute function tell_positions();

-- +goose Down

drop trigger tell_watchers on calls;
drop table positions;
drop function tell_positions;
