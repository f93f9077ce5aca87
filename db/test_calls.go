package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
)

const addTestCall = `
	insert into test_calls (id, flow, revision, content, entry, caller, caller_name, by) values ($1, $2, $3, $4, $5, $6, $7, $8)`

// SaveTestCall keeps a test call before it is placed, with its flow as a publish
// would keep it: what is shelved is left out. It is asked for now, by the
// database's clock. An entry that is not in the flow is refused with ErrInvalid.
func (s *Store) SaveTestCall(ctx context.Context, t directory.TestCall) error {
	f := t.Flow.Published()
	if _, ok := f.Module(t.Entry); !ok {
		return fmt.Errorf("test call of flow %q: %w: there is no module %q to enter by", f.ID, directory.ErrInvalid, t.Entry)
	}
	content, err := json.Marshal(f)
	if err == nil {
		_, err = exec(ctx, s.pool, addTestCall, t.ID, f.ID, t.Revision, content, t.Entry, clean(t.Caller), clean(t.CallerName), t.By)
	}
	if err != nil {
		return fmt.Errorf("test call of flow %q: %w", f.ID, err)
	}
	return nil
}

type testRow struct {
	ID                 string
	Revision           int
	Content            []byte
	Entry              string
	Caller, CallerName string
	By                 string
	At                 time.Time
	Call               call.ID
	Longest            int
	Zone               string
}

const testColumns = ` id, revision, content, entry, caller, caller_name, by, at, coalesce(call, '') as call, ` + ofTheHouse

const oneTestCall = `select` + testColumns + ` from test_calls where id = $1`

// TestCall reads what a test call was asked to be, and which call became of it.
func (s *Store) TestCall(ctx context.Context, id string) (directory.TestCall, error) {
	row, err := one[testRow](ctx, s.pool, oneTestCall, clean(id))
	var f flow.Flow
	if err == nil {
		f, err = row.flow()
	}
	if err != nil {
		return directory.TestCall{}, fmt.Errorf("test call %q: %w", id, err)
	}
	return directory.TestCall{ID: row.ID, Flow: f, Revision: row.Revision, Entry: row.Entry, Caller: row.Caller, CallerName: row.CallerName,
		By: row.By, At: row.At.UTC(), Call: row.Call}, nil
}

func (r testRow) flow() (f flow.Flow, err error) {
	if err = json.Unmarshal(r.Content, &f); err != nil {
		err = fmt.Errorf("its flow: %w", err)
	}
	return f, err
}

const callOfTest = `select coalesce(call, '') from test_calls where id = $1`

// AwaitTestCall waits until a call has taken a test call for its own, and tells
// which.
func (s *Store) AwaitTestCall(ctx context.Context, id string) (call.ID, error) {
	ctx, done := context.WithCancelCause(ctx)
	defer done(nil)
	var taken call.ID
	err := s.watch(ctx, "tandem_test_calls", func(about string) {
		if about != "" && about != id { // without it: this has just begun to listen
			return
		}
		found, err := scalar[call.ID](ctx, s.pool, callOfTest, id)
		switch {
		case errors.Is(err, directory.ErrNotFound):
			done(err)
		case err == nil && found != "":
			taken = found
			done(errTaken)
		}
	})
	if taken != "" {
		return taken, nil
	}
	return "", fmt.Errorf("test call %q: %w", id, err)
}

// errTaken ends a wait that has come to its end.
var errTaken = errors.New("taken")

// takeTestCall gives a test call to the first call that asks in time, and to
// that one again. Two calls that ask at once wait for each other here.
const takeTestCall = `
	update test_calls set call = $2
	where id = $1 and (call = $2 or call is null and at > now() - $3::interval)
	returning` + testColumns

// routeTest leads a test call into its draft.
func (s *Store) routeTest(ctx context.Context, id string, in call.Incoming) (flow.Route, error) {
	row, err := one[testRow](ctx, s.pool, takeTestCall, id, in.Call, directory.TestCallFor)
	if errors.Is(err, directory.ErrNotFound) {
		return flow.Route{Refused: call.CauseForbidden}, nil
	}
	var r flow.Route
	if err == nil {
		err = row.enter(in.At, row.Entry, &r)
	}
	if err != nil {
		return flow.Route{}, fmt.Errorf("route test call %q: %w", id, err)
	}
	entry, _ := r.Revision.Flow.Module(row.Entry) // no other is kept
	r.Number = entry.Called()
	r.Test = &flow.Tested{Caller: call.Party{Number: row.Caller, Name: row.CallerName}, Called: r.Number}
	return r, nil
}

// enter leads a route into the draft by one of its modules.
func (r testRow) enter(at time.Time, module string, route *flow.Route) error {
	f, err := r.flow()
	if err != nil {
		return err
	}
	claimRow{Longest: r.Longest, Zone: r.Zone}.house(at, route)
	route.Revision, route.Entry = &flow.Revision{ID: f.ID, Draft: r.Revision, Test: r.ID, Flow: walked(f)}, module
	return nil
}

// Drafts that a kept call names stay, so that its trace can be drawn.
const pruneTests = `
	delete from test_calls t where t.at < $1 and not exists (select from calls c where c.flow_test = t.id)`
