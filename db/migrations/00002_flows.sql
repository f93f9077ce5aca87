-- +goose Up

create table flows (
    id             text primary key check (id <> ''),
    name           text not null check (length(name) between 1 and 60),
    draft          jsonb not null,
    draft_revision int not null default 1 check (draft_revision > 0),
    published      int, -- version that new calls walk; null: none
    updated        timestamptz not null default now()
);

create table flow_versions (
    flow    text not null references flows on delete restrict,
    version int not null check (version > 0),
    content jsonb not null,
    author  text not null default '',
    note    text not null default '',
    at      timestamptz not null default now(),
    primary key (flow, version)
);

alter table flows add constraint published_version
    foreign key (id, published) references flow_versions (flow, version);

create trigger immutable before update or delete on flow_versions
    for each row execute function refuse_change();
create trigger immutable_all before truncate on flow_versions
    execute function refuse_change();

-- A number or internal number has at most one claimant: the primary key sees
-- to it, whoever claims it.
create table number_claims (
    number         text primary key references numbers on delete restrict,
    contact_method text references contact_methods on delete cascade,
    flow           text references flows on delete cascade,
    module         text,
    constraint one_claimant check (num_nonnulls(contact_method, flow) = 1 and (flow is null) = (module is null))
);

create table internal_numbers (
    digits         text primary key constraint internal_number_digits check (digits ~ '^[0-9]{1,4}$'),
    contact_method text unique references contact_methods on delete cascade,
    flow           text references flows on delete cascade,
    module         text,
    constraint one_claimant check (num_nonnulls(contact_method, flow) = 1 and (flow is null) = (module is null))
);

create trigger tell after insert or update or delete or truncate on flows execute function tell('flows');
create trigger tell after insert or update or delete or truncate on number_claims execute function tell('numbers');
create trigger tell after insert or update or delete or truncate on internal_numbers execute function tell('accounts');

-- +goose Down
drop table internal_numbers, number_claims;
alter table flows drop constraint published_version;
drop table flow_versions, flows;
