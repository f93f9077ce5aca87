-- +goose Up

-- What members of queues whose members log in have said. Whoever has said
-- nothing is logged out.
create table queue_members (
    queue          text not null check (queue like '_%._%'), -- flow, a dot, module
    contact_method text not null references contact_methods on delete cascade,
    logged_in      boolean not null,
    paused         boolean not null default false,
    since          timestamptz not null, -- it is so
    by             text not null,        -- e-mail address of a login, or id of the call that dialled the code
    primary key (queue, contact_method),
    constraint paused_is_in check (logged_in or not paused)
);

-- Who is given to which caller. One row for each person, so that nobody is
-- given to two. A row stays when it has lapsed, until it is taken again.
create table queue_leases (
    person  text primary key,
    lease   text not null,
    methods text[] not null, -- contact methods claimed
    until   timestamptz not null
);
create index queue_leases_lease on queue_leases (lease);

-- A channel of its own: nodes listen on "tandem" and care for none of this.
-- +goose StatementBegin
create function tell_queues() returns trigger language plpgsql as $$
begin
    perform pg_notify('tandem_queues', '');
    return null;
end $$;
-- +goose StatementEnd
create trigger tell after insert or update or delete or truncate on queue_members execute function tell_queues();

-- +goose Down

drop table queue_leases, queue_members;
drop function tell_queues;
