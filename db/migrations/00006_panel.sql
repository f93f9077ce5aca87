-- +goose Up

create table schedules (
    id    text primary key check (id <> ''),
    name  text not null unique check (length(name) between 1 and 60),
    hours jsonb not null
);

alter table users
    add column department text not null default '',
    add column job_title  text not null default '',
    add column schedule   text references schedules on delete restrict;

-- The size is that of the blob.
alter table audio_files
    add column length_ms bigint not null default 0 check (length_ms >= 0),
    add column source    text not null default '';

-- When a phone last registered: bindings go when they end.
create table registrations (
    contact_method text primary key references contact_methods on delete cascade,
    at             timestamptz not null
);
insert into registrations select contact_method, max(expires) from bindings group by contact_method;

create table playlists (
    id      text primary key check (id <> ''),
    name    text not null check (length(name) between 1 and 60),
    shuffle boolean not null default false,
    loop    boolean not null default false
);

create table playlist_files (
    playlist text not null references playlists on delete cascade,
    seq      int not null,
    audio    text not null references audio_files on delete restrict,
    primary key (playlist, seq)
);

alter table logins
    alter column password drop not null, -- null: invited, cannot sign in yet
    add column flows          text[] not null default '{}', -- limited to these; empty: all
    add column no_publish     boolean not null default false,
    add column user_id        text references users on delete restrict,
    add column totp_secret    bytea, -- sealed
    add column totp_confirmed boolean not null default false,
    add column totp_last_step bigint not null default 0, -- of the last code taken; an older one is refused
    add column last_seen      timestamptz,
    add constraint owner_sees_all check (role <> 'owner' or flows = '{}'),
    add constraint totp_has_secret check (not totp_confirmed or totp_secret is not null);

create table recovery_codes (
    login text not null references logins on delete cascade,
    hash  bytea not null check (length(hash) = 32), -- SHA-256; each is deleted as it is used
    primary key (login, hash)
);

create table invitations (
    token_hash bytea primary key check (length(token_hash) = 32),
    login      text not null unique references logins on delete cascade,
    expires    timestamptz not null
);

-- http.CrossOriginProtection took its place.
alter table sessions drop column csrf;
create index sessions_by_login on sessions (login);

create table tokens (
    id        text primary key check (id <> ''),
    hash      bytea not null unique check (length(hash) = 32),
    name      text not null check (length(name) between 1 and 60),
    role      text not null check (role in ('owner', 'admin', 'flow-editor', 'supervisor', 'agent', 'read-only')),
    flows     text[] not null default '{}',
    expires   timestamptz, -- null: never
    last_used timestamptz,
    created   timestamptz not null default now(),
    by        text not null
);

create table idempotency_keys (
    who     text not null, -- login or token
    key     text not null check (length(key) between 1 and 200),
    request bytea not null, -- hash of what was asked
    status  int,            -- null: it is being done
    type    text not null default '',
    body    bytea,
    at      timestamptz not null default now(),
    primary key (who, key)
);
create index idempotency_keys_by_time on idempotency_keys (at);

alter table flows
    add column publish_on_save    boolean not null default false,
    add column created            timestamptz not null default now(),
    add column updated_by         text not null default '',
    add column published_revision int, -- of the draft that the version in force was made of; null: of none that is left
    add column removed            timestamptz; -- its versions stay readable while calls name them

update flows f set
    created = least(f.updated, (select min(at) from flow_versions v where v.flow = f.id)),
    published_revision = (select f.draft_revision from flow_versions v
                          where v.flow = f.id and v.version = f.published and v.content = f.draft);

-- The versions of a flow that is removed may go once no call names them.
-- +goose StatementBegin
create function refuse_loss() returns trigger language plpgsql as $$
begin
    if exists (select from flows where id = old.flow and removed is null) then
        raise exception 'versions are never changed or removed' using errcode = 'integrity_constraint_violation';
    end if;
    return old;
