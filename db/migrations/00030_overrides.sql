-- +goose Up

-- Time routers that somebody holds open or closed. It belongs to the module, not
-- to a version of its flow, so it survives every publish.
create table overrides (
    flow   text not null references flows on delete cascade,
    module text not null check (module <> ''),
    state  text not null check (state in ('open', 'closed')), -- auto has no row
    until  timestamptz, -- null: until somebody changes it
    by     text not null,
    at     timestamptz not null default now(),
    primary key (flow, module)
);
create trigger tell after insert or update or delete or truncate on overrides execute function tell('flows');

-- Codes behind the feature code of overrides, claimed at publish.
create table override_codes (
    code   text primary key check (code ~ '^[0-9]{2}$'),
    flow   text not null references flows on delete cascade,
    module text not null
);
create index override_codes_by_flow on override_codes (flow);

-- +goose Down
drop table override_codes, overrides;
