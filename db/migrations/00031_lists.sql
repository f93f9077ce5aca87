-- +goose Up

-- Callers to be blocked, shared by flows.
create table lists (
    id   text primary key check (id <> ''),
    name text not null unique check (length(name) between 1 and 60)
);

create table list_entries (
    list  text not null references lists on delete cascade,
    entry text not null check (length(entry) between 1 and 64), -- * at the end: a prefix
    note  text not null default '' check (length(note) <= 200),
    by    text not null default '',
    at    timestamptz not null default now(),
    primary key (list, entry)
);
create trigger tell after insert or update or delete or truncate on lists execute function tell('lists');

-- +goose Down
drop table list_entries, lists;