end $$;
-- +goose StatementEnd
drop trigger immutable on flow_versions;
create trigger immutable before update on flow_versions for each row execute function refuse_change();
create trigger lasting before delete on flow_versions for each row execute function refuse_loss();

-- Who has the editor of a flow open, in whichever process.
create table flow_editors (
    flow    text not null references flows on delete cascade,
    session text not null,
    email   text not null,
    since   timestamptz not null default now(),
    beat    timestamptz not null default now(),
    primary key (flow, session)
);

-- What was removed of late, for undo: rows by table.
create table trash (
    id      text primary key,
    kind    text not null,
    subject text not null,
    content jsonb not null,
    by      text not null,
    at      timestamptz not null default now()
);

alter table audit_log
    add column remote text not null default '',
    add column before jsonb,
    add column after  jsonb;
alter table audit_log disable trigger immutable;
update audit_log set after = to_jsonb(detail) where detail <> '';
alter table audit_log drop column detail;
drop trigger immutable on audit_log;
create trigger immutable before update on audit_log for each row execute function refuse_change();
create trigger lasting before delete on audit_log
    for each row when (old.at > now() - interval '400 days') execute function refuse_change();
create trigger immutable_all before truncate on audit_log execute function refuse_change();
create index audit_log_by_login on audit_log (login, id desc);
create index audit_log_by_time on audit_log (at);

create index calls_by_flow on calls (flow_id, started desc, id desc);
create index calls_by_talk on calls (talk_ms, id);
create index legs_by_contact_method on legs (contact_method, call) where contact_method <> '';
create index attempts_by_contact_method on attempts (contact_method, call) where contact_method <> '';
create index sip_messages_by_time on sip_messages (at);

create trigger tell after insert or update or delete or truncate on users execute function tell('users');
create trigger tell after insert or delete or update of email, role, flows, no_publish on logins execute function tell('logins');
create trigger tell after insert or update or delete or truncate on schedules execute function tell('schedules');
create trigger tell after insert or update or delete or truncate on playlists execute function tell('audio');
create trigger tell after insert or delete or update of name, role, flows on tokens execute function tell('logins');
create trigger tell after insert or update or delete or truncate on calls execute function tell('calls');
-- A beat is no news.
create trigger tell after insert or delete on flow_editors execute function tell('presence');

-- Contact methods are listed with their direct numbers.
create index number_claims_by_contact_method on number_claims (contact_method);

-- +goose Down
drop index number_claims_by_contact_method;
drop trigger tell on calls;
drop trigger tell on logins;
drop trigger tell on users;
drop index calls_by_flow, calls_by_talk, legs_by_contact_method, attempts_by_contact_method, sip_messages_by_time,
    audit_log_by_login, audit_log_by_time, sessions_by_login;
drop trigger immutable_all on audit_log;
drop trigger lasting on audit_log;
drop trigger immutable on audit_log;
alter table audit_log drop column remote, drop column before, drop column after, add column detail text not null default '';
create trigger immutable before update or delete on audit_log for each row execute function refuse_change();
drop table trash, flow_editors;
drop trigger lasting on flow_versions;
drop trigger immutable on flow_versions;
delete from flow_versions v using flows f where f.id = v.flow and f.removed is not null;
delete from flows where removed is not null;
create trigger immutable before update or delete on flow_versions for each row execute function refuse_change();
drop function refuse_loss;
alter table flows drop column publish_on_save, drop column created, drop column updated_by,
    drop column published_revision, drop column removed;
drop table idempotency_keys, tokens, invitations, recovery_codes;
alter table sessions add column csrf text not null default '';
delete from logins where password is null;
alter table logins alter column password set not null, drop constraint owner_sees_all, drop constraint totp_has_secret,
    drop column flows, drop column no_publish, drop column user_id, drop column totp_secret,
    drop column totp_confirmed, drop column totp_last_step, drop column last_seen;
drop table playlist_files, playlists, registrations;
alter table audio_files drop column length_ms, drop column source;
alter table users drop column department, drop column job_title, drop column schedule;
drop table schedules;
