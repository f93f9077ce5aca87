-- +goose Up

-- A trunk may refuse audio before the answer: some carriers do not pass it on.
alter table trunks add column no_early_media boolean not null default false;

-- +goose Down

alter table trunks drop column no_early_media;
