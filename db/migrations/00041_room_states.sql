-- +goose Up

-- What goes on in a conference room, as its node tells it: who is muted, and
-- whether it is locked. Empty: nobody is in it.
alter table rooms add column state jsonb not null default '{}';

-- Whoever watches calls watches rooms as well. Being kept is no news.
create trigger tell_watchers_of_new after insert on rooms for each row when (new.state <> '{}') execute function tell_positions();
create trigger tell_watchers after update on rooms for each row when (new.state <> old.state) execute function tell_positions();

-- +goose Down

drop trigger tell_watchers on rooms;
drop trigger tell_watchers_of_new on rooms;
alter table rooms drop column state;
