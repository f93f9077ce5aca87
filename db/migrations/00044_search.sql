-- +goose Up

-- A text as a search compares it: small letters without accents.
create function folded(text) returns text language sql immutable parallel safe strict as
$$ select translate(lower($1), 'àáâãäåāăąçćčďđèéêëēėęěğìíîïīįıķĺľłñńňòóôõöøōőŕřśşšșťțùúûüūůűųýÿźżž',
                               'aaaaaaaaacccddeeeeeeeegiiiiiiiklllnnnoooooooorrssssttuuuuuuuuyyzzz') $$;

-- A session that nobody uses ends before its time.
alter table sessions add column seen timestamptz not null default now();

-- Answers are sealed from here on: some hold what is shown only once.
delete from idempotency_keys;

-- +goose Down
delete from idempotency_keys;
alter table sessions drop column seen;
drop function folded;
