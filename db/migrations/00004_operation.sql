-- +goose Up

create table roles (
    role    text not null,
    id      text not null,
    pid     int not null,
    host    text not null,
    addr    text not null,
    version text not null,
    ready   boolean not null,
    detail  text not null,
    since   timestamptz not null default now(),
    beat    timestamptz not null default now(),
    primary key (role, id)
);

create table logins (
    id           text primary key,
    email        text not null unique check (email = lower(email) and email <> ''),
    password     text not null, -- argon2id, with its salt and parameters
    role         text not null check (role in ('owner', 'admin', 'flow-editor', 'supervisor', 'agent', 'read-only')),
    failed       int not null default 0, -- wrong passwords since the last right one
    locked_until timestamptz,
    created      timestamptz not null default now()
);

create table sessions (
    token_hash bytea primary key check (length(token_hash) = 32), -- SHA-256; the token itself is never stored
    login      text not null references logins on delete cascade,
    csrf       text not null,
    created    timestamptz not null default now(),
    expires    timestamptz not null
);
create index sessions_by_expiry on sessions (expires);

create table settings (
    key   text primary key,
    value jsonb not null
);

create table audit_log (
    id      bigint generated always as identity primary key,
    at      timestamptz not null default now(),
    login   text not null,
    action  text not null,
    subject text not null,
    detail  text not null
);
create trigger immutable before update or delete on audit_log
    for each row execute function refuse_change();

create trigger tell after insert or update or delete or truncate on settings execute function tell('settings');

-- +goose Down
drop table audit_log, settings, sessions, logins, roles;
