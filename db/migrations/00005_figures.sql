-- +goose Up

-- What a process holds now, by name: {"calls": 3, "legs": 6}.
alter table roles add column figures jsonb not null default '{}';

-- +goose Down

alter table roles drop column figures;
