package db

import (
	"context"
	"fmt"

	"tandem/flow/call"
	"tandem/flow/directory"
)

const notesOfCall = `select id, call, text, by, at from call_notes where call = $1 order by at, id`

// CallNotes lists what people have written about a call, oldest first.
func (s *Store) CallNotes(ctx context.Context, id call.ID) ([]directory.CallNote, error) {
	out, err := all[directory.CallNote](ctx, s.pool, notesOfCall, clean(string(id)))
	if err != nil {
		return nil, fmt.Errorf("notes of call %s: %w", id, err)
	}
	return out, nil
}

const oneNote = `select id, call, text, by, at from call_notes where id = $1`

// CallNote reads one note, or fails with ErrNotFound.
func (s *Store) CallNote(ctx context.Context, id string) (directory.CallNote, error) {
	n, err := one[directory.CallNote](ctx, s.pool, oneNote, clean(id))
	if err != nil {
		return n, fmt.Errorf("note %q: %w", id, err)
	}
	return n, nil
}

const addCallNote = `insert into call_notes (id, call, text, by) values ($1, $2, $3, $4)`

// AddCallNote keeps a note. It gets its time here.
func (s *Store) AddCallNote(ctx context.Context, n directory.CallNote) error {
	if _, err := exec(ctx, s.pool, addCallNote, n.ID, n.Call, clean(n.Text), n.By); err != nil {
		return fmt.Errorf("note of call %s: %w", n.Call, err)
	}
	return nil
}

const (
	resolveCall = `insert into resolved_calls (call, by) values ($1, $2) on conflict (call) do nothing`
	reopenCall  = `delete from resolved_calls where call = $1`
)

// ResolveCall marks a call as taken care of; who did it first stays.
func (s *Store) ResolveCall(ctx context.Context, id call.ID, by string) error {
	if _, err := exec(ctx, s.pool, resolveCall, id, by); err != nil {
		return fmt.Errorf("resolve call %s: %w", id, err)
	}
	return nil
}

// ReopenCall takes that mark away.
func (s *Store) ReopenCall(ctx context.Context, id call.ID) error {
	if _, err := exec(ctx, s.pool, reopenCall, id); err != nil {
		return fmt.Errorf("reopen call %s: %w", id, err)
	}
	return nil
}

const marksOfCalls = `
	select coalesce(n.call, r.call) as call, coalesce(n.notes, 0)::int as notes, coalesce(r.by, '') as resolved_by, r.at as resolved_at
	from (select call, count(*) as notes from call_notes where call = any($1) group by call) n
	full join (select call, by, at from resolved_calls where call = any($1)) r on r.call = n.call`

// CallMarks tells of some calls what people have done to them; those that
// nobody has touched are left out.
func (s *Store) CallMarks(ctx context.Context, ids []call.ID) (map[call.ID]directory.CallMarks, error) {
	rows, err := all[directory.CallMarks](ctx, s.pool, marksOfCalls, ids)
	if err != nil {
		return nil, fmt.Errorf("marks of calls: %w", err)
	}
	out := make(map[call.ID]directory.CallMarks, len(rows))
	for _, r := range rows {
		out[r.Call] = r
	}
	return out, nil
}

// What is left of calls that history has forgotten.
const (
	pruneNotes    = `delete from call_notes n where at < $1 and not exists (select from calls c where c.id = n.call)`
	pruneResolved = `delete from resolved_calls r where at < $1 and not exists (select from calls c where c.id = r.call)`
)
