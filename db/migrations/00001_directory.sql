-- +goose Up

-- Every statement that changes a table tells its family on channel "tandem",
-- so that nodes refresh what they hold in memory. Within one transaction
-- PostgreSQL sends equal notices once, and only after the commit.
-- +goose StatementBegin
create function tell() returns trigger language plpgsql as $$
begin
    perform pg_notify('tandem', tg_argv[0]);
    return null;
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% rows are never changed or removed', tg_table_name
        using errcode = 'integrity_constraint_violation';
end $$;
-- +goose StatementEnd

create table users (
    id         text primary key check (id <> ''),
    first_name text not null default '',
    last_name  text not null check (length(last_name) between 1 and 60),
    email      text not null default '',
    created    timestamptz not null default now()
);

create table trunks (
    id       text primary key check (id <> ''),
    name     text not null unique check (length(name) between 1 and 60),
    disabled boolean not null default false,
    username text not null default '',
    password bytea, -- sealed; with a username: inbound calls need digest
    codecs   text[] not null default '{PCMA,PCMU}',
    constraint trunk_digest check ((username = '') = (password is null))
);

-- One network leads to one trunk; of nested networks the longest prefix wins.
create table trunk_networks (
    network cidr primary key,
    trunk   text not null references trunks on delete cascade
);

create table numbers (
    e164     text primary key constraint number_e164 check (e164 ~ '^\+[1-9][0-9]{6,14}$'),
    label    text not null default '',
    disabled boolean not null default false
);

create table number_trunks (
    number text not null references numbers on delete cascade,
    trunk  text not null references trunks on delete cascade,
    primary key (number, trunk)
);

create table contact_methods (
    id              text primary key check (id <> ''),
    kind            text not null check (kind in ('app', 'sip-account', 'pstn-forwarding', 'sip-forwarding', 'email')),
    name            text not null check (length(name) between 1 and 60),
    owner           text references users on delete restrict,
    disabled        boolean not null default false,
    ring_seconds    int not null default 30 check (ring_seconds between 5 and 120),
    username        text unique check (username <> ''),
    password        bytea, -- sealed
    max_bindings    int not null default 5 check (max_bindings between 1 and 10),
    binding_seconds int not null default 300 check (binding_seconds between 60 and 3600),
    networks        cidr[] not null default '{}', -- where the account may come from; empty: anywhere
    uri             text not null default '',     -- of a sip-forwarding, or the address of an email
    number          text not null default '',     -- of a pstn-forwarding, with plus
    constraint sip_account_credentials check (kind <> 'sip-account' or username is not null and password is not null),
    constraint sip_forwarding_uri check (kind <> 'sip-forwarding' or uri ~ '^sips?:'),
    constraint pstn_forwarding_number check (kind <> 'pstn-forwarding' or number ~ '^\+[1-9][0-9]{6,14}$'),
    constraint email_address check (kind <> 'email' or uri like '%_@_%')
);

create table bindings (
    contact_method text not null references contact_methods on delete cascade,
    contact        text not null, -- URI
    received       text not null, -- address and port the REGISTER came from
    transport      text not null,
    user_agent     text not null default '',
    sip_call_id    text not null default '',
    instance       text not null default '',
    path           text not null default '',
    cseq           bigint not null default 0,
    q              real not null default 1 check (q between 0 and 1),
    expires        timestamptz not null,
    node           text not null,
    primary key (contact_method, contact)
);

create table audio_blobs (
    sha256 bytea primary key,
    bytes  bytea not null,
    constraint content_addressed check (sha256 = sha256(bytes))
);

create table audio_files (
    id         text primary key check (id <> ''),
    name       text not null check (length(name) between 1 and 120),
    blob       bytea not null references audio_blobs,
    media_type text not null,
    added      timestamptz not null default now()
);

create trigger tell after insert or update or delete or truncate on trunks execute function tell('trunks');
create trigger tell after insert or update or delete or truncate on trunk_networks execute function tell('trunks');
create trigger tell after insert or update or delete or truncate on numbers execute function tell('numbers');
create trigger tell after insert or update or delete or truncate on number_trunks execute function tell('numbers');
create trigger tell after insert or update or delete or truncate on contact_methods execute function tell('accounts');
create trigger tell after insert or update or delete or truncate on bindings execute function tell('bindings');
create trigger tell after insert or update or delete or truncate on audio_files execute function tell('audio');

-- +goose Down
drop table audio_files, audio_blobs, bindings, contact_methods, number_trunks, numbers, trunk_networks, trunks, users;
drop function refuse_change, tell;
