-- +goose Up

-- Which node holds a conference room. A row outlives its room: it counts only
-- while it is kept and its node is there.
create table rooms (
    room text primary key, -- flow and module
    node text not null,
    kept timestamptz not null default now()
);

-- +goose Down
drop table rooms;
