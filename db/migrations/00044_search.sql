-- +goose Up

-- A text as a search compares it: small letters without accents.
create function folded(text) returns text language sql immutable parallel safe strict as
$$ select translate(lower($1), 'àáâãäåāăąçćčďđèéêëēėęěğìíîïīįıķĺľłñńňòóôõöøōőŕřśşšșťțùúûüūůűųýÿźżž',
                               'aaaaaaaaacccddeeeeeeeegiiiiiiiklllnnnoooooooorrssssttuuuuuuuuyyzzz') $$;

-- Whether a name holds every word of a search.
create function holds(name text, words text[]) returns boolean language sql immutable parallel safe as
$$ select not exists (select from unnest(words) w where strpos(folded(name), w) = 0) $$;

-- Whether a number holds what was typed of it, in one of its spellings.
create function numbered(number text, digits text[]) returns boolean language sql immutable parallel safe as
$$ select exists (select from unnest(digits) d where strpos(number, d) > 0) $$;

-- A session that nobody uses ends before its time.
alter table sessions add column seen timestamptz not null default now();

-- Answers are sealed from here on: some hold what is shown only once.
delete from idempotency_keys;

-- +goose Down
delete from idempotency_keys;
alter table sessions drop column seen;
drop function numbered, holds, folded;
