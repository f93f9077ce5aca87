-- +goose Up

-- What people say of a call, and that somebody took care of one that was
-- missed. A call that runs has no row in calls yet and can be spoken of all the
-- same, so nothing refers to it here; what is left behind goes when history is
-- pruned.
create table call_notes (
    id   text primary key,
    call text not null,
    text text not null check (text <> ''),
    by   text not null,
    at   timestamptz not null default now()
);
create index call_notes_by_call on call_notes (call, at);

create table resolved_calls (
    call text primary key,
    by   text not null,
    at   timestamptz not null default now()
);

-- +goose Down
drop table resolved_calls;
drop table call_notes;
