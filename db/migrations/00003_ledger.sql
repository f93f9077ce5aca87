-- +goose Up

-- The ledger names flows, trunks and contact methods as plain text: it stays
-- readable when they are gone.
create table calls (
    id            text primary key check (id <> ''),
    live          boolean not null,
    direction     text not null,
    caller_number text not null,
    caller_name   text not null,
    called        text not null,
    trunk         text not null,
    flow_id       text not null,
    flow_name     text not null,
    flow_version  int not null,
    node          text not null,
    started       timestamptz not null,
    answered      timestamptz,
    ended         timestamptz,
    answered_by   text not null,
    outcome       text not null,
    cause         text not null,
    talk_ms       bigint not null check (talk_ms >= 0),
    saved         timestamptz not null default now()
);
create index calls_by_time on calls (started desc, id desc);
create index calls_by_caller on calls (caller_number, started desc);
create index calls_by_called on calls (called, started desc);

create table path_entries (
    call    text not null references calls on delete cascade,
    seq     int not null,
    module  text not null,
    name    text not null,
    kind    text not null,
    entered timestamptz not null,
    left_at timestamptz,
    exit    text not null,
    reason  jsonb not null,
    primary key (call, seq)
);

create table legs (
    call           text not null references calls on delete cascade,
    seq            int not null,
    id             text not null,
    side           text not null,
    node           text not null,
    state          text not null,
    party_number   text not null,
    party_name     text not null,
    contact_method text not null,
    trunk          text not null,
    remote         text not null,
    sip_call_id    text not null,
    started        timestamptz,
    ringing        timestamptz,
    answered       timestamptz,
    ended          timestamptz,
    status         int not null,
    cause          text not null,
    media          jsonb not null,
    primary key (call, seq),
    unique (id)
);

create table attempts (
    call           text not null references calls on delete cascade,
    seq            int not null,
    leg            text not null,
    module         text not null,
    contact_method text not null,
    name           text not null,
    binding        text not null,
    started        timestamptz,
    ringing        timestamptz,
    answered       timestamptz,
    ended          timestamptz,
    status         int not null,
    cause          text not null,
    skipped        boolean not null,
    primary key (call, seq)
);

-- Messages arrive while a call runs, so before its row in calls exists.
create table sip_messages (
    id        bigint generated always as identity primary key,
    call      text not null,
    at        timestamptz not null,
    leg       text not null,
    received  boolean not null,
    remote    text not null,
    transport text not null,
    first     text not null,
    text      text not null
);
create index sip_messages_of_call on sip_messages (call, at, id);
-- A batch sent twice is kept once.
create unique index sip_messages_once on sip_messages (leg, at, received, md5(text));

-- +goose Down
drop table sip_messages, attempts, legs, path_entries, calls;
