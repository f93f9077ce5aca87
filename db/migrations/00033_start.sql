-- +goose Up

-- Bound to a flow on the page of the number, and not claimed by what the flow
-- publishes: a publish leaves it alone. Its module is the flow's start.
alter table number_claims add column bound boolean not null default false
    constraint bound_to_a_flow check (not bound or flow is not null);

-- +goose Down
delete from number_claims where bound;
alter table number_claims drop column bound;
