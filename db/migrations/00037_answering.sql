-- +goose Up

-- What happens when a contact method is rung. Forwardings that are here go on
-- without a limit: nobody asked that their calls be refused from now on.
alter table contact_methods
    add column confirm       boolean not null default false, -- whoever answers has to key 1 first
    add column whisper       text not null default '',       -- audio that whoever answers hears first
    add column call_waiting  boolean not null default false, -- is rung while in a call
    add column calls_at_once int not null default 0 check (calls_at_once between 0 and 100); -- 0: no limit

-- What lies in the trash is put back as it is, so it needs them too.
update trash set content = jsonb_set(content, '{contact_methods}', (
    select coalesce(jsonb_agg(row || '{"confirm": false, "whisper": "", "call_waiting": false, "calls_at_once": 0}'), '[]')
    from jsonb_array_elements(content -> 'contact_methods') row))
where jsonb_typeof(content -> 'contact_methods') = 'array';

-- +goose Down

alter table contact_methods drop column confirm, drop column whisper, drop column call_waiting, drop column calls_at_once;
