package db

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tandem/flow/call"
)

// A call that has ended stays ended: an earlier save that was held up on its
// way must not make it live again.
const upsertCall = `
	insert into calls (id, live, direction, caller_number, caller_name, called, trunk, flow_id, flow_name, flow_version,
	                   node, started, answered, ended, answered_by, outcome, cause, talk_ms, flow_draft, flow_test)
	values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
	on conflict (id) do update set
		live = excluded.live, direction = excluded.direction, caller_number = excluded.caller_number,
		caller_name = excluded.caller_name, called = excluded.called, trunk = excluded.trunk, flow_id = excluded.flow_id,
		flow_name = excluded.flow_name, flow_version = excluded.flow_version, node = excluded.node, started = excluded.started,
		answered = excluded.answered, ended = excluded.ended, answered_by = excluded.answered_by,
		outcome = excluded.outcome, cause = excluded.cause, talk_ms = excluded.talk_ms,
		flow_draft = excluded.flow_draft, flow_test = excluded.flow_test, saved = now()
	where calls.live or not excluded.live`

// One statement for all, since a call's rows are always replaced whole. Ended,
// it counts towards no limit any more.
const clearCall = `
	with p as (delete from path_entries where call = $1), l as (delete from legs where call = $1),
	     s as (delete from call_slots where call = $1 and not $2)
	delete from attempts where call = $1`

const addPath = `
	insert into path_entries (call, seq, module, name, kind, entered, left_at, exit, reason, flow_id, flow_name, flow_version)
	values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`

const addLeg = `
	insert into legs (call, seq, id, side, node, state, party_number, party_name, contact_method, trunk, remote, sip_call_id,
	                  started, ringing, answered, ended, status, cause, media)
	values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`

const addAttempt = `
	insert into attempts (call, seq, leg, module, contact_method, name, binding, started, ringing, answered, ended, status, cause, skipped)
	values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`

// SaveLedger writes what is known of a call: its row, path, legs and attempts,
// in one transaction. Saved again, it replaces what was there; a live entry
// that comes after the final one changes nothing. Times are kept to the
// microsecond.
func (s *Store) SaveLedger(ctx context.Context, e call.LedgerEntry) error {
	steps, err := ledgerSteps(e)
	if err != nil {
		return fmt.Errorf("save call %s: %w", e.Call, err)
	}
	return s.in(ctx, fmt.Sprintf("save call %s", e.Call), func(tx pgx.Tx) error {
		n, err := exec(ctx, tx, upsertCall, e.Call, e.Live, e.Direction, clean(e.Caller.Number), clean(e.Caller.Name), clean(e.Called), e.Trunk,
			e.Flow.ID, e.Flow.Name, e.Flow.Version, e.Node, e.Started, stamp(e.Answered), stamp(e.Ended), e.AnsweredBy,
			e.Outcome, e.Cause, e.TalkMS, e.Flow.Draft, e.Flow.Test)
		if err != nil || n == 0 {
			return err
		}
		return batch(ctx, tx, steps...)
	})
}

// ledgerSteps replaces the parts of a call.
func ledgerSteps(e call.LedgerEntry) ([]statement, error) {
	steps := []statement{{clearCall, []any{e.Call, e.Live}}}
	for i, p := range e.Path {
		reason, err := json.Marshal(cleanReason(p.Reason))
		if err != nil {
			return nil, err
		}
		steps = append(steps, statement{addPath, []any{e.Call, i, p.Module, p.Name, p.Kind, p.Entered, stamp(p.Left), p.Exit, reason,
			p.Flow.ID, p.Flow.Name, p.Flow.Version}})
	}
	for i, l := range e.Legs {
		media, err := json.Marshal(l.Media)
		if err != nil {
			return nil, err
		}
		steps = append(steps, statement{addLeg, []any{e.Call, i, l.ID, l.Side, l.Node, l.State, clean(l.Party.Number), clean(l.Party.Name),
			l.ContactMethod, l.Trunk, clean(l.Remote), clean(l.SIPCallID), stamp(l.Started), stamp(l.Ringing), stamp(l.Answered),
			stamp(l.Ended), l.Status, l.Cause, media}})
	}
	for i, a := range e.Attempts {
		steps = append(steps, statement{addAttempt, []any{e.Call, i, a.Leg, a.Module, a.ContactMethod, a.Name, clean(a.Binding),
			stamp(a.Started), stamp(a.Ringing), stamp(a.Answered), stamp(a.Ended), a.Status, a.Cause, a.Skipped}})
	}
	return steps, nil
}

