-- +goose Up

-- When a notification last sent a mail to a recipient, and what it left out
-- since. A notice that asks twice finds itself, and is not counted twice.
create table notices (
    module         text not null, -- flow and module
    contact_method text not null references contact_methods (id) on delete cascade,
    notice         text not null, -- that went last
    at             timestamptz not null, -- when it was let through
    told           int not null default 0, -- how many it says were left out before it
    left_out       int not null default 0, -- since it went
    last_out       text not null default '', -- the notice left out last
    primary key (module, contact_method)
);

-- +goose Down

drop table notices;
