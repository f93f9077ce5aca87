-- +goose Up

-- A saved view is a name for the query of a list, kept for one login.
create table saved_views (
    login text not null references logins on delete cascade,
    page  text not null check (page <> ''),
    name  text not null constraint saved_view_name check (length(name) between 1 and 60),
    query text not null constraint saved_view_query check (length(query) <= 2000),
    added timestamptz not null default now(),
    primary key (login, page, name)
);

-- +goose Down

drop table saved_views;
