package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tandem/flow"
	"tandem/flow/directory"
)

// Flows whose published version has a start, and that start.
const startColumns = `
	select f.id as flow, f.name as flow_name, m->>'id' as module, '' as contact_method, '' as contact_name
	from flows f
	join flow_versions v on v.flow = f.id and v.version = f.published
	cross join lateral jsonb_path_query(v.content, '$.modules[*] ? (@.kind == "start")') m
	where f.removed is null`

const everyStart = startColumns + ` order by f.name, f.id`

// Starts lists the flows that a number can be bound to.
func (s *Store) Starts(ctx context.Context) ([]directory.Claimant, error) {
	out, err := all[directory.Claimant](ctx, s.pool, everyStart)
	if err != nil {
		return nil, fmt.Errorf("starts of flows: %w", err)
	}
	return out, nil
}

// A publish locks the flow first too, and numbers after it.
const lockStart = startColumns + ` and f.id = $1 for share of f`

const bindNumber = `insert into number_claims (number, flow, module, bound) values ($1, $2, $3, true)`

// BindNumber takes a number from whoever claims it and binds it to a flow: its
// calls enter at the start of whatever version is published. A flow that has
// none is refused with ErrInvalid.
func (s *Store) BindNumber(ctx context.Context, number, flowID string) error {
	return s.in(ctx, fmt.Sprintf("bind number %s", number), func(tx pgx.Tx) error {
		to, err := one[directory.Claimant](ctx, tx, lockStart, flowID)
		if errors.Is(err, directory.ErrNotFound) {
			return fmt.Errorf("%w: the flow is not published with a start", directory.ErrInvalid)
		}
		if err != nil {
			return err
		}
		if _, err := scalar[string](ctx, tx, lockNumber, number); err != nil {
			return err
		}
		if _, err := exec(ctx, tx, numberClaims.take, number); err != nil {
			return err
		}
		_, err = exec(ctx, tx, bindNumber, number, to.Flow, to.Module)
		return err
	})
}

// releasePublished drops what a flow has claimed in one table by publishing.
func releasePublished(ctx context.Context, tx pgx.Tx, t claimTable, f flow.Flow) error {
	if t.kind == flow.RefNumber {
		return keepBound(ctx, tx, f)
	}
	return t.release(ctx, tx, directory.Claimant{Flow: f.ID})
}

// releaseOwn drops what a flow has claimed by publishing; a number that is
// bound to it goes only where a module claims that very number now.
const releaseOwn = `delete from number_claims where flow = $1 and (not bound or number = any($2))`

const leadBound = `update number_claims set module = $2 where flow = $1 and bound`

const anyBound = `select number from number_claims where flow = $1 and bound order by number limit 1`

// keepBound lets the numbers that are bound to a flow enter at the start of the
// version that is about to be published. One without a start is refused while
// there are any.
func keepBound(ctx context.Context, tx pgx.Tx, f flow.Flow) error {
	own := []string{}
	for _, e := range entriesOf(f, flow.RefNumber) {
		own = append(own, e.number)
	}
	if _, err := exec(ctx, tx, releaseOwn, f.ID, own); err != nil {
		return err
	}
	if start, ok := f.Start(); ok {
		_, err := exec(ctx, tx, leadBound, f.ID, start.ID)
		return err
	}
	number, err := scalar[string](ctx, tx, anyBound, f.ID)
	if errors.Is(err, directory.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return &directory.ProblemsError{Problems: []flow.Problem{{ID: "no-entry", Level: flow.Error,
		Text: fmt.Sprintf("%s is bound to this flow, which has no Start in this version: move the number first", number)}}}
}

const startIsPublished = `
	select exists (select from flows f join flow_versions v on v.flow = f.id and v.version = f.published
	               where f.id = $1 and v.content @> '{"modules": [{"kind": "start"}]}')`

// keepsStart refuses a draft that takes away the start of what is published.
func keepsStart(ctx context.Context, q querier, f flow.Flow) error {
	if _, ok := f.Start(); ok {
		return nil
	}
	published, err := scalar[bool](ctx, q, startIsPublished, f.ID)
	if err == nil && published {
		err = fmt.Errorf("%w: the Start of a published flow stays, neither removed nor shelved: numbers may be bound to it", directory.ErrInvalid)
	}
	return err
}
