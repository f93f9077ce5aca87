-- +goose Up

-- A trunk may refuse audio before the answer: some carriers do not pass it on.
alter table trunks add column no_early_media boolean not null default false;

-- The flow that a step belongs to, where an internal number has led the call
-- away from its first; empty: that one.
alter table path_entries
    add column flow_id      text not null default '',
    add column flow_name    text not null default '',
    add column flow_version int not null default 0;

-- +goose Down

alter table path_entries drop column flow_id, drop column flow_name, drop column flow_version;
alter table trunks drop column no_early_media;