// cleanReason makes the facts of a decision fit for jsonb: some are what a
// caller sent.
func cleanReason(r call.Reason) call.Reason {
	out := call.Reason{Code: clean(r.Code), Text: clean(r.Text)}
	for _, f := range r.Facts {
		out.Facts = append(out.Facts, call.Fact{Name: clean(f.Name), Value: clean(f.Value)})
	}
	return out
}

const callColumns = `
	select id, live, direction, caller_number, caller_name, called, trunk, flow_id, flow_name, flow_version, node,
	       started, answered, ended, answered_by, outcome, cause, talk_ms, flow_draft, flow_test`

type callRow struct {
	ID           call.ID
	Live         bool
	Direction    string
	CallerNumber string
	CallerName   string
	Called       string
	Trunk        string
	FlowID       string
	FlowName     string
	FlowVersion  int
	Node         string
	Started      time.Time
	Answered     *time.Time
	Ended        *time.Time
	AnsweredBy   string
	Outcome      string
	Cause        call.Cause
	TalkMS       int64
	FlowDraft    int
	FlowTest     string
}

func (r callRow) entry() call.LedgerEntry {
	return call.LedgerEntry{
		Call: r.ID, Live: r.Live, Direction: r.Direction, Caller: call.Party{Number: r.CallerNumber, Name: r.CallerName},
		Called: r.Called, Trunk: r.Trunk, Node: r.Node,
		Flow:    call.FlowRef{ID: r.FlowID, Name: r.FlowName, Version: r.FlowVersion, Draft: r.FlowDraft, Test: r.FlowTest},
		Started: r.Started.UTC(), Answered: moment(r.Answered), Ended: moment(r.Ended), AnsweredBy: r.AnsweredBy,
		Outcome: r.Outcome, Cause: r.Cause, TalkMS: r.TalkMS,
		Path: []call.PathEntry{}, Legs: []call.Leg{}, Attempts: []call.Attempt{},
	}
}

const oneCall = callColumns + ` from calls where id = $1`

// Ledger reads all that is kept of a call.
func (s *Store) Ledger(ctx context.Context, id call.ID) (call.LedgerEntry, error) {
	var e call.LedgerEntry
	// One snapshot, so that a save in between is seen whole or not at all.
	snapshot := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err := pgx.BeginTxFunc(ctx, s.pool, snapshot, func(tx pgx.Tx) error {
		row, err := one[callRow](ctx, tx, oneCall, id)
		if err != nil {
			return err
		}
		e = row.entry()
		return readParts(ctx, tx, &e)
	})
	if err != nil {
		return call.LedgerEntry{}, fmt.Errorf("call %s: %w", id, err)
	}
	return e, nil
}

const pathOfCall = `
	select module, name, kind, entered, left_at, exit, reason, flow_id, flow_name, flow_version from path_entries where call = $1 order by seq`

const legsOfCall = `
	select id, side, node, state, party_number, party_name, contact_method, trunk, remote, sip_call_id,
	       started, ringing, answered, ended, status, cause, media
	from legs where call = $1 order by seq`

const attemptsOfCall = `
	select leg, module, contact_method, name, binding, started, ringing, answered, ended, status, cause, skipped
	from attempts where call = $1 order by seq`

func readParts(ctx context.Context, q querier, e *call.LedgerEntry) error {
	path, err := all[pathRow](ctx, q, pathOfCall, e.Call)
	if err != nil {
		return err
	}
	legs, err := all[legRow](ctx, q, legsOfCall, e.Call)
	if err != nil {
		return err
	}
	attempts, err := all[attemptRow](ctx, q, attemptsOfCall, e.Call)
	if err != nil {
		return err
	}
	for _, r := range path {
		e.Path = append(e.Path, r.entry())
	}
	for _, r := range legs {
		e.Legs = append(e.Legs, r.leg())
	}
	for _, r := range attempts {
		e.Attempts = append(e.Attempts, r.attempt())
	}
	return nil
}
